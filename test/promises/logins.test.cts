import { runNode, testCredential } from '../support/engine';
import { type Call, GOOD, lines, useServer } from '../support/useServer';

type Json = Record<string, unknown>;

/** Tokens, the credential test and odd logins. */
const server = useServer();
const TOKEN_PATH = '/v3/oauth/token/generate';
const COUPON = { body: { code: 'A1', seriesId: 1 } };
const token = (accessToken: unknown, ttlSeconds: unknown = 300) => ({
	body: { data: { accessToken, ttlSeconds }, errors: null },
});

let clients = 0;
function oauth(more: Json = {}): Json {
	clients += 1;
	const clientKey = `key of logins ${clients}`;
	return {
		host: server.url,
		authentication: 'oauth',
		clientKey,
		clientSecret: 'hush hush',
		...more,
	};
}

/** Token calls get the answers in turn, the last one again and again; all other calls a coupon. */
function tokenCalls(...answers: object[]) {
	let at = 0;
	server.answer(({ path }: Call) => {
		if (path !== TOKEN_PATH) return COUPON;
		at += 1;
		return (answers[at - 1] ?? answers.at(-1)) as never;
	});
}
const counted = (path: string) => server.calls.filter((call) => call.path === path).length;

describe('the token call', () => {
	it.each([
		...[408, 425, 500, 502, 503, 504].map((status) => [`HTTP ${status}`, { status }] as const),
		['HTTP 429', { status: 429 }] as const,
		['a 503 page', { status: 503, body: '<html>' }] as const,
		['a lost connection', { hangUp: true }] as const,
	])('%s: is tried again', async (_, first) => {
		tokenCalls(first, token('after a while'));
		const { error, items } = await server.run(GOOD.issue ?? {}, [{}], {}, oauth());

		expect(error).toBeUndefined();
		expect(items[0].json.code).toBe('A1');
		expect(counted(TOKEN_PATH)).toBe(2);
	});

	it.each([
		...[408, 425, 500, 503].map(
			(status) => [`HTTP ${status}`, { status }, 'notSent', 'no access token'] as const,
		),
		['HTTP 429', { status: 429 }, 'refused', 'how often'] as const,
		['a lost connection', { hangUp: true }, 'notSent', 'could not be reached'] as const,
	])("%s for longer than 'Max Wait' says so", async (_, answer, outcome, words) => {
		tokenCalls(answer);
		const { error } = await server.run(
			{ ...GOOD.issue, options: { maxWait: 1 } },
			[{}],
			{},
			oauth(),
		);

		expect(error.message).toContain(words);
		expect(error.message).not.toContain('refused');
		expect(error.context.data.outcome).toBe(outcome);
		expect(counted('/v2/coupon/issue')).toBe(0);
	});

	it.each([
		['HTTP 404', { status: 404, body: { message: 'no route' } }],
		['HTTP 404 without a body', { status: 404 }],
		['HTTP 405', { status: 405 }],
		['a redirect', { status: 302, headers: { location: '/login' } }],
		['HTML', { body: '<html>Welcome</html>', headers: { 'content-type': 'text/html' } }],
		['an empty answer', { body: '' }],
		['another kind of JSON', { body: { hello: 'world' } }],
		['a list', { body: [1] }],
		['a token that is an object', token({ a: 1 })],
		['a token that no header can carry', token('a\nb')],
		['an empty token', token('')],
	])('%s is the host, and is not asked again', async (_, answer) => {
		tokenCalls(answer);
		const login = oauth();
		const { error } = await server.run({ ...GOOD.issue, options: { maxWait: 1 } }, [{}], {}, login);

		expect(error.message).toContain("'Host'");
		expect(error.message).not.toContain("'Client");
		expect(error.context.data.outcome).toBe('notSent');
		expect(lines(server.calls)).toEqual([`POST ${TOKEN_PATH}`]);
		const { message } = await testCredential(login);
		expect(message).toContain("'Host'");
	});

	it.each([
		['HTTP 401', { status: 401 }],
		['HTTP 403', { status: 403 }],
		[
			'an error of the API',
			{ body: { data: null, errors: [{ code: 320001, message: 'Invalid' }] } },
		],
	])('%s is key or secret', async (_, answer) => {
		tokenCalls(answer);
		const { error } = await server.run(GOOD.issue ?? {}, [{}], {}, oauth());
		expect(error.message).toContain("'Client Key' or 'Client Secret'");
	});
});

describe('a token', () => {
	it.each(['body', 'status'])(
		'that is rejected early (%s) is replaced once, for all items',
		async (how) => {
			const old =
				how === 'body' ? { body: { errors: [{ code: 401, message: 'no' }] } } : { status: 401 };
			let given = 0;
			server.answer(({ path, headers }) => {
				if (path === TOKEN_PATH) return token(`token-${how}-${(given += 1)}`);
				return headers['x-cap-api-oauth-token'] === `token-${how}-1` ? old : COUPON;
			});
			const { items, error } = await server.run(GOOD.issue ?? {}, [{}, {}, {}], {}, oauth());

			expect(error).toBeUndefined();
			expect(items).toHaveLength(3);
			expect(counted(TOKEN_PATH)).toBe(2);
		},
	);

	it('of an older version of this credential is not used, and breaks nothing', async () => {
		tokenCalls(token('new one'));
		const stored = oauth({
			accessToken: 'old one',
			goodUntil: Date.now() + 3_600_000,
			issuedFor: 'a hash',
			passwordIsMd5: true,
		});
		const { items, error, credentials } = await server.run(GOOD.issue ?? {}, [{}], {}, stored);

		expect(error).toBeUndefined();
		expect(items[0].json.code).toBe('A1');
		expect(server.calls.at(-1)?.headers['x-cap-api-oauth-token']).toBe('new one');
		expect(credentials.stored.accessToken).toBe('new one');
	});

	it('that is stored serves the next process, for the same key and secret only', async () => {
		tokenCalls(token('stored token'));
		const login = oauth();
		const { credentials } = await server.run(GOOD.issue ?? {}, [{}], {}, login);
		const { accessToken, expiresAt, tokenIssuedFor } = credentials.stored;

		expect(expiresAt).toBeGreaterThan(Date.now());
		// Neither key and secret nor the token can be tried against it alone.
		expect(tokenIssuedFor).toMatch(/^[0-9a-f]{64}$/);
		expect(accessToken).toBe('stored token');
	});
});

describe('the attribution code', () => {
	const login = (attributionCode: string) =>
		oauth({ attributionType: 'STORE_NAME', attributionCode });

	it.each(['Łódź', '店铺', 'Store 🎟', 'a\nb', 'a\u0000b', 'tab\there', '\u200bA1', 'A1\u007f'])(
		'%j, which a header cannot carry, is an input fault: no coupon is issued',
		async (code) => {
			tokenCalls(token('t'));
			const { error } = await server.run(GOOD.issue ?? {}, [{}], {}, login(code));

			expect(error.message).toContain("'Attribution Code'");
			expect(error.context.data.outcome).toBe('notSent');
			expect(counted('/v2/coupon/issue')).toBe(0);
			const { message } = await testCredential(login(code));
			expect(message).toContain("'Attribution Code'");
		},
	);

	it.each(['store_001', 'Kassé 7', 'A b-c/d'])('%j goes out as it is', async (code) => {
		tokenCalls(token(`t ${code}`.replace(/[^\w]/g, '')));
		const { error } = await server.run(GOOD.issue ?? {}, [{}], {}, login(code));
		expect(error).toBeUndefined();
		expect(server.calls.at(-1)?.headers['x-cap-api-attribution-entity-code']).toBe(code);
	});
});

describe('the credential test', () => {
	it.each([
		['/v2', "must not name a version of the API: leave out '/v2'"],
		['/v1.1', "leave out '/v1.1'"],
		['/V2/', "leave out '/V2'"],
		['/gateway/v2/coupon', "leave out '/v2'"],
	])('is red for a host with the path %s', async (path, words) => {
		server.answer(() => ({ body: { data: [] } }));
		const login = { ...server.basic, host: `${server.url}${path}` };
		const { status, message } = await testCredential(login);

		expect([status, message]).toEqual(['Error', expect.stringContaining(words)]);
		expect(server.calls).toEqual([]);
		const { error } = await server.run(GOOD.issue ?? {}, [{}], {}, login);
		expect(error.message).toContain(words);
	});

	it.each([
		...[
			'ftp://eu.api.capillarytech.com',
			'https://',
			'a b',
			'http://[::1',
			'//',
			'javascript:alert(1)',
		],
		...[
			'https://eu.api.capillarytech.com:99999',
			'https://?x',
			'eu.api.capillarytech.com?a=b',
			'x#y',
			'a@b',
		],
	])('is red for the host %s', async (host) => {
		const { status, message } = await testCredential({ ...server.basic, host });
		expect([status, message]).toEqual(['Error', expect.stringContaining("'Host'")]);
	});

	it.each([
		['HTTP 404', { status: 404, body: { message: 'no route' } }],
		['HTTP 404 with a code of its own', { status: 404, body: { code: 12, message: 'no route' } }],
		[
			'HTTP 404 with an error list',
			{ status: 404, body: { errors: [{ code: 404, message: 'x' }] } },
		],
		['HTTP 405', { status: 405 }],
	])('is red when the lookup brings %s', async (_, answer) => {
		server.answer(() => answer);
		const { status, message } = await testCredential(server.basic);
		expect([status, message]).toEqual(['Error', expect.stringContaining("'Host'")]);
	});
});

describe('many credentials', () => {
	it('leave nothing behind that keeps the next one waiting', async () => {
		server.answer((_, index) => (index < 300 ? { status: 429 } : COUPON));
		const one = async (n: number) =>
			await runNode({
				parameters: { ...GOOD.issue, options: { maxWait: 0 } },
				items: [{}],
				credentials: server.basic,
				credentialId: `many ${n}`,
			});
		for (let n = 0; n < 300; n += 50) {
			await Promise.all(Array.from({ length: 50 }, async (_, k) => await one(n + k)));
		}
		const { error } = await one(300);
		expect(error).toBeUndefined();
	});
});
