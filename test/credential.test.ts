import { createHash } from 'crypto';

import issued from './fixtures/issue/response.json';
import { testCredential } from './support/engine';
import { GOOD, type Json, lines, useServer } from './support/useServer';

const server = useServer();
const FOUND = { body: { data: [{ code: 'A1' }], warnings: [], errors: [] } };
const LOGIN_PATH = '/v3/oauth/token/generate';
const token = (accessToken: string, ttlSeconds: unknown = 300) => ({
	body: { data: { accessToken, ttlSeconds }, errors: null },
});
/** The answer that each operation takes for a good one. */
const ANSWERS: Json = {
	issue: issued,
	issueMultiple: { coupons: [{ code: 'A1' }, { code: 'A2' }], successCount: 2 },
	getCoupon: { data: [{ code: '5875447216353555' }] },
	getCustomerCoupons: { response: { status: { success: 'true', code: 200 }, customers: {} } },
	revoke: {
		entity: { revokedCoupons: [{ couponCode: '3138309782' }, { couponCode: '3636820421' }] },
	},
};

let clients = 0;
/** Key and secret of its own for each test, since a process keeps the tokens. */
function oauth(more: Json = {}): Json {
	clients += 1;
	return {
		host: server.url,
		authentication: 'oauth',
		clientKey: `key ${clients}`,
		clientSecret: 'hush',
		...more,
	};
}

const decoded = (authorization: string) => Buffer.from(authorization.slice(6), 'base64');
const md5 = (text: string) => createHash('md5').update(text, 'utf8').digest('hex');

describe('Basic authentication', () => {
	it.each([
		['a password', 'secret', '5ebe2294ecd0e0f08eab7690d2a6ee69'],
		['the password of the documentation', 'server123', md5('server123')],
		['a password with umlauts, taken as UTF-8', 'pässwörd', md5('pässwörd')],
		['a password with a colon', 'a:b', md5('a:b')],
		['a password with spaces around it', ' secret ', md5(' secret ')],
	])('sends user name and MD5 of %s', async (_, password, hash) => {
		server.answer([{ body: issued }]);
		await server.run(GOOD.issue ?? {}, [{}], {}, { ...server.basic, password });
		const { authorization } = server.calls[0]?.headers ?? {};
		expect(authorization).toMatch(/^Basic /);
		expect(decoded(authorization).toString('utf8')).toBe(`till:${hash}`);
	});

	it('knows the MD5 of UTF-8 from a table, not from its own arithmetic', async () => {
		// printf 'pässwörd' | md5sum
		server.answer([{ body: issued }]);
		const login = { ...server.basic, username: 'kassé', password: 'pässwörd' };
		await server.run(GOOD.issue ?? {}, [{}], {}, login);
		const { authorization } = server.calls[0]?.headers ?? {};
		expect(decoded(authorization).toString('utf8')).toBe('kassé:12841e4ba5e37d2fbfc78458c6714ade');
	});

	it.each([md5('secret'), md5('secret').toUpperCase(), ` ${md5('secret')} `])(
		'sends a given MD5 hash in lower case: %s',
		async (password) => {
			server.answer([{ body: issued }]);
			const login = { ...server.basic, password, isMd5: true };
			await server.run(GOOD.issue ?? {}, [{}], {}, login);
			const { authorization } = server.calls[0]?.headers ?? {};
			expect(decoded(authorization).toString('utf8')).toBe(`till:${md5('secret')}`);
		},
	);

	it.each([
		["'Username'", { username: '' }],
		["'Password'", { password: '' }],
		["'Password'", { password: 'no hash', isMd5: true }],
		["'Host'", { host: '' }],
		["'Host'", { host: 'http://eu.api.capillarytech.com' }],
		["'Host'", { host: 'https://user:word@eu.api.capillarytech.com' }],
	])('names %s when it cannot be used: %j', async (field, wrong) => {
		const login = { ...server.basic, ...wrong };
		const { error } = await server.run(GOOD.issue ?? {}, [{}], {}, login);
		expect(server.calls).toEqual([]);
		expect(error.message).toContain(field);
		expect(error.context.data.outcome).toBe('notSent');
		const { status, message } = await testCredential(login);
		expect(status).toBe('Error');
		expect(message).toContain(field);
	});
});

describe('OAuth', () => {
	it('exchanges key and secret for a token, and sends it without Bearer', async () => {
		server.answer(({ path }) => (path === LOGIN_PATH ? token('token-1') : { body: issued }));
		const login = oauth();
		const { error, credentials } = await server.run(GOOD.issue ?? {}, [{}, {}], {}, login);
		expect(error).toBeUndefined();
		expect(lines(server.calls)).toEqual([
			`POST ${LOGIN_PATH}`,
			'POST /v2/coupon/issue',
			'POST /v2/coupon/issue',
		]);
		const [exchange, ...calls] = server.calls;
		expect(exchange?.body).toEqual({ key: login.clientKey, secret: login.clientSecret });
		expect(exchange?.headers).toMatchObject({
			'content-type': 'application/json',
			accept: 'application/json',
		});
		expect(exchange?.headers).not.toHaveProperty('authorization');
		for (const { headers } of calls) {
			expect(headers['x-cap-api-oauth-token']).toBe('token-1');
			expect(headers).not.toHaveProperty('authorization');
		}
		expect(credentials.stored.accessToken).toBe('token-1');
	});

	it('names the till or store that a call is made for', async () => {
		server.answer(({ path }) => (path === LOGIN_PATH ? token('token-2') : { body: issued }));
		const login = oauth({ attributionType: 'STORE_CODE', attributionCode: ' store_001 ' });
		await server.run(GOOD.issue ?? {}, [{}], {}, login);
		expect(server.calls[1]?.headers).toMatchObject({
			'x-cap-api-attribution-entity-type': 'STORE_CODE',
			'x-cap-api-attribution-entity-code': 'store_001',
		});
	});

	it.each([{}, { attributionType: 'STORE_CODE' }, { attributionCode: '  ' }])(
		'leaves it to the default till without a code: %j',
		async (more) => {
			server.answer(({ path }) => (path === LOGIN_PATH ? token('token-3') : { body: issued }));
			await server.run(GOOD.issue ?? {}, [{}], {}, oauth(more));
			expect(server.calls).toHaveLength(2);
			expect(Object.keys(server.calls[1]?.headers ?? {}).join()).not.toContain('attribution');
		},
	);

	it.each([
		["'Client Key'", { clientKey: '' }],
		["'Client Secret'", { clientSecret: '' }],
	])('names %s when it is empty', async (field, wrong) => {
		const { error } = await server.run(GOOD.issue ?? {}, [{}], {}, oauth(wrong));
		expect(server.calls).toEqual([]);
		expect(error.message).toContain(field);
		const { status, message } = await testCredential(oauth(wrong));
		expect([status, message]).toEqual(['Error', expect.stringContaining(field)]);
	});

	it('says that key or secret are refused, and never shows them', async () => {
		const errors = [{ code: 320001, message: 'Invalid client key and secret' }];
		server.answer(() => ({ body: { data: null, errors } }));
		const login = oauth({ clientSecret: 'very-secret-text' });
		const { error, runData } = await server.run(GOOD.issue ?? {}, [{}, {}], {}, login);
		expect(lines(server.calls)).toEqual([`POST ${LOGIN_PATH}`]);
		expect(error.message).toContain("'Client Key' or 'Client Secret'");
		expect(JSON.stringify([error, error.stack, runData.data.resultData])).not.toContain(
			'very-secret-text',
		);
	});
});

describe('each operation works with both ways to log in', () => {
	it.each(Object.keys(GOOD))('%s', async (operation) => {
		server.answer(({ path }) =>
			path === LOGIN_PATH ? token('token-4') : { body: ANSWERS[operation] },
		);
		const parameters = GOOD[operation] ?? {};
		const basic = await server.run(parameters);
		const withToken = await server.run(parameters, [{}], {}, oauth());
		expect([basic.error, withToken.error]).toEqual([undefined, undefined]);
		expect(withToken.items).toEqual(basic.items);
		const [first, , second] = server.calls;
		expect(first?.headers.authorization).toMatch(/^Basic /);
		expect(second?.headers['x-cap-api-oauth-token']).toBe('token-4');
		expect([second?.method, second?.path, second?.query, second?.body]).toEqual([
			first?.method,
			first?.path,
			first?.query,
			first?.body,
		]);
	});
});

describe('the host', () => {
	it.each([
		['with a slash', (url: string) => `${url}/`],
		['with slashes', (url: string) => `${url}//`],
		['with spaces', (url: string) => ` ${url} `],
	])('may be given %s', async (_, form) => {
		server.answer([{ body: issued }]);
		const login = { ...server.basic, host: form(server.url) };
		const { error } = await server.run(GOOD.issue ?? {}, [{}], {}, login);
		expect(error).toBeUndefined();
		expect(lines(server.calls)).toEqual(['POST /v2/coupon/issue']);
	});

	it('may have a path, which goes before the one of the call', async () => {
		server.answer(({ path }) => (path.endsWith(LOGIN_PATH) ? token('token-5') : { body: issued }));
		const host = `${server.url}/gateway/`;
		await server.run(GOOD.issue ?? {}, [{}], {}, oauth({ host }));
		expect(lines(server.calls)).toEqual([
			`POST /gateway${LOGIN_PATH}`,
			'POST /gateway/v2/coupon/issue',
		]);
	});
});

/** A rejected login names the fields of its kind. */
const THE_FIELDS = /Check '(Username|Client Key)' and '/;

describe('the credential test', () => {
	const LOOKUP = 'GET /v2/coupon?couponIds=1';
	const XML = {
		status: 401,
		headers: { 'content-type': 'application/xml' },
		body: '<response><success>false</success><code>401</code><message>Unauthorized</message></response>',
	};
	const HTML = { headers: { 'content-type': 'text/html' }, body: '<html>Welcome</html>' };
	const v2 = (code: number, message: string, status = 200) => ({
		status,
		body: { errors: [{ status: false, code, message }] },
	});
	const v11 = (code: string, message: string) => ({
		body: { response: { status: { success: 'true', code, message }, customers: null } },
	});

	let given = 0;
	/** Answers the lookup, and every token call with another token, as Capillary does. */
	const answer = (lookup: object) =>
		server.answer(({ path }) => {
			if (path !== LOGIN_PATH) return lookup;
			given += 1;
			return token(`given ${given}`);
		});
	const logins = {
		Basic: () => ({ ...server.basic }) as Json,
		OAuth: () => oauth(),
	};
	const WAYS = Object.entries(logins);

	describe.each(WAYS)('%s', (way, login) => {
		it.each([
			['the coupon exists', FOUND],
			['there is none', { body: { data: [], warnings: [], errors: [] } }],
			['the API does not know it', v2(780, 'coupon not found')],
			['the API does not know it, with HTTP 400', v2(780, 'coupon not found', 400)],
			['the API does not know it, with HTTP 404', v2(780, 'coupon not found', 404)],
			['the search is busy', v2(461, 'search is busy')],
		])('is green when %s', async (_, lookup) => {
			answer(lookup);
			expect(await testCredential(login())).toMatchObject({ status: 'OK' });
			expect(lines(server.calls)).toContain(LOOKUP);
			const last = server.calls.at(-1);
			if (way === 'OAuth') expect(last?.headers['x-cap-api-oauth-token']).toBe(`given ${given}`);
			else expect(last?.headers.authorization).toMatch(/^Basic /);
		});

		it.each([
			['401 XML', XML, THE_FIELDS],
			['401 JSON', v2(401, 'Unauthorized', 401), THE_FIELDS],
			['401 without a body', { status: 401 }, THE_FIELDS],
			['200 with an error body', v2(401, 'Unauthorized'), THE_FIELDS],
			['200 of v1.1 with code "401" and success "true"', v11('401', 'Unauthorized'), THE_FIELDS],
			['200 of v1.1 with code "498"', v11('498', 'Token expired'), /token/],
			['498', { status: 498, body: v11('498', 'Token expired').body }, /token/],
			['403', v2(403, 'No access', 403), /access/],
			['403 with a code that says something else', v2(99, 'No access', 403), /access/],
			['403 HTML', { ...HTML, status: 403 }, /access/],
			['200 with code 403', v2(403, 'No access'), /access/],
			['403 with code 4000', v2(4000, 'No access', 403), /access/],
			['200 with code 4001', v2(4001, 'No rights now'), /again/],
			...[715, 1064, 735, 1061].map((code): [string, object, RegExp] => [
				`200 with code ${code}, of the organization or the till`,
				v2(code, 'No'),
				/[Cc]redential|support/,
			]),
			['an HTML page', HTML, /'Host'/],
			['an HTML page with 404', { ...HTML, status: 404 }, /'Host'/],
			['an empty answer', { body: '' }, /'Host'/],
			['a redirect', { status: 302, headers: { location: '/elsewhere' } }, /'Host'/],
			['503', { status: 503, body: 'down' }, /again/],
		])('is red, in words, for %s', async (_, lookup, advice) => {
			answer(lookup);
			const { status, message } = await testCredential(login());
			expect(status).toBe('Error');
			expect(message).toMatch(advice);
			expect(message).toMatch(/^[A-Z'].* .*\. .*\.$/);
			expect(lines(server.calls)).not.toContain('GET /elsewhere');
		});

		it('is red, in words, for a host that refuses the connection', async () => {
			const { status, message } = await testCredential({ ...login(), host: 'http://127.0.0.1:1' });
			expect(status).toBe('Error');
			expect(message).toMatch(/could not be reached/);
			expect(message).not.toMatch(/ECONN/);
		});

		it('is red, in words, for a connection that ends', async () => {
			server.answer(() => ({ hangUp: true }));
			const { status, message } = await testCredential(login());
			expect(status).toBe('Error');
			expect(message).toMatch(/^[A-Z].* .*\.$/);
			expect(message).not.toMatch(/ECONN/);
		});

		it('is red, in words, for a host that is none', async () => {
			const { status, message } = await testCredential({ ...login(), host: 'not a host' });
			expect([status, message]).toEqual(['Error', expect.stringContaining("'Host'")]);
		});

		it('is red for plain http to another machine', async () => {
			const { message } = await testCredential({ ...login(), host: 'http://192.0.2.1' });
			expect(message).toContain('plain http');
		});
	});

	it.each([
		['200', { body: { data: null, errors: [{ code: 320001, message: 'Invalid' }] } }],
		['401', { status: 401, body: { data: null, errors: [{ code: 320001, message: 'Invalid' }] } }],
	])('is red for a wrong key or secret, told with HTTP %s', async (_, refusal) => {
		server.answer(({ path }) => (path === LOGIN_PATH ? refusal : FOUND));
		const { status, message } = await testCredential(oauth());
		expect(status).toBe('Error');
		expect(message).toContain("'Client Key' or 'Client Secret'");
		expect(lines(server.calls)).not.toContain(LOOKUP);
	});

	it.each([
		['HTML', HTML],
		['503', { status: 503, body: '' }],
		['an empty answer', { body: '' }],
		['a redirect', { status: 302, headers: { location: '/elsewhere' } }],
	])('is red when the token call brings %s', async (_, refusal) => {
		server.answer(({ path }) => (path === LOGIN_PATH ? refusal : FOUND));
		const { status, message } = await testCredential(oauth());
		expect(status).toBe('Error');
		expect(message).toMatch(/^[A-Z].* .*\.$/);
		expect(lines(server.calls).join()).not.toContain('/elsewhere');
	});

	it('is green also when the token call gives the same token again', async () => {
		server.answer(({ path }) => (path === LOGIN_PATH ? token('the same') : FOUND));
		expect(await testCredential(oauth())).toMatchObject({ status: 'OK' });
	});

	it('fetches a fresh token, whatever is stored', async () => {
		answer(FOUND);
		const stored = { accessToken: 'old', expiresAt: 9999999999999, tokenIssuedFor: 'somebody' };
		await testCredential(oauth(stored));
		for (const { headers } of server.calls) {
			expect(headers['x-cap-api-oauth-token']).not.toBe('old');
		}
	});

	it.each(WAYS)('never shows the login that an answer echoes (%s)', async (_, login) => {
		server.answer(({ path, headers }) => {
			if (path === LOGIN_PATH) return token('hidden token');
			const message = JSON.stringify(headers);
			return { status: 401, body: { errors: [{ status: false, code: 401, message }] } };
		});
		const { status, message } = await testCredential(login());
		expect(status).toBe('Error');
		expect(message).not.toMatch(/hidden|Basic |[0-9a-f]{32}|[A-Za-z0-9+/]{40}/);
	});

	it('never shows the secret', async () => {
		server.answer(({ body }) => ({
			status: 400,
			body: { data: null, errors: [{ code: 1, message: JSON.stringify(body) }] },
		}));
		const { message } = await testCredential(oauth({ clientSecret: 'very-secret-text' }));
		expect(message).not.toContain('very-secret-text');
	});
});

describe('A credential', () => {
	it('is read a few times in a run, not for each item', async () => {
		server.answer(Array.from({ length: 200 }, () => ({ body: issued })));
		const { credentials, items } = await server.run(
			{ ...GOOD.issue, mobile: '={{ $json.who }}' },
			Array.from({ length: 200 }, (_, index) => ({ who: `9199${10_000_000 + index}` })),
		);
		expect(items).toHaveLength(200);
		// Twice a second, however long a busy machine takes.
		expect(credentials.reads).toBeLessThan(items.length / 2);
	});

	it('whose fields are expressions is read for each item: each is issued at its own till', async () => {
		server.answer(Array.from({ length: 30 }, () => ({ body: issued })));
		const tills = Array.from({ length: 30 }, (_, index) => `till ${index}`);
		await server.run(
			{ ...GOOD.issue, mobile: '={{ $json.who }}' },
			tills.map((till, index) => ({ till, who: `9199${10_000_000 + index}` })),
			{},
			{ ...server.basic, username: '={{ $json.till }}' },
		);
		const used = server.calls.map(({ headers, body }) => ({
			till: decoded(headers.authorization ?? '')
				.toString('utf8')
				.split(':')[0],
			who: (body as { customer: { mobile: string } }).customer.mobile,
		}));
		expect(used.sort((a, b) => (a.who < b.who ? -1 : 1))).toEqual(
			tills.map((till, index) => ({ till, who: `9199${10_000_000 + index}` })),
		);
	});
});
