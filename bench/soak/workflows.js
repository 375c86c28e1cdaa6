'use strict';
// What runs during the soak: every operation, both ways to log in, both ways to go on after an error.
const { flow } = require('../lib/flow');

const SERIES = { __rl: true, mode: 'id', value: '868760' };
const byMobile = { customerIdentifierType: 'mobile', customerIdentifier: '={{ $json.mobile }}' };

/**
 * @typedef {object} Load
 * @property {string} path the webhook's
 * @property {'basic' | 'oauth'} way
 * @property {string} [onError]
 * @property {boolean} [retryOnFail]
 * @property {number} items
 * @property {Record<string, unknown>} parameters
 */

/** @type {Load[]} */
const LOADS = [
	{
		path: 'soak-one',
		way: 'oauth',
		items: 1,
		parameters: { operation: 'issue', seriesId: SERIES, ...byMobile },
	},
	{
		path: 'soak-many',
		way: 'basic',
		onError: 'continueErrorOutput',
		items: 60,
		parameters: { operation: 'issue', seriesId: SERIES, ...byMobile },
	},
	{
		path: 'soak-retry',
		way: 'oauth',
		retryOnFail: true,
		items: 10,
		parameters: { operation: 'issue', seriesId: SERIES, ...byMobile },
	},
	{
		path: 'soak-multiple',
		way: 'oauth',
		onError: 'continueRegularOutput',
		items: 5,
		parameters: { operation: 'issueMultiple', seriesId: SERIES, ...byMobile, count: 20 },
	},
	{
		path: 'soak-lookup',
		way: 'basic',
		onError: 'continueRegularOutput',
		items: 20,
		parameters: {
			operation: 'getCoupon',
			lookupBy: 'couponCodes',
			lookupValues: 'abAB123, 6WRNA5UM, vmqvzcvymt, NO_SUCH_COUPON',
		},
	},
	{
		path: 'soak-customer',
		way: 'oauth',
		items: 1,
		parameters: {
			operation: 'getCustomerCoupons',
			customerIdentifierType: 'mobile',
			customerIdentifier: '4000000250',
			returnAll: true,
		},
	},
];

/**
 * @param {Load} load
 * @returns {import('../../e2e/lib/client').WorkflowFile}
 */
function workflowOf({ path, parameters, onError, retryOnFail }) {
	const type = 'n8n-nodes-capillary.capillaryCoupons';
	const workflow = flow(path, [{ name: 'Capillary Coupons', type, version: 1, parameters }]);
	const settings = {
		onError,
		...(retryOnFail && { retryOnFail, maxTries: 3, waitBetweenTries: 100 }),
	};
	const nodes = workflow.nodes.map((node) =>
		node.type === type ? { ...node, ...settings, alwaysOutputData: true } : node,
	);
	// Kept executions would let the database grow, not the node.
	const keep = { saveDataSuccessExecution: 'none', saveDataErrorExecution: 'none' };
	return { ...workflow, nodes, settings: { ...workflow.settings, ...keep } };
}

/** A workflow without our node: an expression in a node of n8n's. */
const OTHER = {
	path: 'soak-other',
	workflow: flow('soak-other', [
		{
			name: 'Other',
			type: 'n8n-nodes-base.set',
			version: 3.4,
			parameters: { mode: 'raw', jsonOutput: '={{ { mobile: $json.mobile } }}', options: {} },
		},
	]),
};

/** One after the other, some seconds each. */
const FAULTS = [
	[],
	[{ fault: { kind: 'rateLimited', retryAfter: 1 }, match: { count: 40 } }],
	[{ fault: { kind: 'status', status: 503 }, match: { count: 30 } }],
	[{ fault: { kind: 'lostAfter' }, match: { count: 20 } }],
	[{ fault: { kind: 'lostBefore' }, match: { count: 20 } }],
	[
		{
			fault: { kind: 'expiredToken', as: '401xml', revoke: true },
			match: { path: '/v2/coupon/issue' },
		},
	],
	[{ fault: { kind: 'truncated' }, match: { count: 20 } }],
	[{ fault: { kind: 'latency', ms: 800 }, match: { count: 200 } }],
	[{ fault: { kind: 'status', status: 500, body: 'html' }, match: { count: 20 } }],
	[{ fault: { kind: 'rateLimited', body: 'html' }, match: { count: 10 } }],
];

module.exports = { FAULTS, LOADS, OTHER, workflowOf };
