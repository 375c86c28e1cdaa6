import type { IExecuteSingleFunctions, IHttpRequestOptions, INodeProperties } from 'n8n-workflow';

import { id, listOf, oneOf, withoutRepeats } from './convert';
import { put, readChosen, sendChosen } from './routing';
import { type Lookup, valuesOf } from './values';

/** By which query key of API page "Get coupon details". */
const KEYS: Array<{ name: string; value: Lookup['by']; description?: string }> = [
	{ name: 'Coupon Code', value: 'couponCodes' },
	{ name: 'Coupon ID', value: 'couponIds' },
	{
		name: 'Customer ID',
		value: 'issuedToIds',
		description: 'All coupons issued to these customers',
	},
];

const displayOptions = { show: { operation: ['getCoupon'] } };

/** Which coupons to look up. */
export const lookup: INodeProperties[] = [
	{
		displayName: 'Look Up By',
		name: 'lookupBy',
		type: 'options',
		options: KEYS,
		default: 'couponCodes',
		displayOptions,
		description: "What 'Lookup Values' holds",
		routing: sendChosen(sendLookup),
	},
	{
		displayName: 'Lookup Values',
		name: 'lookupValues',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. YTOWAEN5N0, 5875447216353555',
		displayOptions,
		description:
			"One code or ID, several with commas between, or a list from an expression. Those that are not found are listed under 'errors' on the coupons found, or come out by the error output.",
	},
];

/** Into the query as a list, which goes out as repeated keys. */
function sendLookup(context: IExecuteSingleFunctions, request: IHttpRequestOptions): void {
	const by = oneOf('Look Up By', KEYS)(
		context.getNodeParameter('lookupBy', 'couponCodes'),
		context,
	);
	const given = listOf(readChosen(context, 'lookupValues'), 'Lookup Values');
	const toId = id('Lookup Values');
	const values = withoutRepeats(
		by === 'couponCodes' ? given : given.map((value) => String(toId(value, context))),
	);
	valuesOf(request).lookup = { by, values };
	put(request, 'qs', by, values);
}
