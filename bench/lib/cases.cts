// What is measured: for each case our node, and n8n's own nodes doing the same calls.
import type { INode } from 'n8n-workflow';

import { first } from './flow.cts';
import { coupons, node, series, split } from './n8n.cts';

export const SERIES = 868760;
/** A customer with as many coupons as `prepare` has issued. */
export const COLLECTOR = '919900000001';
const PAGE = 200;

/** Calls that the API takes in a window of time. */
export interface RateLimit {
	calls: number;
	windowMs: number;
}

/** One measurement: what goes in, the steps of both sides, and what must come out. */
export interface Case {
	name: string;
	latencyMs: number;
	/** What goes in. */
	items: Array<Record<string, unknown>>;
	ours: INode[];
	theirs: INode[];
	/** How many items come out of each. */
	out: number;
	/** How many calls the API gets. */
	calls: number;
	/** The same for the other side, where it needs another number. */
	theirCalls?: number;
	/** The sandbox is emptied before each round. */
	issues?: boolean;
	/** What goes in, for each run anew: with customers whom the node has issued nothing to a moment ago. */
	itemsOf?: (run: number) => Case['items'];
	rateLimit?: RateLimit;
	/** A credential of its own for each run: nothing is known about how fast the API answers. */
	cold?: boolean;
	/** Only measured when `--only` names it. */
	onRequest?: boolean;
	/** How much of the other side's time it may take; a cold case: of its speed it must have at least. */
	target?: number;
}

function httpRequest(parameters: object): INode {
	const login = { authentication: 'genericCredentialType', genericAuthType: 'httpBasicAuth' };
	return node(
		'HTTP Request',
		'n8n-nodes-base.httpRequest',
		{ ...login, options: {}, ...parameters },
		{ typeVersion: 4.2, credentials: { httpBasicAuth: { id: '', name: '' } } },
	);
}

function get(url: string, options = {}): INode {
	return httpRequest({ method: 'GET', url, options });
}

function post(url: string, fields: string): INode {
	const jsonBody = `={ "seriesId": ${SERIES}, ${fields}"customer": { "mobile": "{{ $json.mobile }}" } }`;
	return httpRequest({ method: 'POST', url, sendBody: true, specifyBody: 'json', jsonBody });
}

const MOBILE = '={{ $json.mobile }}';
// `customerIdentifier` is for earlier builds, which `--dist` may name; n8n drops what a node lacks.
export const byMobile = {
	customerIdentifierType: 'mobile',
	customerIdentifier: MOBILE,
	mobile: MOBILE,
};
export const ISSUE = { operation: 'issue', seriesId: series(SERIES), ...byMobile };

function customers(count: number, from = 1000): Case['items'] {
	return Array.from({ length: count }, (_, index) => ({
		mobile: `9199${String(index + from).padStart(8, '0')}`,
	}));
}

/** One coupon to each of many customers. @param latencyMs of the sandbox's answers */
export function issueCase(host: string, count: number, latencyMs: number): Case {
	return {
		name: `Issue, ${format(count)} items`,
		latencyMs,
		items: customers(count),
		ours: [coupons(ISSUE)],
		theirs: [post(`${host}/v2/coupon/issue`, '')],
		out: count,
		calls: count,
		issues: true,
	};
}

/** 500 coupons a call. @param latencyMs of the sandbox's answers */
export function issueMultipleCase(host: string, calls: number, latencyMs: number): Case {
	const count = 500;
	const url = `${host}/v2/coupon/issue/multiple`;
	return {
		name: `Issue Multiple, ${count} coupons a call, ${calls === 1 ? '1 item' : `${calls} items`}`,
		latencyMs,
		items: customers(calls),
		ours: [coupons({ ...ISSUE, operation: 'issueMultiple', count })],
		theirs: [post(url, `"count": ${count}, `), split('Split Out', 'coupons')],
		out: calls * count,
		calls,
		issues: true,
	};
}

const LOOKUP = { operation: 'getCoupon', lookupBy: 'couponCodes' };
const lookupUrl = (host: string) => `=${host}/v2/coupon?{{ $json.query }}`;

/** All codes in one item. The HTTP Request node gets them as ten items with a ready query each. */
export function lookupListCase(host: string, codes: string[], latencyMs: number): Case {
	const items = Array.from({ length: codes.length / 100 }, (_, part) => {
		const some = codes.slice(part * 100, part * 100 + 100);
		const query = some.map((code) => `couponCodes=${code}`).join('&');
		return { codes: part === 0 ? codes : undefined, query };
	});
	return {
		name: `Get Coupon, ${format(codes.length)} codes in one list`,
		latencyMs,
		items,
		ours: [first('First'), coupons({ ...LOOKUP, lookupValues: '={{ $json.codes }}' })],
		theirs: [get(lookupUrl(host)), split('Split Out', 'data')],
		out: codes.length,
		calls: items.length,
	};
}

/** A call for each code. */
export function lookupCase(host: string, codes: string[], latencyMs: number): Case {
	return {
		name: `Get Coupon, ${format(codes.length)} items with a code each`,
		latencyMs,
		items: codes.map((code) => ({ code, query: `couponCodes=${code}` })),
		ours: [coupons({ ...LOOKUP, lookupValues: '={{ $json.code }}' })],
		theirs: [get(lookupUrl(host)), split('Split Out', 'data')],
		out: codes.length,
		calls: codes.length,
	};
}

const COUPONS = 'response.customers.customer[0].coupons.coupon';
const listUrl = (host: string, limit: number) =>
	`=${host}/v1.1/customer/coupons?mobile={{ $json.mobile }}&limit=${limit}`;

/** @param held how many coupons the customer has */
export function pagesCase(host: string, held: number, latencyMs: number): Case {
	const pagination = {
		paginationMode: 'updateAParameterInEachRequest',
		parameters: {
			parameters: [{ type: 'qs', name: 'offset', value: `={{ $pageCount * ${PAGE} }}` }],
		},
		paginationCompleteWhen: 'other',
		completeExpression: `={{ $pageCount * ${PAGE} >= $response.body.response.pagination.total }}`,
	};
	return {
		name: `Get Customer Coupons, ${format(held)} coupons in pages`,
		latencyMs,
		items: [{ mobile: COLLECTOR }],
		ours: [coupons({ operation: 'getCustomerCoupons', ...byMobile, returnAll: true })],
		theirs: [get(listUrl(host, PAGE), { pagination: { pagination } }), split('Split Out', COUPONS)],
		out: held,
		calls: held / PAGE,
	};
}

/** Customers of their own, with a coupon each from `prepare`. */
export function customerCouponsCase(host: string, mobiles: string[], latencyMs: number): Case {
	return {
		name: `Get Customer Coupons, ${format(mobiles.length)} items`,
		latencyMs,
		items: mobiles.map((mobile) => ({ mobile })),
		ours: [coupons({ operation: 'getCustomerCoupons', ...byMobile })],
		theirs: [get(listUrl(host, 50)), split('Split Out', COUPONS)],
		out: mobiles.length,
		calls: mobiles.length,
	};
}

/**
 * Capillary's limit of 600 calls a minute, at twice the speed; and short windows. A new credential meets
 * each for the first time.
 */
export function rateLimitCases(host: string): Case[] {
	const limited = (count: number, latencyMs: number, rateLimit: RateLimit): Case => ({
		...issueCase(host, count, latencyMs),
		name: `Issue, ${format(count)} items, ${rateLimit.calls} calls in ${rateLimit.windowMs / 1000} s`,
		rateLimit,
		cold: true,
	});
	return [
		limited(2400, 0, { calls: 600, windowMs: 30_000 }),
		...[1, 30, 300].map((latency) => limited(1000, latency, { calls: 200, windowMs: 5_000 })),
	];
}

/** A look before each issue, beside the plain Issue of this node. */
export function issueOnceCase(host: string, count: number, latencyMs: number): Case {
	const plain = issueCase(host, count, latencyMs);
	return {
		...plain,
		name: `Issue Once beside plain Issue, ${format(count)} items`,
		ours: [coupons({ ...ISSUE, issueOnce: true })],
		theirs: plain.ours,
		itemsOf: (run) => customers(count, 1000 + run * count),
		calls: 2 * count,
		theirCalls: count,
		onRequest: true,
	};
}

const MODES = { Stop: 'stopWorkflow', Continue: 'continueRegularOutput' } as const;

/** A case as a campaign meets it, with a credential that has not been used for long. */
export function coldCase(warm: Case, mode: keyof typeof MODES): Case {
	const withMode = (steps: INode[]) => steps.map((step) => ({ ...step, onError: MODES[mode] }));
	return {
		...warm,
		name: `${warm.name}, cold, ${mode}`,
		ours: withMode(warm.ours),
		theirs: withMode(warm.theirs),
		cold: true,
	};
}

function format(count: number): string {
	return count.toLocaleString('en-US');
}
