import { runNode } from './lib/runs.cts';
import { issueTo } from './lib/workflow.cts';
import { world } from './lib/world.cts';

const { client, sandbox } = world();

const basic = {
	host: sandbox.url,
	authentication: 'basic',
	username: 'sandbox.till',
	password: 'loopback-only',
};
const oauth = {
	host: sandbox.url,
	authentication: 'oauth',
	clientKey: 'sandbox-key',
	clientSecret: 'loopback-only',
};
/** Of `loopback-only`. */
const MD5 = '85251984c6d606ac5bfac96a0897c242';

/** What the editor's "Test" says of a credential with this data. */
async function test(data: Record<string, unknown>) {
	const name = 'Under test';
	const credential = await client.createCredential({ name, type: 'capillaryApi', data });
	try {
		return await client.testCredential(credential);
	} finally {
		await client.deleteCredential(credential.id);
	}
}

beforeEach(async () => await sandbox.control('DELETE', '/faults'));

describe('green', () => {
	it.each([
		['Basic', basic],
		['Basic, the password as its MD5 hash', { ...basic, password: MD5, isMd5: true }],
		['Basic, letters beyond ASCII', { ...basic, username: 'umlaut.till', password: 'pässwörd-€' }],
		['Basic, a slash after the host', { ...basic, host: `${sandbox.url}/` }],
		['OAuth', oauth],
		[
			'OAuth, for a store',
			{ ...oauth, attributionType: 'STORE_CODE', attributionCode: 'store_002' },
		],
	])('%s', async (_name, data) => {
		expect(await test(data)).toEqual({ status: 'OK', message: expect.any(String) });
	});

	it('OAuth, though Capillary has revoked the token in use', async () => {
		await test(oauth);
		await sandbox.control('POST', '/revoke-token', {});

		expect(await test(oauth)).toEqual({ status: 'OK', message: expect.any(String) });
	});
});

describe('red, with a sentence that says what to fix', () => {
	const nowhere = 'http://127.0.0.1:1';

	it.each([
		['a wrong password', { ...basic, password: 'wrong' }, /user\s?name|password|login/i],
		['a wrong user name', { ...basic, username: 'nobody' }, /user\s?name|password|login/i],
		['a hash that is none', { ...basic, isMd5: true }, /MD5/],
		['a wrong key', { ...oauth, clientKey: 'wrong' }, /'Client Key'/],
		['a wrong secret', { ...oauth, clientSecret: 'wrong' }, /'Client Secret'/],
		['a host where nobody listens', { ...basic, host: nowhere }, /host|reach|refused/i],
		['a host where nobody listens, OAuth', { ...oauth, host: nowhere }, /host|reach|refused/i],
		['an empty host', { ...basic, host: ' ' }, /'Host'/],
		['no host name', { ...basic, host: 'not a host' }, /'Host'/],
		['plain http over the network', { ...basic, host: 'http://capillary.example' }, /https/],
	])('%s', async (_name, data, sentence) => {
		const { status, message } = await test(data);

		expect({ status, message }).toEqual({
			status: 'Error',
			message: expect.stringMatching(sentence),
		});
		expect(message).not.toContain('loopback-only');
	});

	it.each([
		['an error in an answer of HTTP 200', { status: 200, body: { errors: [{ code: 401 }] } }],
		['XML', { status: 401, body: 'xml' }],
		['498', { status: 498, body: 'empty' }],
		['403', { status: 403, body: 'html' }],
	])('the API says no by %s', async (_name, answer) => {
		await sandbox.fault({ kind: 'status', ...answer }, { method: 'GET' });

		const { status, message } = await test(basic);
		expect(status).toBe('Error');
		expect(message).toMatch(/[a-z]+ [a-z]+/i);
	});
});

it('with expressions for fields: each item is issued under the login that it names', async () => {
	await sandbox.reset();
	const data = { ...basic, username: '={{ $json.till }}', password: '={{ $json.password }}' };
	const name = 'By item';
	const credential = await client.createCredential({ name, type: 'capillaryApi', data });
	const main = { till: 'sandbox.till', password: 'loopback-only' };
	const downtown = { till: 'umlaut.till', password: 'pässwörd-€' };
	const items = [main, downtown, downtown, main, main, downtown, downtown, downtown].map(
		(login, row) => ({ ...login, mobile: `9199${10_000_000 + row}` }),
	);
	const parameters = issueTo('={{ $json.mobile }}');
	const { error } = await runNode(client, { parameters, credential, items });
	await client.deleteCredential(credential.id);

	expect(error).toBeUndefined();
	const issued = await sandbox.ledger();
	const stores = issued.sort((a, b) => a.customerId - b.customerId).map(({ store }) => store.code);
	expect(stores).toEqual(items.map(({ till }) => (till === main.till ? 'store_001' : 'store_002')));
});
