import type { IExecuteSingleFunctions } from 'n8n-workflow';

import * as internals from '../dist/nodes/shared/client/internals';
import { GOOD, jsonOf, linksOf, useServer } from './support/useServer';

/** What each use of n8n-core beyond its interface for nodes falls back to, through the real engine. */
const server = useServer();
const CUSTOMERS = [{ mobile: '1' }, { mobile: '2' }, { mobile: '3' }];
const ISSUE = { ...GOOD.issue, mobile: '={{ $json.mobile }}' };

/** The context as another version of n8n might have it. */
function without(context: IExecuteSingleFunctions, ...missing: string[]): IExecuteSingleFunctions {
	return new Proxy(context, {
		get: (target, name) =>
			missing.includes(String(name)) ? undefined : Reflect.get(target, name, target),
	});
}

const original = { ...internals };
let asked = 0;
beforeEach(() => {
	asked = 0;
	server.answer(({ body }) => ({
		body:
			body.customer.mobile === '2'
				? { errors: [{ code: 701, message: 'no such customer' }] }
				: { code: `C${body.customer.mobile}`, seriesId: 1 },
	}));
});
afterEach(() => jest.restoreAllMocks());

/** What comes out of both outputs, and the login of each call. */
async function run(onError: string) {
	const { items, errors } = await server.run(ISSUE, CUSTOMERS, { onError });
	const of = (list: typeof items) => ({ json: jsonOf(list), links: linksOf(list) });
	return { items: of(items), errors: of(errors), logins: loginsOf() };
}

function loginsOf() {
	return new Set(server.calls.map(({ headers }) => headers.authorization));
}

describe.each(['continueRegularOutput', 'continueErrorOutput'])('with On Error = %s', (onError) => {
	it.each([
		[
			"without the context's input data, all is as before",
			'inputItems' as const,
			(context: IExecuteSingleFunctions) => original.inputItems(without(context, 'inputData')),
		],
		[
			'without additional data, n8n reads the credential for each call',
			'credentialStore' as const,
			(context: IExecuteSingleFunctions) =>
				original.credentialStore(without(context, 'additionalData')),
		],
		[
			'without the mode, n8n reads the credential for each call',
			'credentialStore' as const,
			(context: IExecuteSingleFunctions) => original.credentialStore(without(context, 'mode')),
		],
		[
			'without the mark of older n8n on an error item, all is as before',
			'markAsError' as const,
			((item: unknown) => item) as never,
		],
	])('%s', async (_, name, fallback: never) => {
		const expected = await run(onError);
		server.calls.splice(0);
		jest.spyOn(internals, name).mockImplementation(((...given: never[]) => {
			asked += 1;
			return (fallback as (...given: never[]) => unknown)(...given);
		}) as never);

		expect(await run(onError)).toEqual(expected);
		// Else this would show nothing.
		if (name !== 'markAsError' || onError === 'continueErrorOutput')
			expect(asked).toBeGreaterThan(0);
	});
});
