'use strict';
// What is measured: for each case our node, and n8n's own nodes doing the same calls.

const SERIES = 868760;
/** A customer with as many coupons as `prepare` has issued. */
const COLLECTOR = '919900000001';
const PAGE = 200;
/** Capillary's limit of 600 calls a minute, at twice the speed. */
const LIMIT = { calls: 600, windowMs: 30_000 };

/**
 * A node of a workflow, without what all nodes have.
 * @typedef {{ name: string, type: string, version: number, parameters: Record<string, unknown> }} Step
 */

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {number} latencyMs
 * @property {Array<Record<string, unknown>>} items what goes in
 * @property {Step[]} ours
 * @property {Step[]} theirs
 * @property {number} out how many items come out of each
 * @property {number} calls how many calls the API gets
 * @property {boolean} [issues] the sandbox is emptied before each round
 * @property {{ calls: number, windowMs: number }} [rateLimit]
 */

/**
 * @param {Record<string, unknown>} parameters
 * @returns {Step}
 */
function coupons(parameters) {
	return {
		name: 'Capillary Coupons',
		type: 'n8n-nodes-capillary.capillaryCoupons',
		version: 1,
		parameters: { seriesId: { __rl: true, mode: 'id', value: String(SERIES) }, ...parameters },
	};
}

/**
 * @param {Record<string, unknown>} parameters
 * @returns {Step}
 */
function httpRequest(parameters) {
	return {
		name: 'HTTP Request',
		type: 'n8n-nodes-base.httpRequest',
		version: 4.2,
		parameters: {
			authentication: 'genericCredentialType',
			genericAuthType: 'httpBasicAuth',
			...parameters,
		},
	};
}

/**
 * @param {string} field a list in the answer; each element becomes an item
 * @returns {Step}
 */
function splitOut(field) {
	return {
		name: 'Split Out',
		type: 'n8n-nodes-base.splitOut',
		version: 1,
		parameters: { fieldToSplitOut: field, options: {} },
	};
}

/** @param {string} url @param {string} json */
function post(url, json) {
	const body = { sendBody: true, specifyBody: 'json', jsonBody: json };
	return httpRequest({ method: 'POST', url, ...body, options: {} });
}

const byMobile = { customerIdentifierType: 'mobile', customerIdentifier: '={{ $json.mobile }}' };

/** @param {number} count */
function customers(count) {
	return Array.from({ length: count }, (_, index) => ({
		mobile: `9199${String(index + 1000).padStart(8, '0')}`,
	}));
}

/**
 * @param {string} host
 * @param {number} count
 * @param {number} latencyMs
 * @returns {Case}
 */
function issueCase(host, count, latencyMs) {
	const json = `={ "seriesId": ${SERIES}, "customer": { "mobile": "{{ $json.mobile }}" } }`;
	return {
		name: `Issue, ${format(count)} items`,
		latencyMs,
		items: customers(count),
		ours: [coupons({ operation: 'issue', ...byMobile })],
		theirs: [post(`${host}/v2/coupon/issue`, json)],
		out: count,
		calls: count,
		issues: true,
	};
}

/**
 * @param {string} host
 * @param {number} calls
 * @param {number} latencyMs
 * @returns {Case}
 */
function issueMultipleCase(host, calls, latencyMs) {
	const count = 500;
	const json = `={ "seriesId": ${SERIES}, "count": ${count}, "customer": { "mobile": "{{ $json.mobile }}" } }`;
	return {
		name: `Issue Multiple, ${count} coupons a call, ${calls === 1 ? '1 item' : `${calls} items`}`,
		latencyMs,
		items: customers(calls),
		ours: [coupons({ operation: 'issueMultiple', ...byMobile, count })],
		theirs: [post(`${host}/v2/coupon/issue/multiple`, json), splitOut('coupons')],
		out: calls * count,
		calls,
		issues: true,
	};
}

/**
 * 1,000 codes from one item. The HTTP Request node gets them as ten items with a ready query each.
 * @param {string} host
 * @param {string[]} codes
 * @param {number} latencyMs
 * @returns {Case[]}
 */
function lookupCases(host, codes, latencyMs) {
	const url = `=${host}/v2/coupon?{{ $json.query }}`;
	const parts = Array.from({ length: codes.length / 100 }, (_, part) => ({
		codes: part === 0 ? codes : undefined,
		query: codes
			.slice(part * 100, part * 100 + 100)
			.map((code) => `couponCodes=${code}`)
			.join('&'),
	}));
	const lookup = { operation: 'getCoupon', lookupBy: 'couponCodes' };
	return [
		{
			name: `Get Coupon, ${format(codes.length)} codes in one list`,
			latencyMs,
			items: parts,
			ours: [
				{ name: 'First', type: 'n8n-nodes-base.limit', version: 1, parameters: { maxItems: 1 } },
				coupons({ ...lookup, lookupValues: '={{ $json.codes }}' }),
			],
			theirs: [httpRequest({ method: 'GET', url, options: {} }), splitOut('data')],
			out: codes.length,
			calls: parts.length,
		},
		{
			name: `Get Coupon, ${format(codes.length)} items with a code each`,
			latencyMs,
			items: codes.map((code) => ({ code, query: `couponCodes=${code}` })),
			ours: [coupons({ ...lookup, lookupValues: '={{ $json.code }}' })],
			theirs: [httpRequest({ method: 'GET', url, options: {} }), splitOut('data')],
			out: codes.length,
			calls: codes.length,
		},
	];
}

/**
 * @param {string} host
 * @param {number} held how many coupons the customer has
 * @param {number} latencyMs
 * @returns {Case}
 */
function customerCouponsCase(host, held, latencyMs) {
	const list = 'response.customers.customer[0].coupons.coupon';
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
		theirs: [
			httpRequest({
				method: 'GET',
				url: `=${host}/v1.1/customer/coupons?mobile={{ $json.mobile }}&limit=${PAGE}`,
				options: { pagination: { pagination } },
			}),
			splitOut(list),
		],
		out: held,
		calls: held / PAGE,
	};
}

/**
 * @param {string} host
 * @returns {Case}
 */
function rateLimitCase(host) {
	return {
		...issueCase(host, 2400, 0),
		name: `Issue, 2,400 items, ${LIMIT.calls} calls in ${LIMIT.windowMs / 1000} s`,
		rateLimit: LIMIT,
	};
}

/** @param {number} count */
function format(count) {
	return count.toLocaleString('en-US');
}

module.exports = {
	COLLECTOR,
	LIMIT,
	SERIES,
	customerCouponsCase,
	issueCase,
	issueMultipleCase,
	lookupCases,
	rateLimitCase,
};
