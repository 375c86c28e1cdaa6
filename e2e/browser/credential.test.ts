import type { CallRecord } from '../../sandbox/types';
import { withWorkflow } from '../lib/runs.cts';
import { KNOWN } from '../lib/sandbox.cts';
import { coupons, inARow, issueTo, NODE, node } from '../lib/workflow.cts';
import { world } from '../lib/world.cts';
import { type Editor, openEditor } from './editor.cts';

const { client, sandbox } = world();

const host = sandbox.url;
const basic = { host, authentication: 'basic' };
const oauth = {
	host,
	authentication: 'oauth',
	clientKey: 'sandbox-key',
	clientSecret: 'loopback-only',
};
/** Of `loopback-only`. */
const MD5 = '85251984c6d606ac5bfac96a0897c242';

const LOGIN = '/v3/oauth/token/generate';
const ISSUE = '/v2/coupon/issue';

let editor: Editor;

beforeAll(async () => {
	editor = await openEditor(client);
}, 300_000);

afterAll(async () => await editor?.close());

/**
 * What a run says to Capillary about who it is: the login, or the token's key and secret, and the
 * store. After a reset, the sandbox refuses the token of an earlier run.
 */
function loginsOf(calls: CallRecord[]) {
	return calls
		.filter(({ path, status }) => [LOGIN, ISSUE].includes(path) && status === 200)
		.map(({ path, headers, body }) => ({
			path,
			authorization: headers['authorization'],
			attributionType: headers['x-cap-api-attribution-entity-type'],
			attributionCode: headers['x-cap-api-attribution-entity-code'],
			...(path === LOGIN && { body }),
		}));
}

// A masked field comes to the editor as a placeholder, which n8n must put back when it saves.
it.each<[string, Record<string, unknown>, string, string[]]>([
	[
		'Basic',
		{ ...basic, username: 'sandbox.till', password: 'loopback-only' },
		'store_001',
		[ISSUE],
	],
	[
		'Basic, the password as its MD5 hash',
		{ ...basic, username: 'sandbox.till', password: MD5, isMd5: true },
		'store_001',
		[ISSUE],
	],
	[
		'Basic, letters beyond ASCII',
		{ ...basic, username: 'umlaut.till', password: 'pässwörd-€' },
		'store_002',
		[ISSUE],
	],
	['OAuth', oauth, 'store_001', [LOGIN, ISSUE]],
	[
		'OAuth, for a store',
		{ ...oauth, attributionType: 'STORE_CODE', attributionCode: 'store_002' },
		'store_002',
		[LOGIN, ISSUE],
	],
	[
		'OAuth, for a till, which is the default type',
		{ ...oauth, attributionCode: 'till.downtown' },
		'store_002',
		[LOGIN, ISSUE],
	],
])('%s: opened and saved, the credential logs in as before', async (name, data, store, paths) => {
	await sandbox.reset();
	const credential = await client.createCredential({ name, type: 'capillaryApi', data });
	const flow = inARow(name, [
		node('Start', 'n8n-nodes-base.manualTrigger'),
		coupons(issueTo(KNOWN.mobile), { position: [200, 0] }),
	]);

	try {
		await withWorkflow(client, flow, [credential], async (workflow) => {
			await client.runFrom(workflow, 'Start');
			const before = loginsOf(await sandbox.calls());
			expect(before.map(({ path }) => path)).toEqual(paths);

			await editor.openWorkflow(workflow.id);
			await editor.openNode(NODE);
			await editor.openCredential();
			const green = editor.credentialDialog.getByText('Connection tested successfully');
			// What the opening tests must not end after the save.
			await green.waitFor();
			// A change, so that there is something to save; it names the same host.
			await editor.fill('host', `${host}/`);
			await editor.saveCredential();
			await green.waitFor();
			await editor.closeCredential();

			await sandbox.reset();
			await editor.executeStep();
			expect(loginsOf(await sandbox.calls())).toEqual(before);
			const issued = await sandbox.ledger();
			expect(issued.map((coupon) => coupon.store.code)).toEqual([store]);
		});
	} finally {
		await client.deleteCredential(credential.id);
	}
});
