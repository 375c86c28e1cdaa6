import type { INodeProperties } from 'n8n-workflow';

import { wholeNumber } from './convert';
import { sendInBody } from './routing';

const MOST_COUPONS = 500;
const HINT =
	'Change it, or check the expression that fills it. For more coupons, use several items.';

/**
 * How many coupons to issue in one call (API page "Issue multiple coupons"). Without a count the API
 * would issue one, so it must be there. No `minValue` and no `maxValue`: the editor would make 1 of a
 * typed 0, and cut 600 down to 60.
 */
export const count: INodeProperties = {
	displayName: 'Count',
	name: 'count',
	type: 'number',
	required: true,
	default: 1,
	displayOptions: { show: { operation: ['issueMultiple'] } },
	description: `How many coupons to issue to the customer, from 1 to ${MOST_COUPONS}`,
	routing: sendInBody(
		'count',
		wholeNumber('Count', { max: MOST_COUPONS, hint: HINT }),
		(values, given) => (values.count = given),
	),
};
