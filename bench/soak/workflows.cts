// What runs during the soak: every operation, both ways to log in, both ways to go on after an error.
import type { INode } from 'n8n-workflow';

import { byMobile, ISSUE } from '../lib/cases.cts';
import { flow } from '../lib/flow.cts';
import { coupons, node, type WorkflowFile } from '../lib/n8n.cts';

/** One webhook that is called again and again. */
export interface Load {
	/** The webhook's. */
	path: string;
	way: 'basic' | 'oauth';
	/** How many a call. */
	items: number;
	parameters: object;
	settings?: Partial<INode>;
}

const toOutput = { onError: 'continueErrorOutput' } as const;
const inPlace = { onError: 'continueRegularOutput' } as const;
const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
const codes = { lookupBy: 'couponCodes', lookupValues: 'abAB123, 6WRNA5UM, vmqvzcvymt, NONE' };
/** A customer of the sandbox with 250 coupons. */
const COLLECTOR = '4000000250';
const all = { ...byMobile, mobile: COLLECTOR, customerIdentifier: COLLECTOR, returnAll: true };

export const LOADS: Load[] = [
	{ path: 'one', way: 'oauth', items: 1, parameters: ISSUE },
	{ path: 'many', way: 'basic', items: 60, parameters: ISSUE, settings: toOutput },
	{ path: 'retry', way: 'oauth', items: 10, parameters: ISSUE, settings: retry },
	{
		path: 'multiple',
		way: 'oauth',
		items: 5,
		parameters: { ...ISSUE, operation: 'issueMultiple', count: 20 },
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

const set = { mode: 'raw', jsonOutput: '={{ { mobile: $json.mobile } }}', options: {} };

/** A workflow without our node: an expression in a node of n8n's. */
export const OTHER = flow('other', [
	node('Other', 'n8n-nodes-base.set', set, { typeVersion: 3.4 }),
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
