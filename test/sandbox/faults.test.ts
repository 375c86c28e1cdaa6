import type { Fault } from '../../sandbox/faults';
import type { Sandbox } from '../../sandbox/server';
import { createSandbox } from '../../sandbox/server';
import type { Reply } from './helpers';
import { basic, Client, withToken } from './helpers';

describe('faults', () => {
	let sandbox: Sandbox;
	let client: Client;

	beforeEach(async () => {
		sandbox = await createSandbox();
		client = new Client(sandbox);
	});
	afterEach(async () => await sandbox.close());

	const add = (fault: Fault) => sandbox.faults.add({ fault });
	/** The reply, or `lost` when there is none within a moment. */
	const attempt = async (): Promise<Reply | 'lost' | 'hangs'> => {
		const call = client.issue(868760).catch(() => 'lost' as const);
		const patience = new Promise<'hangs'>((resolve) => {
			AbortSignal.timeout(200).addEventListener('abort', () => resolve('hangs'));
		});
		return await Promise.race([call, patience]);
	};
	const lastCall = () => sandbox.calls[sandbox.calls.length - 1];

	it('latency', async () => {
		add({ kind: 'latency', ms: 40 });
		add({ kind: 'latency', ms: 40 });
		const before = Date.now();
		expect((await client.issue(868760)).status).toBe(200);
		expect(Date.now() - before).toBeGreaterThanOrEqual(75);
	});

	it.each([
		[{ kind: 'rateLimited' }, null, /errors/],
		[{ kind: 'rateLimited', retryAfter: 7 }, '7', /errors/],
		[{ kind: 'rateLimited', retryAfter: 'soon', body: 'html' }, 'soon', /<html>/],
		[{ kind: 'rateLimited', body: 'empty' }, null, /^$/],
	] as Array<[Fault, string | null, RegExp]>)('%j', async (fault, retryAfter, text) => {
		add(fault);
		const reply = await client.issue(868760);
		expect(reply.status).toBe(429);
		expect(reply.headers.get('retry-after')).toBe(retryAfter);
		expect(reply.text).toMatch(text);
		expect(sandbox.ledger).toHaveLength(0);
	});

	it.each([
		[{ kind: 'status', status: 503 }, 'application/json', /"code":503/],
		[{ kind: 'status', status: 500, body: 'xml' }, 'application/xml', /<code>500<\/code>/],
		[{ kind: 'status', status: 502, body: 'html' }, 'text/html', /Bad Gateway/],
		[{ kind: 'status', status: 504, body: 'empty' }, 'text/plain', /^$/],
		[{ kind: 'status', status: 500, body: 'boom' }, 'text/plain', /^boom$/],
		[{ kind: 'status', status: 400, body: { a: 1 } }, 'application/json', /^{"a":1}$/],
	] as Array<[Fault & { status: number }, string, RegExp]>)('%j', async (fault, type, text) => {
		add(fault);
		const reply = await client.issue(868760);
		expect(reply.status).toBe(fault.status);
		expect(reply.headers.get('content-type')).toContain(type);
		expect(reply.text).toMatch(text);
		expect(sandbox.ledger).toHaveLength(0);
		expect(lastCall()).toMatchObject({ outcome: 'fault:status', workDone: false });
	});

	it('a status after the work', async () => {
		add({ kind: 'status', status: 504, body: 'html', afterWork: true });
		expect((await client.issue(868760)).status).toBe(504);
		expect(sandbox.ledger).toHaveLength(1);
		expect(lastCall()).toMatchObject({ outcome: 'fault:status', workDone: true });
	});

	it.each([
		['401', 401, /"code":401/],
		['401xml', 401, /<code>401<\/code>/],
		['498', 498, /"code":498/],
		['body401', 200, /"errors":\[{"status":false,"code":401/],
		['body498', 200, /"errors":\[{"status":false,"code":498/],
		['v11body401', 200, /"response":{"status":{"success":"true","code":"401"/],
		['v11body498', 200, /"response":{"status":{"success":"true","code":"498"/],
	] as const)('an expired token as %s', async (as, status, text) => {
		add({ kind: 'expiredToken', as });
		const reply = await client.issue(868760);
		expect(reply.status).toBe(status);
		expect(reply.text).toMatch(text);
		expect(sandbox.ledger).toHaveLength(0);
	});

	it('an expired token that really is worthless', async () => {
		const byToken = withToken(sandbox, await client.token());
		sandbox.faults.add({
			match: { count: 1 },
			fault: { kind: 'expiredToken', as: '498', revoke: true },
		});
		expect((await byToken.issue(868760)).status).toBe(498);
		expect((await byToken.issue(868760)).status).toBe(401);
	});

	it.each([
		['lostBefore', 'lost', 0],
		['lostAfter', 'lost', 1],
		['hang', 'hangs', 0],
		['hangAfter', 'hangs', 1],
	] as const)('%s', async (kind, result, issued) => {
		add({ kind });
		expect(await attempt()).toBe(result);
		expect(sandbox.ledger).toHaveLength(issued);
		expect(lastCall()).toMatchObject({
			status: null,
			outcome: `fault:${kind}`,
			workDone: issued === 1,
		});
		expect(sandbox.stats.open).toBe(result === 'hangs' ? 1 : 0);
	});

	it('truncated', async () => {
		add({ kind: 'truncated' });
		expect(await attempt()).toBe('lost');
		expect(sandbox.ledger).toHaveLength(1);
		sandbox.faults.clear();
		add({ kind: 'truncated', cleanEnd: true });
		const reply = await client.issue(868760);
		expect(reply.status).toBe(200);
		expect(() => JSON.parse(reply.text) as unknown).toThrow();
		expect(sandbox.ledger).toHaveLength(2);
	});

	it('raw', async () => {
		const headers = { location: 'http://elsewhere.example/' };
		add({ kind: 'raw', status: 302, headers });
		const redirect = await client.issue(868760);
		expect([redirect.status, redirect.headers.get('location')]).toEqual([302, headers.location]);
		sandbox.faults.clear();
		add({ kind: 'raw', status: 200, body: '{"__proto__":{"x":1}}', afterWork: true });
		expect((await client.issue(868760)).text).toBe('{"__proto__":{"x":1}}');
		expect(sandbox.ledger).toHaveLength(1);
	});

	it('after-work faults leave refused calls alone', async () => {
		add({ kind: 'lostAfter' });
		expect((await new Client(sandbox, {}).issue(868760)).status).toBe(401);
	});

	describe('which calls they hit', () => {
		const fault: Fault = { kind: 'status', status: 503 };
		const issues = async (times: number) => {
			const found: number[] = [];
			for (let i = 0; i < times; i++) found.push((await client.issue(868760)).status);
			return found;
		};

		it('by number', async () => {
			sandbox.faults.add({ match: { nth: 2 }, fault });
			sandbox.faults.add({ match: { nth: [3, 4] }, fault: { kind: 'status', status: 500 } });
			// The second call ends at the first rule, so the second rule does not count it.
			expect(await issues(5)).toEqual([200, 503, 200, 500, 500]);
		});

		it('by count', async () => {
			const rule = sandbox.faults.add({ match: { count: 2 }, fault });
			expect(await issues(4)).toEqual([503, 503, 200, 200]);
			expect([rule.seen, rule.hits]).toEqual([4, 2]);
		});

		it('by path, method and customer', async () => {
			sandbox.faults.add({ match: { path: '/v2/coupon' }, fault });
			sandbox.faults.add({ match: { path: /^\/v1\.1\// }, fault });
			sandbox.faults.add({ match: { customer: '9988776655', method: 'post' }, fault });
			expect((await client.get('/v2/coupon?couponCodes=A')).status).toBe(503);
			expect((await client.get('/v1.1/coupon/series')).status).toBe(503);
			expect((await client.issue(868760)).status).toBe(200);
			expect((await client.issue(868760, { mobile: '9988776655' })).status).toBe(503);
			sandbox.faults.clear();
			expect((await client.issue(868760, { mobile: '9988776655' })).status).toBe(200);
		});

		it('also the token call', async () => {
			sandbox.faults.add({ match: { path: '/v3/oauth/token/generate', nth: 1 }, fault });
			expect(await client.token()).toBe('undefined');
			expect(await client.token()).toMatch(/^ey/);
		});

		it('says so when a kind does not exist', () => {
			expect(() => add({ kind: 'nonsense' } as unknown as Fault)).toThrow(/lostBefore/);
		});
	});

	it('notes callers that go away, and works on', async () => {
		sandbox.configure({ latencyMs: 100 });
		const caller = new AbortController();
		const gone = fetch(`${sandbox.url}/v2/coupon/issue`, {
			method: 'POST',
			body: JSON.stringify({ seriesId: 868760, customer: { id: 98662653 } }),
			headers: { ...basic('sandbox.till', 'loopback-only'), 'content-type': 'application/json' },
			signal: caller.signal,
		});
		while (sandbox.calls.length === 0) await client.get('/__sandbox');
		caller.abort();
		await expect(gone).rejects.toThrow();
		await client.issue(868760);
		expect(sandbox.calls[0]).toMatchObject({ callerGone: true, status: null, workDone: true });
		expect(sandbox.ledger).toHaveLength(2);
	});

	it('closes at once while calls wait', async () => {
		add({ kind: 'latency', ms: 60_000 });
		const waiting = client.issue(868760).catch(() => 'lost');
		while (sandbox.calls.length === 0) await client.get('/__sandbox');
		await sandbox.close();
		expect(await waiting).toBe('lost');
	});
});
