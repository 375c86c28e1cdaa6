// `npm start`: from a fresh clone to a coupon issued by a workflow in a real n8n, against the sandbox.
import path from 'node:path';

import { Command } from '@commander-js/extra-typings';

import { N8nClient, OWNER } from '../e2e/lib/client.cts';
import { installN8n } from '../e2e/lib/install.cts';
import { Failure, log } from '../e2e/lib/log.cts';
import { startN8n } from '../e2e/lib/n8n.cts';
import { installNode, pack } from '../e2e/lib/pack.cts';
import { ROOT } from '../e2e/lib/paths.cts';
import { freePort } from '../e2e/lib/processes.cts';
import { readyExample } from '../e2e/lib/runs.cts';
import { KNOWN, startSandbox } from '../e2e/lib/sandbox.cts';
import { runCommand, wholeNumber } from './cli.cts';

const CREDENTIAL = { name: 'Capillary account', type: 'capillaryApi' };

/**
 * Makes n8n ready for the example: owner, credential, active workflow. What is there already stays,
 * only the credential follows the sandbox to its new port.
 * @param data the credential's
 * @returns the workflow's id
 */
async function prepare(client: N8nClient, data: Record<string, unknown>): Promise<string> {
	await client.signIn(OWNER).catch(({ message }: Error) => {
		throw new Failure(`${message}. If you changed the login, delete .n8n/ to begin afresh.`);
	});
	const { name, type } = CREDENTIAL;
	const found = (await client.credentials()).find((one) => one.name === name && one.type === type);
	const credential = found ?? (await client.createCredential({ ...CREDENTIAL, data }));
	if (found) await client.updateCredential({ ...CREDENTIAL, id: found.id, data });

	const example = readyExample('issue-coupon-on-webhook.json');
	const known = (await client.workflows()).find((one) => one.name === example.name);
	const workflow = known
		? await client.workflow(known.id)
		: await client.importWorkflow(example, [credential]);
	if (!workflow.active) await client.activate(workflow);
	return workflow.id;
}

/** @throws {Failure} with what to do when somebody listens on the port already */
async function requireFree(port: number): Promise<void> {
	await freePort(port).catch(({ message }: Error) => {
		throw new Failure(
			`Port ${port}, wanted by n8n's editor, can't be used (${message}). ` +
				'Choose another one: npm start -- --port 5680',
		);
	});
}

const command = new Command('npm start --')
	.description(
		'Starts a sandbox of the Capillary API and a real n8n with this node in it, issues one coupon ' +
			'through the example workflow and leaves the editor open. Everything n8n keeps is in .n8n/ ' +
			'(delete it to begin afresh), logs are in .cache/logs/.',
	)
	.option('--port <number>', "n8n's port", wholeNumber(1, 65_535), 5678)
	.option('--once', 'stop after the coupon is printed')
	.action(async ({ port, once }) => {
		await requireFree(port);
		await installN8n();
		const userFolder = path.join(ROOT, '.n8n');
		installNode(userFolder, await pack());
		const [sandbox, n8n] = await Promise.all([
			startSandbox({ name: 'start-sandbox' }),
			startN8n({ port, userFolder, name: 'start-n8n' }),
		]);
		const client = new N8nClient(n8n.url);
		const workflowId = await prepare(client, sandbox.accounts.basic);

		log('Calling the workflow "issue a coupon on webhook" ...');
		const body = { mobile: KNOWN.mobile };
		const answer = await client.webhook('issue-coupon', body);
		if (answer.status !== 200 || !answer.body?.['code']) {
			throw new Failure(`The example workflow answered with ${answer.status}: ${answer.text}`);
		}
		log(`\nCoupon issued: ${JSON.stringify(answer.body, null, 2)}`);
		if (once) return;
		log(`
Try it:    curl -H 'content-type: application/json' -d '${JSON.stringify(body)}' ${n8n.url}/webhook/issue-coupon
Editor:    ${n8n.url}/workflow/${workflowId}
E-mail:    ${OWNER.email}
Password:  ${OWNER.password}
Sandbox:   ${sandbox.url}

Ctrl-C stops everything.`);
		await n8n.exited;
		throw new Failure(`n8n ended by itself. Log: ${n8n.logFile}`);
	});

void runCommand(command);
