import type { Fault } from '../../sandbox/faults';
import { at, Client, errorCode, json, useSandbox, withToken } from './helpers';

describe('faults', () => {
	const { sandbox, client } = useSandbox();

	const add = (fault: Fault) => sandbox.faults.add({ fault });
	/** An issue call that can be given up, and its end: `lost` when there is no answer. */
	const start = () => {
		const caller = new AbortController();
		const ends = client
			.issue(868760, { id: 98662653 }, caller.signal)
			.then(({ text }) => text)
			.catch(() => 'lost');
		return { ends, giveUp: () => caller.abort() };
	};
	/** Until something is true; asking the sandbox lets it go on meanwhile. */
	const until = async (isTrue: () => boolean) => {
		while (!isTrue()) await client.get('/__sandbox/stats');
	};
	const lastCall = () => sandbox.calls[sandbox.calls.length - 1];

	it('latency: delays add up, and the work is done', async () => {
		add({ kind: 'latency', ms: 40 });
		add({ kind: 'latency', ms: 40 });
		const call = start();
		await until(() => sandbox.calls.length === 1);
		expect(sandbox.ledger).toHaveLength(0);
		expect(await call.ends).toContain('"code"');
		expect(sandbox.ledger).toHaveLength(1);
	});

	it.each([
		[{ kind: 'rateLimited' }, null, /errors/],
		[{ kind: 'rateLimited', retryAfter: 7 }, '7', /errors/],
		[{ kind: 'rateLimited', retryAfter: 'soon', body: 'html' }, 'soon', /<html>/],
		[{ kind: 'rateLimited', body: 'empty' }, null, /^$/],
		[{ kind: 'rateLimited', retryAfter: 86400 }, '86400', /errors/],
		[{ kind: 'rateLimited', retryAfter: -5 }, '-5', /errors/],
		[
			{ kind: 'rateLimited', retryAfter: 'Thu, 01 Jan 2099 00:00:00 GMT' },
			'Thu, 01 Jan 2099 00:00:00 GMT',
			/errors/,
		],
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
		[{ kind: 'lostBefore' }, 0],
		[{ kind: 'lostBefore', reset: true }, 0],
		[{ kind: 'lostAfter' }, 1],
		[{ kind: 'lostAfter', reset: true }, 1],
		[{ kind: 'garbage' }, 0],
		[{ kind: 'garbage', afterWork: true }, 1],
	] as Array<[Fault, number]>)('%j: no answer, %d issued', async (fault, issued) => {
		add(fault);
		expect(await start().ends).toBe('lost');
		expect(sandbox.ledger).toHaveLength(issued);
		expect(lastCall()).toMatchObject({
			status: null,
			outcome: `fault:${fault.kind}`,
			workDone: issued === 1,
		});
		expect(sandbox.stats.open).toBe(0);
	});

	it.each([
		['hang', 0],
		['hangAfter', 1],
	] as const)('%s: stays open, %d issued', async (kind, issued) => {
		add({ kind });
		const call = start();
		await until(() => lastCall()?.outcome === `fault:${kind}`);
		expect(sandbox.ledger).toHaveLength(issued);
		expect(lastCall()).toMatchObject({ status: null, workDone: issued === 1 });
		expect(sandbox.stats.open).toBe(1);
		call.giveUp();
		expect(await call.ends).toBe('lost');
		await until(() => sandbox.stats.open === 0);
	});

	it('truncated', async () => {
		add({ kind: 'truncated' });
		expect(await start().ends).toBe('lost');
		expect(sandbox.ledger).toHaveLength(1);
		sandbox.faults.clear();
		add({ kind: 'truncated', cleanEnd: true });
		const reply = await client.issue(868760);
		expect(reply.status).toBe(200);
		expect(() => JSON.parse(reply.text) as unknown).toThrow();
		expect(sandbox.ledger).toHaveLength(2);
	});

	describe('codes behind', () => {
		const codes = [730, 748, 786, 787, 789, 790, 791, 792, 793, 794, 796, 797, 798, 500];

		it.each(codes)('%d: HTTP 200, issued or not', async (code) => {
			sandbox.faults.add({ match: { nth: 1 }, fault: { kind: 'code', code } });
			sandbox.faults.add({ fault: { kind: 'code', code, afterWork: true } });
			const before = await client.issue(868760);
			expect([before.status, errorCode(before), sandbox.ledger.length]).toEqual([200, code, 0]);
			const after = await client.issueMany(868760, 2);
			expect([after.status, errorCode(after), sandbox.ledger.length]).toEqual([200, code, 2]);
		});

		it.each([
			['topLevel', { success: false, code: 709, message: 'no' }],
			['codeOnly', { code: 709 }],
			['errors', { errors: [{ status: false, code: 709, message: 'no' }] }],
			[
				'v11',
				{
					response: {
						status: { success: 'false', code: '709', message: 'no' },
						customers: null,
					},
				},
			],
		] as const)('in the form %s', async (as, body) => {
			add({ kind: 'code', code: 709, message: 'no', as });
			expect(json(await client.issue(868760))).toEqual(body);
			expect(sandbox.ledger).toHaveLength(0);
		});

		it.each([401, 429])('%d on top of a body with HTTP 200', async (code) => {
			add({ kind: 'code', code, as: 'codeOnly' });
			const reply = await client.issue(868760);
			expect([reply.status, json(reply)]).toEqual([200, { code }]);
		});
	});

	it('altered: counts that contradict the coupons, a code of null', async () => {
		sandbox.faults.add({ match: { nth: 1 }, fault: { kind: 'altered', set: { coupons: [] } } });
		add({ kind: 'altered', set: { 'coupons.0.code': null, 'customer.note.text': 'new' } });
		const counts = await client.issueMany(868760, 2);
		expect(json(counts)).toMatchObject({ successCount: 2, failureCount: 0, coupons: [] });
		const noCode = await client.issueMany(868760, 2);
		expect(at(noCode, 'coupons.0')).toEqual({ code: null, couponId: expect.any(Number) });
		expect(at(noCode, 'coupons.1.code')).toEqual(expect.any(String));
		expect(at(noCode, 'customer.note.text')).toBe('new');
		expect(sandbox.ledger).toHaveLength(4);
		expect(lastCall()).toMatchObject({ outcome: 'fault:altered', workDone: true });
	});

	it('an answer lost for one customer, so many times, issued or not', async () => {
		const match = { customer: '9988776655', count: 1 };
		sandbox.faults.add({ match, fault: { kind: 'lostAfter' } });
		sandbox.faults.add({ match, fault: { kind: 'lostBefore' } });
		const tries = [];
		for (let i = 0; i < 3; i++) {
			const call = client.issue(868760, { mobile: '9988776655' });
			tries.push(await call.then(({ status }) => status).catch(() => 'lost'));
			expect((await client.issue(868760)).status).toBe(200);
		}
		expect(tries).toEqual(['lost', 'lost', 200]);
		const issued = sandbox.ledger.filter(({ customerId }) => customerId === 98662653);
		expect(issued).toHaveLength(2);
	});

	describe('of the token call', () => {
		const path = '/v3/oauth/token/generate';
		const login = { key: 'sandbox-key', secret: 'loopback-only' };

		it('echoes key and secret', async () => {
			sandbox.faults.add({ match: { path }, fault: { kind: 'echo', status: 401 } });
			const reply = await client.post(path, login);
			expect(reply.status).toBe(401);
			expect(at(reply, 'errors.0.message')).toMatch(/sandbox-key.*loopback-only/);
			expect(at(reply, 'data')).toBeNull();
		});

		it.each([404, 408, 425, 500, 502, 503, 504])('answers %d', async (status) => {
			sandbox.faults.add({ match: { path }, fault: { kind: 'status', status } });
			expect((await client.post(path, login)).status).toBe(status);
		});

		it('answers HTML with HTTP 200, or a redirect', async () => {
			const html: Fault = { kind: 'status', status: 200, body: 'html' };
			const headers = { location: 'https://login.example/' };
			sandbox.faults.add({ match: { path, nth: 1 }, fault: html });
			sandbox.faults.add({ match: { path }, fault: { kind: 'raw', status: 302, headers } });
			expect((await client.post(path, login)).text).toContain('<html>');
			const redirect = await client.post(path, login);
			expect([redirect.status, redirect.headers.get('location')]).toEqual([302, headers.location]);
		});
	});

	it('echoes the token of any other call', async () => {
		const token = await client.token();
		add({ kind: 'echo' });
		const reply = await withToken(sandbox, token).issue(868760);
		expect(reply.status).toBe(400);
		expect(reply.text).toContain(token);
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
		sandbox.faults.clear();
		add({ kind: 'raw', status: 303, headers, afterWork: true });
		expect((await client.issue(868760)).status).toBe(303);
		expect(sandbox.ledger).toHaveLength(2);
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
		const gone = start();
		await until(() => sandbox.calls.length > 0);
		gone.giveUp();
		expect(await gone.ends).toBe('lost');
		await client.issue(868760);
		expect(sandbox.calls[0]).toMatchObject({ callerGone: true, status: null, workDone: true });
		expect(sandbox.ledger).toHaveLength(2);
	});
});

describe('a sandbox that closes', () => {
	const { sandbox, client } = useSandbox();

	it('lets go of the calls that wait', async () => {
		sandbox.faults.add({ fault: { kind: 'latency', ms: 60_000 } });
		const waiting = client.issue(868760).catch(() => 'lost');
		while (sandbox.calls.length === 0) await client.get('/__sandbox');
		await sandbox.close();
		expect(await waiting).toBe('lost');
	});
});
