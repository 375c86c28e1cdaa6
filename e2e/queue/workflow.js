'use strict';
const { randomUUID } = require('node:crypto');

/**
 * Webhook in, one coupon for the customer, the coupon out.
 * @param {string} path the webhook's
 * @returns {import('../lib/client').WorkflowFile}
 */
function workflow(path) {
	const node = { id: randomUUID(), position: [0, 0] };
	return {
		name: 'issue in queue mode',
		nodes: [
			{
				...node,
				name: 'Webhook',
				type: 'n8n-nodes-base.webhook',
				typeVersion: 2.1,
				webhookId: path,
				parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
			},
			{
				...node,
				id: randomUUID(),
				name: 'Issue',
				type: 'n8n-nodes-capillary.capillaryCoupons',
				typeVersion: 1,
				parameters: {
					operation: 'issue',
					seriesId: { __rl: true, mode: 'id', value: '868760' },
					customerIdentifierType: 'mobile',
					customerIdentifier: '={{ $json.body.mobile }}',
				},
				credentials: { capillaryApi: {} },
			},
		],
		connections: { Webhook: { main: [[{ node: 'Issue', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}

module.exports = { workflow };
