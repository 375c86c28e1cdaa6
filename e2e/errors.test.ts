import type { OnError } from 'n8n-workflow';

import { runNode } from './lib/runs.cts';
import { issueTo, series } from './lib/workflow.cts';
import { world } from './lib/world.cts';

const { client, credentials, sandbox } = world();

const KNOWN = { mobile: '918028464628', note: 'known' };
const OTHER = { mobile: '1234512345', note: 'other' };
const UNKNOWN = { mobile: '910000000000', note: 'unknown' };
const LIMITED_SERIES = 318901;

const issue = { ...issueTo('={{ $json.mobile }}'), options: { maxConcurrent: 1 } };
const limited = {
	...issue,
	operation: 'issueMultiple',
	count: 5,
	seriesId: series(LIMITED_SERIES),
};

async function run(items: Array<typeof KNOWN>, onError: OnError, parameters: object = issue) {
	return await runNode(client, {
		parameters,
		credential: credentials.basic,
		items,
		settings: { onError },
	});
}

beforeEach(sandbox.reset);

describe('On Error = Stop Workflow', () => {
	it('stops at the item that failed and tells what was issued before', async () => {
		const { status, error } = await run([KNOWN, UNKNOWN, OTHER], 'stopWorkflow');

		const [coupon, ...more] = await sandbox.ledger();
		expect(status).toBe(500);
		expect(more).toEqual([]);
		expect(error?.message).toMatch(/customer.*701/i);
		expect(error?.context).toMatchObject({
			itemIndex: 1,
			data: { issued: [{ itemIndex: 0, codes: [coupon?.code] }] },
		});
	});

	it('gives what there is of a partial success', async () => {
		const { error, main } = await run([KNOWN], 'stopWorkflow', limited);

		const codes = (await sandbox.ledger()).map(({ code }) => code);
		expect(error).toBeUndefined();
		expect(main.map(({ json }) => json.code)).toEqual(codes);
		expect(main[0]?.json).toMatchObject({ successCount: 3, failureCount: 2 });
		expect(main[0]?.json['errors']).toEqual([{ code: 5001, message: expect.any(String) }]);
	});
});

describe('On Error = Continue', () => {
	it('gives an error item in the place of the item that failed', async () => {
		const { status, main } = await run([KNOWN, UNKNOWN, OTHER], 'continueRegularOutput');

		expect(status).toBe(200);
		expect(await sandbox.ledger()).toHaveLength(2);
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
		const { main, failed } = await run([KNOWN], 'continueErrorOutput', limited);

		expect(main).toHaveLength(3);
		expect(failed).toHaveLength(1);
		expect(failed[0]?.json['details']).toMatchObject({ outcome: 'partial', code: 5001 });
	});

	it('sends nothing for bad input and names the parameter', async () => {
		const { failed } = await run([{ ...KNOWN, mobile: ' ' }], 'continueErrorOutput');

		expect(await sandbox.calls()).toEqual([]);
		expect(failed[0]?.json).toMatchObject({
			error: expect.stringContaining('Mobile Number'),
			details: { outcome: 'notSent' },
		});
	});

	it('does not send a call again whose answer was lost, and tells the newest coupons', async () => {
		await sandbox.fault({ kind: 'lostAfter' });
		const { failed } = await run([KNOWN], 'continueErrorOutput');

		const issued = await sandbox.ledger();
		expect((await sandbox.calls()).map(({ method }) => method)).toEqual(['POST', 'GET']);
		expect(issued).toHaveLength(1);
		expect(failed[0]?.json['details']).toMatchObject({ outcome: 'unknown' });
		expect(JSON.stringify(failed[0]?.json['details'])).toContain(issued[0]?.code);
	});

	it('waits a rate limit out', async () => {
		await sandbox.fault({ kind: 'rateLimited', retryAfter: 1 });
		const { main, failed } = await run([KNOWN, OTHER], 'continueErrorOutput');

		expect(failed).toEqual([]);
		expect(main).toHaveLength(2);
		expect(await sandbox.ledger()).toHaveLength(2);
	});
});

describe('Retry On Fail', () => {
	it('does not issue again what was issued', async () => {
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };
		const items = [KNOWN, OTHER, UNKNOWN];
		const request = { parameters: issue, credential: credentials.basic, items, settings };
		const { error } = await runNode(client, request);

		expect(error?.context['itemIndex']).toBe(2);
		expect(await sandbox.ledger()).toHaveLength(2);
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
	const token = (await sandbox.calls()).at(-1)?.headers['x-cap-api-oauth-token'];
	expect(failed).toHaveLength(1);
	expect(token).toMatch(/^\S+$/);
	expect(shown).not.toContain(token);
	expect(shown).not.toContain('loopback-only');
});
