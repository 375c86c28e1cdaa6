import { coupons, inARow, issueTo, node, NODE, split, to } from '../lib/workflow.cts';

const trigger = node('Start', 'n8n-nodes-base.manualTrigger');

export const onlyTrigger = inARow('First coupon', [trigger]);

const customers = ['918028464628', '910000000000', '1234512345'].map((mobile) => ({ mobile }));
const setItems = { mode: 'raw', jsonOutput: JSON.stringify({ customers }), options: {} };
const row = inARow('Welcome coupons', [
	trigger,
	node('New customers', 'n8n-nodes-base.set', setItems, { typeVersion: 3.4, position: [200, 0] }),
	split('One by one', 'customers', { position: [400, 0] }),
	coupons(issueTo('={{ $json.mobile }}'), { position: [600, 0], onError: 'continueErrorOutput' }),
]);

/** Three customers, one of whom Capillary does not know: two coupons, one item on the error output. */
export const errorBranch = {
	...row,
	nodes: [
		...row.nodes,
		node('Send the code', 'n8n-nodes-base.noOp', {}, { position: [840, -110] }),
		node('Tell the team', 'n8n-nodes-base.noOp', {}, { position: [840, 110] }),
	],
	connections: {
		...row.connections,
		[NODE]: { main: [[to('Send the code')], [to('Tell the team')]] },
	},
};
