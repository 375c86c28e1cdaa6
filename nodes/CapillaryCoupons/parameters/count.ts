import type { INodeProperties } from 'n8n-workflow';

import { wholeNumber } from './convert';
import { sendInBody } from './routing';

const MOST_COUPONS = 500;

/**
 * How many coupons to issue in one call (API page "Issue multiple coupons"). Without a count the API
 * would issue one, so it must be there. No `maxValue`: the editor would cut a typed 600 down to 60.
 */
export const count: INodeProperties = {
	displayName: 'Count',
	name: 'count',
	type: 'number',
	typeOptions: { minValue: 1 },
	required: true,
	default: 1,
	displayOptions: { show: { operation: ['issueMultiple'] } },
	description: `How many coupons to issue to the customer, from 1 to ${MOST_COUPONS}`,
	routing: sendInBody(
		'count',
		wholeNumber('Count', { max: MOST_COUPONS, hint: 'For more coupons, use several items.' }),
		(values, given) => (values.count = given),
	),
};
