import { at, basic, Client, errorCode, json, useSandbox, withToken } from './helpers';

const COUPONS = '/v1.1/customer/coupons?id=98662653';

describe('authentication', () => {
	let time = Date.parse('2026-01-01T00:00:00Z');
	const { sandbox, client } = useSandbox({ now: () => time, tokenLifeSeconds: 300 });

	describe('Basic', () => {
		it('takes user and MD5 of the password, over UTF-8', async () => {
			expect((await client.get(COUPONS)).status).toBe(200);
			const umlaut = new Client(sandbox, basic('umlaut.till', 'pässwörd-€'));
			expect((await umlaut.get(COUPONS)).status).toBe(200);
		});

		it.each([
			['a wrong password', basic('sandbox.till', 'wrong')],
			['an unknown user', basic('nobody', 'loopback-only')],
			[
				'a password without MD5',
				{ authorization: `Basic ${Buffer.from('sandbox.till:loopback-only').toString('base64')}` },
			],
			['nothing', {}],
		])('turns %s away: XML on v2, JSON on v1.1', async (_what, headers) => {
			const wrong = new Client(sandbox, headers as Record<string, string>);
			const v2 = await wrong.issue(868760);
			expect(v2.status).toBe(401);
			expect(v2.headers.get('content-type')).toContain('xml');
			expect(v2.text).toMatch(
				/<success>false<\/success><code>401<\/code><message>Unauthorized<\/message>/,
			);
			const v11 = await wrong.get(COUPONS);
			expect(v11.status).toBe(401);
			expect(at(v11, 'response.status')).toEqual({
				success: 'true',
				code: '401',
				message: 'Unauthorized',
			});
			expect(sandbox.ledger).toHaveLength(0);
			expect(sandbox.stats.byOutcome.unauthorized).toBe(2);
		});

		it('can tell v1.1 failures in the body only', async () => {
			sandbox.configure({ v11AuthStatus: 'body' });
			const reply = await new Client(sandbox, {}).get(COUPONS);
			expect(reply.status).toBe(200);
			expect(at(reply, 'response.status.code')).toBe('401');
		});
	});

	describe('OAuth', () => {
		it('gives a new token on every call, and counts them', async () => {
			const reply = await client.post('/v3/oauth/token/generate', {
				key: 'sandbox-key',
				secret: 'loopback-only',
			});
			expect(json(reply)).toEqual({
				data: { accessToken: expect.any(String), ttlSeconds: 300 },
				errors: null,
			});
			const second = await client.token();
			expect(second).not.toBe(at(reply, 'data.accessToken'));
			expect((await withToken(sandbox, second).issue(868760)).status).toBe(200);
			expect((await withToken(sandbox, second).get(COUPONS)).status).toBe(200);
			expect(sandbox.stats.tokenCalls).toBe(2);
		});

		it('refuses a wrong secret', async () => {
			const body = { key: 'sandbox-key', secret: 'wrong' };
			const reply = await client.post('/v3/oauth/token/generate', body);
			expect(json(reply)).toEqual({
				data: null,
				errors: [{ code: 320001, message: 'Invalid client key and secret' }],
			});
			sandbox.configure({ tokenErrorStatus: 401 });
			expect((await client.post('/v3/oauth/token/generate', body)).status).toBe(401);
		});

		it('refuses an unknown token, and one with a Bearer prefix', async () => {
			const token = await client.token();
			expect((await withToken(sandbox, 'nonsense').issue(868760)).status).toBe(401);
			expect((await withToken(sandbox, `Bearer ${token}`).issue(868760)).status).toBe(401);
		});

		it('lets tokens expire', async () => {
			const late = withToken(sandbox, await client.token());
			time += 299_000;
			expect((await late.issue(868760)).status).toBe(200);
			time += 1_000;
			const v2 = await late.issue(868760);
			expect([v2.status, v2.text]).toEqual([401, expect.stringContaining('Token expired at')]);
			expect(at(await late.get(COUPONS), 'response.status.code')).toBe('498');
			sandbox.configure({ expiredTokenAs: 'body498' });
			const inBody = await late.issue(868760);
			expect([inBody.status, errorCode(inBody)]).toEqual([200, 498]);
			expect(sandbox.ledger).toHaveLength(1);
		});

		it('can announce another life than it gives', async () => {
			sandbox.configure({ announcedTokenLifeSeconds: 3600, tokenLifeSeconds: 1 });
			const body = { key: 'sandbox-key', secret: 'loopback-only' };
			const reply = await client.post('/v3/oauth/token/generate', body);
			expect(at(reply, 'data.ttlSeconds')).toBe(3600);
			time += 1_000;
			const late = withToken(sandbox, String(at(reply, 'data.accessToken')));
			expect((await late.issue(868760)).status).toBe(401);
		});

		it('can revoke tokens: by hand, or with every new one', async () => {
			const first = withToken(sandbox, await client.token());
			await client.token();
			expect((await first.issue(868760)).status).toBe(200);
			expect(sandbox.revokeTokens()).toBe(2);
			expect((await first.issue(868760)).status).toBe(401);
			sandbox.configure({ newTokenRevokesOld: true });
			const old = withToken(sandbox, await client.token());
			await client.token();
			expect((await old.issue(868760)).status).toBe(401);
		});

		it.each([
			['TILL', 'till.downtown', 'store_002'],
			['STORE_CODE', 'store_002', 'store_002'],
			['STORE_NAME', 'Downtown Store', 'store_002'],
			['STORE_EXTERNAL_ID', 'EXT-002', 'store_002'],
			['TILL', 'unknown', 'store_001'],
			[undefined, 'till.downtown', 'store_002'],
			[undefined, undefined, 'store_001'],
		])('issues at the store of %s %s', async (type, code, store) => {
			const headers = {
				...(type ? { 'x-cap-api-attribution-entity-type': type } : {}),
				...(code ? { 'x-cap-api-attribution-entity-code': code } : {}),
			};
			await withToken(sandbox, await client.token(), headers).issue(868760, { id: 345635529 });
			const reply = await client.get('/v1.1/customer/coupons?id=345635529');
			const path = 'response.customers.customer.0.coupons.coupon.0.issued_at.code';
			expect(at(reply, path)).toBe(store);
		});
	});

	it('denies the series list to some, but not the rest', async () => {
		const limited = new Client(sandbox, basic('noseries.till', 'loopback-only'));
		const reply = await limited.get('/v1.1/coupon/series');
		expect(reply.status).toBe(403);
		expect(at(reply, 'response.status')).toEqual({
			success: false,
			code: 403,
			message: "Client doesn't have access to the requested resource",
		});
		expect((await limited.issue(868760)).status).toBe(200);
		const token = await client.token('noseries-key');
		expect((await withToken(sandbox, token).get('/v1.1/coupon/series')).status).toBe(403);
	});

	it('wants JSON in, and knows its paths', async () => {
		const response = await fetch(`${sandbox.url}/v2/coupon/issue`, {
			method: 'POST',
			body: '{}',
			headers: { ...basic('sandbox.till', 'loopback-only'), 'content-type': 'text/plain' },
		});
		expect(response.status).toBe(415);
		expect((await client.get('/v2/nothing')).status).toBe(404);
	});
});
