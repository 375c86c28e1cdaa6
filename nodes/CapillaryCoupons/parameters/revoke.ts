import type { INodeProperties } from 'n8n-workflow';

import { listOf, oneOf, withoutRepeats } from './convert';
import { forNode, sendInBody } from './routing';
import type { Values } from './values';

const REVOKE_BY: Array<{ name: string; value: Values['revokeBy']; description: string }> = [
	{
		name: 'Coupon Codes',
		value: 'couponCodes',
		description: 'Takes back the coupons with these codes',
	},
	{
		name: 'Customer',
		value: 'customer',
		description: 'Takes back all unredeemed coupons that a customer has of a series, up to 100',
	},
];

const show = { operation: ['revoke'] };

/** Which coupons to take back (Capillary's public documentation, "Revoke coupon"). */
export const revoke: INodeProperties[] = [
	{
		displayName: 'Revoke By',
		name: 'revokeBy',
		type: 'options',
		// No expression, and no model, chooses between some coupons and all those of a customer.
		noDataExpression: true,
		options: REVOKE_BY,
		default: 'couponCodes',
		displayOptions: { show },
		description: 'Which coupons to take back. This cannot be undone.',
		routing: forNode('revokeBy', oneOf('Revoke By', REVOKE_BY)),
	},
	// Never shown. The customer's fields hide for 'couponCodes', and n8n counts the default of a field
	// that is not shown as given, for every operation: unless the field's name is there twice.
	{
		displayName: 'Revoke By',
		name: 'revokeBy',
		type: 'hidden',
		default: '',
		displayOptions: { show: { operation: [''] } },
	},
	{
		displayName: 'Coupon Codes',
		name: 'couponCodes',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. YTOWAEN5N0, 5875447216353555',
		displayOptions: { show: { ...show, revokeBy: ['couponCodes'] } },
		description: 'One code, several with commas between, or a list from an expression',
		routing: sendInBody('couponCodes', (given) => withoutRepeats(listOf(given, 'Coupon Codes'))),
	},
];
