import type { IExecuteSingleFunctions, IHttpRequestOptions, INodeProperties } from 'n8n-workflow';

import { badInput } from '../response/Problem';
import { toBody } from '../transport/toBody';
import { toId } from './id';

const displayOptions = {
	show: { operation: ['issue', 'issueMultiple', 'getCustomerCoupons'] },
};

/** Who the customer is. */
export const customer: INodeProperties[] = [
	{
		displayName: 'Customer Identifier Type',
		name: 'customerIdentifierType',
		type: 'options',
		options: [
			{
				name: 'Customer ID',
				value: 'id',
				description: "Capillary's own numeric ID of the customer",
			},
			{ name: 'Email', value: 'email' },
			{
				name: 'External ID',
				value: 'externalId',
				description: "Your own system's ID, as registered in Capillary",
			},
			{ name: 'Mobile', value: 'mobile' },
		],
		default: 'mobile',
		displayOptions,
		description: "What 'Customer Identifier' holds",
	},
	{
		displayName: 'Customer Identifier',
		name: 'customerIdentifier',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 919876543210',
		displayOptions,
		description:
			'The mobile number, email address or ID of exactly one customer, as registered in Capillary. A mobile number usually has its country code.',
	},
];

type IdentifierType = 'mobile' | 'email' | 'externalId' | 'id';

const QUERY_KEYS: Record<IdentifierType, string> = {
	mobile: 'mobile',
	email: 'email',
	externalId: 'external_id',
	id: 'id',
};

/** Puts the one identifier given into the body, the others are left out (API pages "Issue single coupon" and "Issue multiple coupons"). */
export function customerToBody(
	context: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
): void {
	const { type, value } = read(context);
	toBody(request, { customer: { [type]: value } });
}

/** Puts the identifier into the query, under the name that v1.1 knows (API page "Get customer coupons"). */
export function customerToQuery(
	context: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
): void {
	const { type, value } = read(context);
	request.qs = { ...request.qs, [QUERY_KEYS[type]]: value };
}

/** One key for one customer of one host, whatever the letter case of an email address. */
export function customerOf({ body, qs }: IHttpRequestOptions): string {
	const inBody = (body as { customer?: object } | undefined)?.customer;
	const pick = ({
		mobile,
		email,
		externalId,
		external_id: external,
		id,
	}: Record<string, unknown>) =>
		JSON.stringify([mobile, email, externalId ?? external, id === undefined ? id : String(id)]);
	return pick((inBody ?? qs ?? {}) as Record<string, unknown>).toLowerCase();
}

function read(context: IExecuteSingleFunctions): { type: IdentifierType; value: string | number } {
	const type = context.getNodeParameter('customerIdentifierType', 'mobile') as IdentifierType;
	if (!Object.hasOwn(QUERY_KEYS, type)) {
		throw badInput(
			`'Customer Identifier Type' is not one of ${Object.keys(QUERY_KEYS).join(', ')}`,
			'Choose one from the list, or check the expression that fills it.',
		);
	}
	const value = single(context.getNodeParameter('customerIdentifier', ''));
	return { type, value: type === 'id' ? toId(value, 'Customer Identifier') : value };
}

/** An expression may give a number, or a list with the one identifier. */
function single(given: unknown): string {
	const value: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given;
	if (Array.isArray(value) && value.length > 1) {
		throw badInput(
			`'Customer Identifier' holds ${value.length} values`,
			'Give each customer an item of its own, for example with the Split Out node.',
		);
	}
	const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	if (!text) {
		throw badInput(
			"'Customer Identifier' is empty",
			'Fill it, or check that the expression finds the field in this item.',
		);
	}
	return text;
}
