import type { IExecuteSingleFunctions } from 'n8n-workflow';

import type * as Internals from '../nodes/shared/client/internals';
import { GOOD, jsonOf, linksOf, useServer } from './support/useServer';

/** What each use of n8n-core beyond its interface for nodes falls back to, through the real engine. */
const internals = jest.requireActual<typeof Internals>('../dist/nodes/shared/client/internals');
const { inputItems, credentialStore } = internals;

const server = useServer();
const CUSTOMERS = [{ mobile: '1' }, { mobile: '2' }, { mobile: '3' }];
const ISSUE = { ...GOOD.issue, mobile: '={{ $json.mobile }}' };

beforeEach(() => {
	server.answer(({ body }) => ({
		body:
			body.customer.mobile === '2'
				? { errors: [{ code: 701, message: 'no such customer' }] }
				: { code: `C${body.customer.mobile}`, seriesId: 1 },
	}));
});
afterEach(() => jest.restoreAllMocks());

/** The context as another version of n8n might have it. */
function without(context: IExecuteSingleFunctions, missing: string): IExecuteSingleFunctions {
	return new Proxy(context, {
		get: (target, name) => (name === missing ? undefined : Reflect.get(target, name, target)),
	});
}

/** What comes out of both outputs. */
async function run(onError: string) {
	const { items, errors } = await server.run(ISSUE, CUSTOMERS, { onError });
	return [items, errors].map((list) => ({ json: jsonOf(list), links: linksOf(list) }));
}

describe.each(['continueRegularOutput', 'continueErrorOutput'])('with On Error = %s', (onError) => {
	it.each([
		[
			"without the context's input data",
			() =>
				jest
					.spyOn(internals, 'inputItems')
					.mockImplementation((context) => inputItems(without(context, 'inputData'))),
		],
		...['additionalData', 'mode'].map((missing): [string, () => jest.SpyInstance] => [
			`without its ${missing}, when n8n reads the credential for each call,`,
			() =>
				jest
					.spyOn(internals, 'credentialStore')
					.mockImplementation((context) => credentialStore(without(context, missing))),
		]),
	])('%s all is as before', async (_, hide) => {
		const before = await run(onError);
		const hidden = hide();

		expect(await run(onError)).toEqual(before);
		// Else this would show nothing.
		expect(hidden).toHaveBeenCalled();
		expect(server.calls).toHaveLength(2 * CUSTOMERS.length);
	});
});

it("without the mark of older n8n on an error item, this n8n's error output is as before", async () => {
	const before = await run('continueErrorOutput');
	const mark = jest.spyOn(internals, 'markAsError').mockImplementation((item) => item);

	expect(await run('continueErrorOutput')).toEqual(before);
	expect(mark).toHaveBeenCalledTimes(1);
});

it('older n8n takes the mark away, and finds an item like any other', () => {
	const item = internals.markAsError({ json: { error: 'no such customer' } }, 'no such customer');
	expect(item.error).toBeInstanceOf(Error);

	item.error = undefined;

	expect(item.error).toBeUndefined();
	expect({ ...item }).toEqual({ json: { error: 'no such customer' } });
});
