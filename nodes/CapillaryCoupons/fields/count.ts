import type {
	IDataObject,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { badInput } from '../response/Problem';
import { toBody } from '../transport/toBody';
import { toNumber } from './number';

const MOST_COUPONS = 500;

/** How many coupons to issue in one call (API page "Issue multiple coupons"). */
export const count: INodeProperties = {
	displayName: 'Count',
	name: 'count',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: MOST_COUPONS },
	required: true,
	default: 1,
	displayOptions: { show: { operation: ['issueMultiple'] } },
	description: 'How many coupons to issue to the customer, from 1 to 500',
	routing: { send: { type: 'body', property: 'count' } },
};

/** Without a count the API would issue one coupon: so it must be there and in range. */
export function checkCount(_: IExecuteSingleFunctions, request: IHttpRequestOptions): void {
	const value = toNumber((request.body as IDataObject | undefined)?.count);
	if (!Number.isInteger(value) || value < 1 || value > MOST_COUPONS) {
		throw badInput(
			`'Count' is not a whole number from 1 to ${MOST_COUPONS}`,
			'For more coupons, use several items.',
		);
	}
	toBody(request, { count: value });
}
