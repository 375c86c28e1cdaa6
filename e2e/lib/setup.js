'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { N8nClient } = require('./client');
const { startN8n } = require('./n8n');
const { installNode, pack } = require('./pack');
const { CACHE } = require('./paths');
const { stopAll } = require('./processes');
const { startSandbox } = require('./sandbox');
const { publish } = require('./world');

/** @param {string} line */
const log = (line) => void process.stdout.write(`${line}\n`);

/** Starts what all end-to-end tests use: a sandbox and an n8n that has never seen the node before. */
module.exports = async () => {
	try {
		await startWorld();
	} catch (error) {
		await stopAll();
		throw error;
	}
};

async function startWorld() {
	const tarball = await pack({ log });
	const userFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-capillary-e2e-'));
	process.env['CAPILLARY_E2E_FOLDER'] = userFolder;
	installNode(userFolder, tarball);
	const logs = path.join(CACHE, 'logs');
	const [sandbox, n8n] = await Promise.all([
		startSandbox({ log, logFile: path.join(logs, 'e2e-sandbox.log') }),
		startN8n({ log, userFolder, logFile: path.join(logs, 'e2e-n8n.log') }),
	]);
	const client = new N8nClient(n8n.url);
	await client.signIn({ email: 'owner@sandbox.example', password: 'Sandbox-1234' });
	/** @param {'basic' | 'oauth'} kind */
	const create = async (kind) =>
		await client.createCredential({
			name: `Sandbox ${kind}`,
			type: 'capillaryApi',
			data: sandbox.accounts[kind],
		});
	const credentials = { basic: await create('basic'), oauth: await create('oauth') };
	publish({ client, sandbox, credentials });
}
