import { runNode } from './lib/flow';
import { world } from './lib/world';

const { client, credentials, sandbox } = world();

const KNOWN = { mobile: '918028464628', note: 'known' };
const OTHER = { mobile: '1234512345', note: 'other' };
const UNKNOWN = { mobile: '910000000000', note: 'unknown' };
const LIMITED_SERIES = 318901;

const issue = {
	operation: 'issue',
	seriesId: { __rl: true, mode: 'id', value: '868760' },
	customerIdentifierType: 'mobile',
	customerIdentifier: '={{ $json.mobile }}',
	options: { maxConcurrent: 1 },
};

async function run(items: Array<typeof KNOWN>, onError: string, parameters: object = issue) {
	return await runNode(client, {
		parameters: { ...parameters },
		credential: credentials.basic,
		items,
		settings: { onError },
	});
}

async function ledger() {
	return (await sandbox.control('GET', '/ledger')).coupons;
}

async function fault(given: object) {
	const match = { path: '/v2/coupon/issue', count: 1 };
	await sandbox.control('POST', '/faults', { match, fault: given });
}

beforeEach(async () => await sandbox.control('POST', '/reset'));

describe('On Error = Stop Workflow', () => {
	it('stops at the item that failed and tells what was issued before', async () => {
		const { status, error } = await run([KNOWN, UNKNOWN, OTHER], 'stopWorkflow');

		const [coupon, ...more] = await ledger();
		expect(status).toBe(500);
		expect(more).toEqual([]);
		expect(error.message).toMatch(/customer/i);
		expect(error.message).toContain('701');
		expect(error.context.itemIndex).toBe(1);
		expect(error.context.data.issued).toEqual([{ itemIndex: 0, codes: [coupon.code] }]);
	});

	it('gives what there is of a partial success', async () => {
		const several = { ...issue, operation: 'issueMultiple', count: 5 };
		const limited = { seriesId: { __rl: true, mode: 'id', value: String(LIMITED_SERIES) } };
		const { error, main } = await run([KNOWN], 'stopWorkflow', { ...several, ...limited });

		const codes = (await ledger()).map(({ code }: { code: string }) => code);
		expect(error).toBeUndefined();
		expect(main.map(({ json }) => json.code)).toEqual(codes);
		expect(main[0]?.json).toMatchObject({ totalCount: 5, successCount: 3, failureCount: 2 });
		expect(main[0]?.json.errors).toEqual([{ code: 5001, message: expect.any(String) }]);
	});
});

describe('On Error = Continue', () => {
	it('gives an error item in the place of the item that failed', async () => {
		const { status, main } = await run([KNOWN, UNKNOWN, OTHER], 'continueRegularOutput');

		expect(status).toBe(200);
		expect(await ledger()).toHaveLength(2);
		expect(main.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(main[1]?.json).toMatchObject({
			error: expect.stringMatching(/customer/i),
			details: { code: 701, apiMessage: expect.any(String), httpStatus: 200, outcome: 'refused' },
		});
	});
});

describe('On Error = Continue (using error output)', () => {
	it("sends the failed item there, with the input's fields and its link", async () => {
		const { main, failed } = await run([KNOWN, UNKNOWN, OTHER], 'continueErrorOutput');

		expect(main.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
		expect(failed).toHaveLength(1);
		expect(failed[0]?.pairedItem).toEqual({ item: 1 });
		expect(failed[0]?.json).toMatchObject({
			...UNKNOWN,
			error: expect.stringMatching(/customer/i),
			details: { code: 701, outcome: 'refused' },
		});
	});

	it('tells a partial success beside the coupons that were issued', async () => {
		const several = { ...issue, operation: 'issueMultiple', count: 5 };
		const limited = { seriesId: { __rl: true, mode: 'id', value: String(LIMITED_SERIES) } };
		const parameters = { ...several, ...limited };
		const { main, failed } = await run([KNOWN], 'continueErrorOutput', parameters);

		expect(main).toHaveLength(3);
		expect(failed).toHaveLength(1);
		expect(failed[0]?.json.details).toMatchObject({ outcome: 'partial', code: 5001 });
	});

	it('sends nothing for bad input and names the parameter', async () => {
		const { failed } = await run([{ ...KNOWN, mobile: ' ' }], 'continueErrorOutput');

		const { total } = await sandbox.control('GET', '/calls');
		expect(total).toBe(0);
		expect(failed[0]?.json.error).toContain('Customer Identifier');
		expect(failed[0]?.json.details.outcome).toBe('notSent');
	});

	it('does not send a call again whose answer was lost', async () => {
		await fault({ kind: 'lostAfter' });
		const { failed } = await run([KNOWN], 'continueErrorOutput');

		const { total } = await sandbox.control('GET', '/calls');
		expect(total).toBe(1);
		expect(await ledger()).toHaveLength(1);
		expect(failed[0]?.json.details.outcome).toBe('unknown');
	});

	it('waits a rate limit out', async () => {
		await fault({ kind: 'rateLimited', retryAfter: 1 });
		const { main, failed } = await run([KNOWN, OTHER], 'continueErrorOutput');

		expect(failed).toEqual([]);
		expect(main).toHaveLength(2);
		expect(await ledger()).toHaveLength(2);
	});
});

describe('Retry On Fail', () => {
	it('does not issue again what was issued', async () => {
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };
		const items = [KNOWN, OTHER, UNKNOWN];
		const request = { parameters: issue, credential: credentials.basic, items, settings };
		const { error } = await runNode(client, request);

		expect(error.context.itemIndex).toBe(2);
		expect(await ledger()).toHaveLength(2);
	});
});

it('shows no secret in an execution', async () => {
	const { execution, failed } = await runNode(client, {
		parameters: issue,
		credential: credentials.oauth,
		items: [UNKNOWN],
		settings: { onError: 'continueErrorOutput' },
	});

	const shown = JSON.stringify(execution);
	const all = (await sandbox.control('GET', '/calls?headers=true')).calls;
	const token = all.at(-1).headers['x-cap-api-oauth-token'];
	expect(failed).toHaveLength(1);
	expect(token).toMatch(/^\S+$/);
	expect(shown).not.toContain(token);
	expect(shown).not.toContain('loopback-only');
});
