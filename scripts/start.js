'use strict';
// `npm start`: from a fresh clone to a coupon issued by a workflow in a real n8n, against the sandbox.
const fs = require('node:fs');
const path = require('node:path');
const { requireNode, main } = require('./cli');

requireNode();
const { N8nClient } = require('../e2e/lib/client');
const { installN8n, installTools } = require('../e2e/lib/install');
const { Failure } = require('../e2e/lib/log');
const { startN8n } = require('../e2e/lib/n8n');
const { installNode, pack } = require('../e2e/lib/pack');
const { CACHE, ROOT } = require('../e2e/lib/paths');
const { requireFreePort } = require('../e2e/lib/processes');
const { KNOWN, startSandbox } = require('../e2e/lib/sandbox');

const HELP = `Usage: npm start -- [options]

Starts a sandbox of the Capillary API and a real n8n with this node in it, issues one coupon through
the example workflow and leaves the editor open. Everything n8n keeps is in .n8n/ (delete it to
begin afresh), logs are in .cache/logs/.

  --port <number>  n8n's port (5678)
  --once           stop after the coupon is printed
  --help           show this`;

const LOGIN = { email: 'owner@sandbox.example', password: 'Sandbox-1234' };
const CREDENTIAL = { name: 'Capillary account', type: 'capillaryApi' };
const EXAMPLE = path.join(ROOT, 'examples', 'issue-coupon-on-webhook.json');

/** @param {string[]} args */
function readArguments(args) {
	const options = { port: 5678, once: false, help: false };
	for (let index = 0; index < args.length; index++) {
		const [name, inline] = (args[index] ?? '').split('=', 2);
		if (name === '--once') options.once = true;
		else if (name === '--help' || name === '-h') options.help = true;
		else if (name === '--port') options.port = readPort(inline ?? args[++index]);
		else throw new Failure(`Unknown option ${args[index]}.\n\n${HELP}`);
	}
	return options;
}

/** @param {string | undefined} text */
function readPort(text) {
	const port = Number(text);
	if (Number.isInteger(port) && port > 0 && port < 65536) return port;
	throw new Failure(`--port needs a number from 1 to 65535, not "${text ?? ''}".`);
}

/**
 * Makes n8n ready for the example: owner, credential, active workflow. What is there already stays,
 * only the credential follows the sandbox to its new port.
 * @param {N8nClient} client
 * @param {Record<string, unknown>} data the credential's
 * @returns {Promise<string>} the workflow's id
 */
async function prepare(client, data) {
	await client.signIn(LOGIN).catch((/** @type {Error} */ error) => {
		throw new Failure(`${error.message}. If you changed the login, delete .n8n/ to begin afresh.`);
	});
	const credentials = await client.credentials();
	let credential = credentials.find(({ name, type }) => {
		return name === CREDENTIAL.name && type === CREDENTIAL.type;
	});
	if (credential) await client.updateCredential({ ...CREDENTIAL, id: credential.id, data });
	else credential = await client.createCredential({ ...CREDENTIAL, data });

	const file = JSON.parse(fs.readFileSync(EXAMPLE, 'utf8'));
	const known = (await client.workflows()).find(({ name }) => name === file.name);
	const workflow = known
		? await client.workflow(known.id)
		: await client.importWorkflow(file, [credential]);
	if (!workflow.active) await client.activate(workflow);
	return workflow.id;
}

/**
 * @param {N8nClient} client
 * @param {{ mobile: string }} body
 * @returns {Promise<unknown>} the coupon
 */
async function issueCoupon(client, body) {
	const answer = await client.webhook('issue-coupon', body);
	if (answer.status === 200 && answer.body?.code) return answer.body;
	throw new Failure(`The example workflow answered with ${answer.status}: ${answer.text}`);
}

void main(async ({ log, untilStopped }) => {
	const options = readArguments(process.argv.slice(2));
	if (options.help) return log(HELP);
	const advice = 'Choose another one: npm start -- --port 5680';
	await requireFreePort(options.port, "n8n's editor", advice);

	await installTools({ log });
	const tarball = await pack({ log });
	await installN8n({ log });
	const userFolder = path.join(ROOT, '.n8n');
	if (installNode(userFolder, tarball)) log('Installed the node into n8n');

	const logs = path.join(CACHE, 'logs');
	const [sandbox, n8n] = await Promise.all([
		startSandbox({ log, logFile: path.join(logs, 'start-sandbox.log') }),
		startN8n({ log, port: options.port, userFolder, logFile: path.join(logs, 'start-n8n.log') }),
	]);
	const client = new N8nClient(n8n.url);
	const workflowId = await prepare(client, sandbox.accounts.basic);
	log('Calling the workflow "issue a coupon on webhook" ...');
	const body = { mobile: KNOWN.mobile };
	const coupon = await issueCoupon(client, body);

	log(`\nCoupon issued: ${JSON.stringify(coupon, null, 2)}`);
	if (options.once) return;
	log(`
Try it:    curl -H 'content-type: application/json' -d '${JSON.stringify(body)}' ${n8n.url}/webhook/issue-coupon
Editor:    ${n8n.url}/workflow/${workflowId}
E-mail:    ${LOGIN.email}
Password:  ${LOGIN.password}
Sandbox:   ${sandbox.url}

Ctrl-C stops everything.`);
	await untilStopped(n8n.exited, `n8n ended by itself. Log: ${n8n.logFile}`);
});
