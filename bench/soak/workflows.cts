// What runs during the soak: every operation, both ways to log in, both ways to go on after an error.
import { byMobile, coupons } from '../lib/cases.cts';
import { flow, type Step } from '../lib/flow.cts';
import type { WorkflowFile } from '../lib/n8n.cts';

/** One webhook that is called again and again. */
export interface Load {
	/** The webhook's. */
	path: string;
	way: 'basic' | 'oauth';
	/** How many a call. */
	items: number;
	parameters: Step['parameters'];
	settings?: Step['settings'];
}

const toOutput = { onError: 'continueErrorOutput' };
const inPlace = { onError: 'continueRegularOutput' };
const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
const issue = { operation: 'issue', ...byMobile };
const codes = { lookupBy: 'couponCodes', lookupValues: 'abAB123, 6WRNA5UM, vmqvzcvymt, NONE' };
/** A customer of the sandbox with 250 coupons. */
const COLLECTOR = '4000000250';
const all = { ...byMobile, mobile: COLLECTOR, customerIdentifier: COLLECTOR, returnAll: true };

export const LOADS: Load[] = [
	{ path: 'one', way: 'oauth', items: 1, parameters: issue },
	{ path: 'many', way: 'basic', items: 60, parameters: issue, settings: toOutput },
	{ path: 'retry', way: 'oauth', items: 10, parameters: issue, settings: retry },
	{
		path: 'multiple',
		way: 'oauth',
		items: 5,
		parameters: { ...issue, operation: 'issueMultiple', count: 20 },
		settings: inPlace,
	},
	{
		path: 'lookup',
		way: 'basic',
		items: 20,
		parameters: { operation: 'getCoupon', ...codes },
		settings: inPlace,
	},
	{
		path: 'customer',
		way: 'oauth',
		items: 1,
		parameters: { operation: 'getCustomerCoupons', ...all },
	},
];

/** The workflow that puts this load on the node. */
export function workflowOf({ path, parameters, settings }: Load): WorkflowFile {
	const workflow = flow(path, [coupons(parameters, { ...settings, alwaysOutputData: true })]);
	// Kept executions would let the database grow, not the node.
	const keep = { saveDataSuccessExecution: 'none', saveDataErrorExecution: 'none' } as const;
	return { ...workflow, settings: { ...workflow.settings, ...keep } };
}

/** A workflow without our node: an expression in a node of n8n's. */
export const OTHER = flow('other', [
	{
		name: 'Other',
		type: 'n8n-nodes-base.set',
		version: 3.4,
		parameters: { mode: 'raw', jsonOutput: '={{ { mobile: $json.mobile } }}', options: {} },
	},
]);

const fault = (kind: string, count: number, more = {}) => [
	{ fault: { kind, ...more }, match: { count } },
];

/** One after the other, some seconds each. */
export const FAULTS = [
	[],
	fault('rateLimited', 40, { retryAfter: 1 }),
	fault('status', 30, { status: 503 }),
	fault('lostAfter', 20),
	fault('lostBefore', 20),
	[
		{
			fault: { kind: 'expiredToken', as: '401xml', revoke: true },
			match: { path: '/v2/coupon/issue' },
		},
	],
	fault('truncated', 20),
	fault('latency', 200, { ms: 800 }),
	fault('status', 20, { status: 500, body: 'html' }),
	fault('rateLimited', 10, { body: 'html' }),
];
