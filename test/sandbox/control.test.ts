import { createSandbox } from '../../sandbox/server';
import { at, Client, json, useSandbox } from './helpers';

describe('control over HTTP', () => {
	const { sandbox, client } = useSandbox({ timezone: '+05:30' });
	/** Without credentials: the switches need none. */
	const control = new Client(sandbox, {});

	const clear = async () => await fetch(`${sandbox.url}/__sandbox/faults`, { method: 'DELETE' });

	it('adds and clears faults', async () => {
		const added = await control.post('/__sandbox/faults', [
			{ match: { pathPattern: '^/v2/' }, fault: { kind: 'status', status: 503 } },
			{ match: { path: '/v1.1/coupon/series' }, fault: { kind: 'rateLimited', retryAfter: 1 } },
		]);
		expect(json(added)).toEqual({ added: 2 });
		expect((await client.issue(868760)).status).toBe(503);
		expect((await client.get('/v1.1/coupon/series')).status).toBe(429);
		expect(at(await control.get('/__sandbox/faults'), 'faults.0.hits')).toBe(1);
		await clear();
		expect((await client.issue(868760)).status).toBe(200);
	});

	it('tells mistakes', async () => {
		const fault = await control.post('/__sandbox/faults', { fault: { kind: 'nonsense' } });
		expect([fault.status, at(fault, 'error')]).toEqual([400, expect.stringMatching(/lostAfter/)]);
		const setting = await control.post('/__sandbox/settings', { latencyMS: 5 });
		expect([setting.status, at(setting, 'error')]).toEqual([
			400,
			expect.stringMatching(/latencyMs/),
		]);
		expect((await control.post('/__sandbox/settings', { timezone: 'IST' })).status).toBe(400);
		expect((await control.post('/__sandbox/redeem', { code: 'NOPE' })).status).toBe(404);
	});

	it('lists ledger, calls and counters in pages', async () => {
		await client.issueMany(868760, 3);
		await client.get('/v2/nothing');
		const ledger = await control.get('/__sandbox/ledger?from=1&limit=1');
		expect(json(ledger)).toMatchObject({ total: 3, from: 1 });
		expect(at(ledger, 'coupons.0.code')).toBe(sandbox.ledger[1]?.code);
		const calls = await control.get('/__sandbox/calls?limit=1');
		expect(json(calls)).toMatchObject({ total: 2, from: 1 });
		expect(at(calls, 'calls.0')).toMatchObject({ path: '/v2/nothing', status: 404 });
		expect(at(calls, 'calls.0.headers')).toBeUndefined();
		const full = await control.get('/__sandbox/calls?headers=true&from=0');
		expect(at(full, 'calls.0.headers.authorization')).toMatch(/^Basic /);
		expect(json(await control.get('/__sandbox/stats'))).toMatchObject({
			calls: 2,
			tokenCalls: 0,
			open: 0,
			maxOpen: 1,
			maxOpenPerCustomer: 1,
			byStatus: { 200: 1, 404: 1 },
			byOutcome: { ok: 1, notFound: 1 },
			issued: 3,
			redeemed: 0,
			revoked: 0,
		});
	});

	it('redeems', async () => {
		const code = at(await client.issue(868760), 'code');
		const reply = await control.post('/__sandbox/redeem', { code, transactionNumber: 'T1' });
		expect(json(reply)).toMatchObject({ transactionNumber: 'T1', store: { code: 'store_002' } });
		expect(sandbox.ledger[0]?.redemptions).toHaveLength(1);
		const coupons = await client.get('/v1.1/customer/coupons?mobile=1234512345&status=redeemed');
		expect(at(coupons, 'response.pagination.total')).toBe(1);
	});

	it('lets coupons expire, and gives coupons that no call has issued', async () => {
		const code = at(await client.issue(868760, { id: 345635529 }), 'code');
		await control.post('/__sandbox/expire', { code, lastDay: '2024-02-29' });
		const given = await control.post('/__sandbox/coupons', {
			customer: { email: 'lena.weber@example.com' },
			seriesId: 544770,
			count: 3,
			metadata: { sourceId: 'J-1' },
		});
		expect(at(given, 'given')).toBe(3);
		const list = async (status: string) => {
			const reply = await client.get(`/v1.1/customer/coupons?id=345635529&status=${status}`);
			return at(reply, 'response.pagination.total');
		};
		expect([await list('expired'), await list('active')]).toEqual([1, 3]);
		const details = await client.get(
			`/v2/coupon?couponCodes=${at(given, 'coupons.0.code')}&includeIssualDetails=true`,
		);
		expect(at(details, 'data.0.couponIssualDetails')).toEqual({ sourceId: 'J-1' });
		expect(sandbox.ledger).toHaveLength(1);
		const unknown = await control.post('/__sandbox/coupons', { customer: {}, seriesId: 1 });
		expect(unknown.status).toBe(404);
	});

	it('changes settings, revokes tokens, and resets to how it started', async () => {
		await control.post('/__sandbox/settings', { timezone: 'UTC', latencyMs: 1 });
		await client.token();
		expect(json(await control.post('/__sandbox/revoke-token', {}))).toEqual({ revoked: 1 });
		expect(at(await client.issue(868760), 'validTill')).toBe('2036-06-11T00:00:00Z');
		await control.post('/__sandbox/faults', { fault: { kind: 'hang' } });
		await control.post('/__sandbox/reset', {});
		expect(sandbox.ledger).toHaveLength(0);
		expect(sandbox.calls).toHaveLength(0);
		expect(sandbox.settings.latencyMs).toBe(0);
		expect(at(await client.issue(868760), 'validTill')).toBe('2036-06-11T05:30:00+05:30');
	});

	it('tells what there is', async () => {
		expect(json(await control.get('/__sandbox'))).toMatchObject({
			url: sandbox.url,
			credentials: sandbox.credentials,
			settings: { timezone: '+05:30' },
		});
	});

	it('keeps a bounded number of calls, numbered on', async () => {
		const small = await createSandbox({ keepCalls: 10 });
		const caller = new Client(small);
		for (let i = 0; i < 30; i++) await caller.get('/v2/coupon?couponCodes=6WRNA5UM');
		expect(small.stats.calls).toBe(30);
		expect(small.calls.length).toBeLessThan(12);
		expect(small.calls[small.calls.length - 1]?.index).toBe(29);
		await small.close();
	});
});
