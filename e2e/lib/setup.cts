import { N8nClient, OWNER } from './client.cts';
import { startN8n } from './n8n.cts';
import { installNode, pack } from './pack.cts';
import { temporaryFolder } from './paths.cts';
import { stopAll } from './processes.cts';
import { startSandbox } from './sandbox.cts';
import { publish } from './world.cts';

/** Starts what all end-to-end tests use: a sandbox and an n8n that has never seen the node before. */
export default async function setup(): Promise<void> {
	try {
		await startWorld();
	} catch (error) {
		await stopAll();
		throw error;
	}
}

async function startWorld(): Promise<void> {
	const tarball = await pack();
	const userFolder = temporaryFolder('e2e');
	installNode(userFolder, tarball);
	const [{ url: sandboxUrl, accounts }, { url }] = await Promise.all([
		startSandbox({ name: 'e2e-sandbox' }),
		startN8n({ userFolder, name: 'e2e-n8n' }),
	]);
	const client = new N8nClient(url);
	await client.signIn(OWNER);
	const create = async (kind: 'basic' | 'oauth') => {
		const data = accounts[kind];
		return await client.createCredential({ name: `Sandbox ${kind}`, type: 'capillaryApi', data });
	};
	const credentials = { basic: await create('basic'), oauth: await create('oauth') };
	publish({ url, cookie: client.cookie, sandboxUrl, tarball, credentials });
}
