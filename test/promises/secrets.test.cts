import { createHash } from 'node:crypto';

import { testCredential } from '../support/engine';
import { type Call, GOOD, useServer } from '../support/useServer';

type Json = Record<string, unknown>;

const server = useServer();
const TOKEN_PATH = '/v3/oauth/token/generate';
// With what JSON, HTML and URLs write otherwise.
const PASSWORD = 'pass "word" & <more> \\ ü';
const KEY = 'key "quoted" <of> client';
const SECRET = 'secret "quoted" & <of> cliént\\';
const TOKEN = 'eyJhbGciOi.token-of-this-test_0123456789';
const HASH = createHash('md5').update(PASSWORD, 'utf8').digest('hex');
const BASIC = Buffer.from(`till:${HASH}`).toString('base64');

const html = (text: string) =>
	text
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;')
		.replaceAll('"', '&quot;');
const forms = (secret: string) => [
	secret,
	JSON.stringify(secret).slice(1, -1),
	JSON.stringify(JSON.stringify(secret)).slice(3, -3),
	html(secret),
	encodeURIComponent(secret),
];
const ALL = [PASSWORD, HASH, BASIC, KEY, SECRET, TOKEN].flatMap(forms);

/** All of an execution, as n8n saves and logs it. */
function serialize(...values: unknown[]): string {
	const seen = new Set<object>();
	return JSON.stringify(values, (_, inner: unknown) => {
		if (typeof inner !== 'object' || inner === null) return inner;
		if (seen.has(inner)) return undefined;
		seen.add(inner);
		const { message, stack, cause } = inner as Error;
		return message === undefined ? inner : { ...inner, message, stack, cause };
	});
}

function expectNoSecret(text: string) {
	const plain =
		text + JSON.parse(JSON.stringify(text)).replaceAll('\\\\', '\\').replaceAll('\\"', '"');
	for (const secret of ALL) expect(plain).not.toContain(secret);
}

const basic = () => ({ ...server.basic, password: PASSWORD });
let clients = 0;
const oauth = () => {
	clients += 1;
	return {
		host: server.url,
		authentication: 'oauth',
		clientKey: KEY,
		clientSecret: `${SECRET}${'.'.repeat(clients)}`,
	};
};
const token = { body: { data: { accessToken: TOKEN, ttlSeconds: 300 }, errors: null } };

/** All that the API was told, in every form that a body can have. */
function echoOf({ headers, body }: Call): string {
	const login = String(headers.authorization ?? headers['x-cap-api-oauth-token'] ?? '');
	const given = login.replace(/^Basic /, '');
	const decoded = Buffer.from(given, 'base64').toString('utf8');
	return [
		login,
		given,
		decoded,
		decoded.split(':')[1],
		...(body.secret ? [...forms(body.key), ...forms(body.secret)] : []),
	].join(' | ');
}

const ECHOES: Array<[string, (call: Call) => Json]> = [
	[
		'the message of a refusal',
		(call) => ({ body: { errors: [{ code: 709, message: echoOf(call) }] } }),
	],
	['the message of HTTP 400', (call) => ({ status: 400, body: { message: echoOf(call) } })],
	[
		'HTML',
		(call) => ({
			status: 400,
			headers: { 'content-type': 'text/html' },
			body: `<html>${echoOf(call)}</html>`,
		}),
	],
	[
		'XML',
		(call) => ({
			status: 400,
			body: `<r><code>9</code><message>${html(echoOf(call))}</message></r>`,
		}),
	],
	[
		'a redirect',
		(call) => ({ status: 302, headers: { location: `/x?${encodeURIComponent(echoOf(call))}` } }),
	],
	[
		'a header',
		(call) => ({
			status: 400,
			headers: { 'x-echo': encodeURIComponent(echoOf(call)) },
			body: { errors: [{ code: 9, message: 'no' }] },
		}),
	],
	['HTTP 500', (call) => ({ status: 500, body: { message: echoOf(call) } })],
	[
		'HTTP 401',
		(call) => ({ status: 401, body: { errors: [{ code: 401, message: echoOf(call) }] } }),
	],
	['HTTP 429', (call) => ({ status: 429, body: { message: echoOf(call) } })],
	[
		'a key of the body',
		(call) => ({ body: { [echoOf(call)]: 1, errors: [{ code: 9, message: 'no' }] } }),
	],
	['nonsense', (call) => ({ body: `{"x": "${echoOf(call)}` })],
	[
		'a coupon',
		(call) => ({
			body: {
				code: 'A1',
				seriesId: 1,
				customer: { id: 1 },
				echo: echoOf(call),
				headers: call.headers,
			},
		}),
	],
];
const SETTINGS = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'];
const CASES = ECHOES.flatMap(([where, answer]) =>
	SETTINGS.map((onError) => ({ where, answer, onError })),
);

describe('no secret comes out, although the API echoes it', () => {
	let logged: string[];
	beforeEach(() => {
		logged = [];
		for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
			jest
				.spyOn(console, method)
				.mockImplementation((...args) => void logged.push(serialize(args)));
		}
	});
	afterEach(() => jest.restoreAllMocks());

	it.each(CASES)('Basic, in $where ($onError)', async ({ answer, onError }) => {
		server.answer(answer);
		for (const simplify of [true, false]) {
			const parameters = { ...GOOD.issue, simplify, options: { maxWait: 0 } };
			const run = await server.run(parameters, [{}], { onError }, basic());
			expectNoSecret(serialize(run.items, run.errors, run.error, run.runData, logged));
		}
	});

	it.each(CASES)('OAuth, in $where ($onError)', async ({ answer, onError }) => {
		server.answer((call) => (call.path === TOKEN_PATH ? token : answer(call)));
		for (const simplify of [true, false]) {
			const parameters = { ...GOOD.issue, simplify, options: { maxWait: 0 } };
			const run = await server.run(parameters, [{}], { onError }, oauth());
			expectNoSecret(serialize(run.items, run.errors, run.error, run.runData, logged));
		}
	});

	it.each(CASES)('of the token call, in $where ($onError)', async ({ answer, onError }) => {
		server.answer(answer);
		const run = await server.run(
			{ ...GOOD.issue, options: { maxWait: 0 } },
			[{}],
			{ onError },
			oauth(),
		);
		expectNoSecret(serialize(run.items, run.errors, run.error, run.runData, logged));
		const { message } = await testCredential(oauth());
		expectNoSecret(message);
	});

	it.each(ECHOES)('in the credential test, in %s', async (_, answer) => {
		server.answer((call) => (call.path === TOKEN_PATH ? token : answer(call)));
		for (const login of [basic(), oauth()]) {
			const { message } = await testCredential(login);
			expectNoSecret(message);
		}
	});

	it.each([
		['as PHP writes JSON', (text: string) => text.replaceAll('/', '\\/')],
		[
			'with every sign escaped',
			(text: string) =>
				[...text].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
		],
	])('also %s', async (_, written) => {
		server.answer(({ headers }) => {
			const login = String(headers.authorization).replace('Basic ', '');
			return { body: `{"code":"A1","seriesId":1,"echo":"${written(login)}","a":"\\\\/\\u0022"}` };
		});
		// Its base64 has slashes.
		const login = { ...server.basic, username: '???' };
		const { items } = await server.run({ ...GOOD.issue, simplify: false }, [{}], {}, login);

		expect(String(server.calls[0]?.headers.authorization)).toContain('/');
		expect(items[0].json).toMatchObject({ echo: '*****', a: '\\/"' });
	});

	it('also when the connection ends, with the request in the error', async () => {
		server.answer((call) => (call.path === TOKEN_PATH ? token : { hangUp: true }));
		for (const login of [basic(), oauth()]) {
			const run = await server.run(GOOD.issue ?? {}, [{}], {}, login);
			expect(run.error.context.data.outcome).toBe('unknown');
			expectNoSecret(serialize(run.error, run.runData));
		}
		server.answer(() => ({ hangUp: true }));
		const run = await server.run({ ...GOOD.issue, options: { maxWait: 0 } }, [{}], {}, oauth());
		expectNoSecret(serialize(run.error, run.runData));
	});
});
