'use strict';
const { randomUUID } = require('node:crypto');
const { poll } = require('./log');

/**
 * @typedef {import('./client').Credential} Credential
 * @typedef {import('./client').Execution} Execution
 * @typedef {import('./client').Item} Item
 * @typedef {import('./client').N8nClient} N8nClient
 */

/**
 * One run of the node in a workflow: webhook in, one item for each element of `items`, the node.
 * @typedef {object} Request
 * @property {Record<string, unknown>} parameters the node's
 * @property {Credential} credential
 * @property {Array<Record<string, unknown>>} items
 * @property {Record<string, unknown>} [settings] the node's: `onError`, `retryOnFail` and the like
 */

/**
 * @typedef {object} Outcome
 * @property {number} status the webhook's
 * @property {Item[]} main the node's first output
 * @property {Item[]} failed its error output
 * @property {any} error what stopped the workflow
 * @property {Execution} execution
 */

const NODE = 'Capillary Coupons';

/**
 * The workflow behind `runNode`, for tests that need more than one run of it.
 * @param {Request} request
 * @param {string} path the webhook's
 * @returns {import('./client').WorkflowFile}
 */
function flow({ parameters, credential, settings }, path) {
	/** @type {(name: string, type: string, version: number, rest: object) => object} */
	const node = (name, type, typeVersion, rest) => ({
		id: randomUUID(),
		name,
		type,
		typeVersion,
		position: [0, 0],
		...rest,
	});
	/** @param {string} name */
	const to = (name) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });
	return {
		name: `e2e ${path}`,
		nodes: [
			node('Webhook', 'n8n-nodes-base.webhook', 2.1, {
				webhookId: path,
				parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
			}),
			node('Items', 'n8n-nodes-base.splitOut', 1, {
				parameters: { fieldToSplitOut: 'body.items', options: {} },
			}),
			node(NODE, 'n8n-nodes-capillary.capillaryCoupons', 1, {
				parameters,
				credentials: { [credential.type]: { id: credential.id, name: credential.name } },
				...settings,
			}),
		],
		connections: { Webhook: to('Items'), Items: to(NODE) },
		settings: { executionOrder: 'v1' },
	};
}

/**
 * Runs the node once in a workflow of its own, called through its webhook.
 * @param {N8nClient} client
 * @param {Request} request
 * @returns {Promise<Outcome>}
 */
async function runNode(client, request) {
	const path = randomUUID();
	const workflow = await client.importWorkflow(flow(request, path));
	try {
		await client.activate(workflow);
		const { status } = await client.webhook(path, { items: request.items });
		const id = await poll(async () => (await client.executions(workflow.id))[0]?.id, {
			what: 'n8n shows no execution of the workflow',
		});
		const execution = await client.execution(id);
		const { runData, error } = execution.data.resultData;
		const [main, failed] = runData[NODE]?.at(-1)?.data?.main ?? [];
		return { status, main: main ?? [], failed: failed ?? [], error, execution };
	} finally {
		await client.deleteWorkflow(workflow);
	}
}

module.exports = { flow, runNode };
