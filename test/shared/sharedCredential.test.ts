import type { IExecuteSingleFunctions } from 'n8n-workflow';

import { SharedCredential } from '../../nodes/shared/client/SharedCredential';

beforeEach(() => jest.useFakeTimers({ now: 1_000_000 }));
afterEach(() => jest.useRealTimers());

/** An item's context, and what the credential's store was asked for. */
function itemOf(fields: Record<string, unknown>) {
	const reads = { raw: 0, resolved: 0 };
	const getDecrypted = async () => {
		reads.raw += 1;
		return fields;
	};
	const context = {
		additionalData: { credentialsHelper: { getDecrypted } },
		mode: 'trigger',
		getNode: () => ({ credentials: { capillaryApi: { id: '1', name: 'Capillary' } } }),
		getExecuteData: () => ({}),
		getCredentials: async () => {
			reads.resolved += 1;
			return { ...fields };
		},
	};
	return { context: context as unknown as IExecuteSingleFunctions, reads };
}

describe('SharedCredential', () => {
	it('leaves the first call of a run to n8n, and reads once for all others', async () => {
		const { context, reads } = itemOf({ host: 'a' });
		const shared = new SharedCredential();
		const given = await Promise.all([1, 2, 3, 4].map(async () => await shared.forCall(context)));

		const [first, ...others] = given.map((options) => options?.credentialsDecrypted?.data);
		expect(first).toBeUndefined();
		expect(others).toEqual([{ host: 'a' }, { host: 'a' }, { host: 'a' }]);
		expect(reads).toEqual({ raw: 1, resolved: 1 });
	});

	it('gives each call a copy, since a call notes its token in it', async () => {
		const { context } = itemOf({ accessToken: '' });
		const shared = new SharedCredential();
		await shared.forCall(context);
		const one = (await shared.forCall(context))?.credentialsDecrypted?.data;
		Object.assign(one ?? {}, { accessToken: 'mine' });

		const other = (await shared.forCall(context))?.credentialsDecrypted?.data;
		expect(other).toEqual({ accessToken: '' });
	});

	it('reads again after a second: a credential that was changed counts', async () => {
		const fields = { host: 'a' };
		const { context } = itemOf(fields);
		const shared = new SharedCredential();
		await shared.forCall(context);
		await shared.forCall(context);
		fields.host = 'b';
		jest.setSystemTime(1_001_001);

		expect((await shared.forCall(context))?.credentialsDecrypted?.data).toEqual({ host: 'b' });
	});

	it('leaves all calls to n8n when a field is an expression', async () => {
		const { context, reads } = itemOf({ host: 'a', username: '={{ $json.till }}' });
		const shared = new SharedCredential();
		for (let call = 0; call < 3; call += 1) {
			expect(await shared.forCall(context)).toBeUndefined();
		}
		expect(reads.resolved).toBe(0);
	});

	it.each([
		['holds nothing beside its interface', { additionalData: undefined }],
		[
			'cannot read it',
			{
				getCredentials: async () => {
					throw new Error('gone');
				},
			},
		],
	])('leaves all calls to n8n when n8n %s', async (_, other) => {
		const { context } = itemOf({ host: 'a' });
		const shared = new SharedCredential();
		for (let call = 0; call < 3; call += 1) {
			expect(await shared.forCall({ ...context, ...other } as never)).toBeUndefined();
		}
	});
});
