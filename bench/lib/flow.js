'use strict';
const { randomUUID } = require('node:crypto');

/**
 * Webhook in, one item for each element of `items`, the steps, the first item out: what comes out of
 * the steps is counted in the execution's data and not sent over the wire.
 * @param {string} path the webhook's
 * @param {import('./cases').Step[]} steps
 * @returns {import('../../e2e/lib/client').WorkflowFile}
 */
function flow(path, steps) {
	/** @type {import('./cases').Step[]} */
	const all = [
		{
			name: 'Webhook',
			type: 'n8n-nodes-base.webhook',
			version: 2.1,
			parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
		},
		{
			name: 'Items',
			type: 'n8n-nodes-base.splitOut',
			version: 1,
			parameters: { fieldToSplitOut: 'body.items', options: {} },
		},
		...steps,
		{ name: 'Last', type: 'n8n-nodes-base.limit', version: 1, parameters: { maxItems: 1 } },
	];
	const nodes = all.map(({ name, type, version, parameters }) => ({
		id: randomUUID(),
		name,
		type,
		typeVersion: version,
		position: [0, 0],
		parameters,
		...(name === 'Webhook' && { webhookId: path }),
		...(name === 'Capillary Coupons' && { credentials: { capillaryApi: {} } }),
		...(name === 'HTTP Request' && { credentials: { httpBasicAuth: {} } }),
	}));
	/** @type {Record<string, any>} */
	const connections = {};
	all.slice(1).forEach(({ name }, index) => {
		const from = all[index]?.name ?? '';
		connections[from] = { main: [[{ node: name, type: 'main', index: 0 }]] };
	});
	return { name: `bench ${path}`, nodes, connections, settings: { executionOrder: 'v1' } };
}

module.exports = { flow };
