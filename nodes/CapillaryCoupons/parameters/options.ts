import type { INodeProperties } from 'n8n-workflow';

import { oneOf, seconds, timeZone, trueOrFalse, wholeNumber } from './convert';
import { forNode, sendInQuery } from './routing';
import { MAX_CONCURRENT, MAX_WAIT_SECONDS } from './values';

const CODE_CASE = [
	{ name: 'As It Is', value: 'AS_IT_IS', description: 'As the code was created' },
	{ name: 'Lower', value: 'LOWER' },
	{ name: 'Upper', value: 'UPPER' },
];

const ORDER_BY = [
	{ name: 'Created By', value: 'created_by' },
	{ name: 'Created Date', value: 'created_date' },
	{ name: 'Valid Till', value: 'valid_till' },
];

const SORT_ORDER = [
	{ name: 'Ascending', value: 'asc' },
	{ name: 'Descending', value: 'desc' },
];

/** Shown for some operations only; the collection itself is one for all. */
const shownFor = (...operations: string[]) => ({ show: { '/operation': operations } });

/**
 * What few users need, in alphabetical order. One collection for all operations: n8n evaluates a
 * parameter once for each property of its name.
 */
export const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Coupon Code Case',
			name: 'couponCodeCase',
			type: 'options',
			options: CODE_CASE,
			default: 'UPPER',
			displayOptions: shownFor('getCoupon'),
			description: 'The letter case of the codes that come back. The search itself ignores case.',
			routing: sendInQuery('coupon_code_case', oneOf('Coupon Code Case', CODE_CASE)),
		},
		{
			displayName: 'Include Customer',
			name: 'includeCustomer',
			type: 'boolean',
			default: false,
			displayOptions: shownFor('issue', 'issueMultiple', 'getCustomerCoupons'),
			description:
				"Whether to add the customer's name and identifiers, as far as Capillary sends them",
			routing: forNode('includeCustomer', trueOrFalse('Include Customer')),
		},
		{
			displayName: 'Include Customers Without Coupons',
			name: 'includeWithoutCoupons',
			type: 'boolean',
			default: false,
			displayOptions: shownFor('getCustomerCoupons'),
			description:
				"Whether to return one item with 'hasCoupons' set to false for a customer with no coupons that match. A coupon's item then has it set to true.",
			routing: forNode('includeWithoutCoupons', trueOrFalse('Include Customers Without Coupons')),
		},
		{
			displayName: 'Include Input Fields',
			name: 'includeInputFields',
			type: 'boolean',
			default: false,
			description:
				"Whether to add the input item's fields to each item. Where both have a field of the same name, the coupon's is kept.",
			routing: forNode('includeInputFields', trueOrFalse('Include Input Fields')),
		},
		{
			displayName: 'Include Issue Details',
			name: 'includeIssualDetails',
			type: 'boolean',
			default: false,
			displayOptions: shownFor('getCoupon'),
			description: 'Whether to add the metadata that was given when the coupon was issued',
			routing: sendInQuery('includeIssualDetails', trueOrFalse('Include Issue Details')),
		},
		{
			displayName: 'Max Concurrent Calls',
			name: 'maxConcurrent',
			type: 'number',
			default: MAX_CONCURRENT,
			description: 'How many calls this node has open at one time, at most',
			routing: forNode(
				'maxConcurrent',
				wholeNumber('Max Concurrent Calls', { hint: "Change it under 'Options'." }),
			),
		},
		{
			displayName: 'Max Wait (Seconds)',
			name: 'maxWait',
			type: 'number',
			default: MAX_WAIT_SECONDS,
			description:
				'How long an item may wait, in all: for a rate limit to lift, before a call is repeated, and before Issue Once looks again',
			routing: forNode('maxWait', seconds('Max Wait (Seconds)')),
		},
		{
			displayName: 'Order By',
			name: 'orderBy',
			type: 'options',
			options: ORDER_BY,
			default: 'created_date',
			displayOptions: shownFor('getCustomerCoupons'),
			description: 'What the list is sorted by',
			routing: sendInQuery('order_by', oneOf('Order By', ORDER_BY)),
		},
		{
			displayName: 'Server Time Zone',
			name: 'serverTimeZone',
			type: 'string',
			default: '',
			placeholder: 'e.g. Asia/Kolkata',
			displayOptions: shownFor('getCustomerCoupons'),
			description:
				"Time zone of your Capillary cluster, as a name or an offset such as +05:30. 'validTill' then includes the offset.",
			routing: forNode('serverTimeZone', timeZone('Server Time Zone')),
		},
		{
			displayName: 'Show Coupon Series',
			name: 'showCouponSeries',
			type: 'boolean',
			default: false,
			displayOptions: shownFor('getCoupon'),
			description: 'Whether to add the details of the coupon series',
			routing: sendInQuery('showCouponSeries', trueOrFalse('Show Coupon Series')),
		},
		{
			displayName: 'Sort Order',
			name: 'sortOrder',
			type: 'options',
			options: SORT_ORDER,
			default: 'desc',
			displayOptions: shownFor('getCustomerCoupons'),
			description: 'From low to high, or from high to low',
			routing: sendInQuery('sort_order', oneOf('Sort Order', SORT_ORDER)),
		},
	],
};
