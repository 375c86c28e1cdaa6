import type {
	IDataObject,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { badInput } from '../../shared/problem/rules';
import { type Convert, id, oneOf, text } from './convert';
import { put, readChosen, sendChosen } from './routing';
import { type Customer, valuesOf } from './values';

interface Identifier {
	/** Its name in the body of v2, under `customer` (API page "Issue single coupon"). */
	type: Customer['type'];
	/** Its name in the query of v1.1 (API page "Get customer coupons"). */
	query: string;
	property: string;
	displayName: string;
	placeholder: string;
	description: string;
	convert: Convert<string | number>;
}

const IDENTIFIERS: Identifier[] = [
	{
		type: 'id',
		query: 'id',
		property: 'customerId',
		displayName: 'Customer ID',
		placeholder: 'e.g. 566881933',
		description: "Capillary's own numeric ID of the customer",
		convert: id('Customer ID'),
	},
	{
		type: 'email',
		query: 'email',
		property: 'email',
		displayName: 'Email',
		placeholder: 'e.g. name@email.com',
		description: 'Email address of the customer, as registered in Capillary',
		convert: text('Email'),
	},
	{
		type: 'externalId',
		query: 'external_id',
		property: 'externalId',
		displayName: 'External ID',
		placeholder: 'e.g. 000003873472',
		description: "Your own system's ID of the customer, as registered in Capillary",
		convert: text('External ID'),
	},
	{
		type: 'mobile',
		query: 'mobile',
		property: 'mobile',
		displayName: 'Mobile Number',
		placeholder: 'e.g. 919876543210',
		description:
			'Mobile number of the customer, as registered in Capillary: digits only, usually with the country code',
		convert: text('Mobile Number'),
	},
];

const TYPES = IDENTIFIERS.map(({ type, displayName, description }) => ({
	name: displayName,
	value: type,
	description,
}));

const show = { operation: ['issue', 'issueMultiple', 'getCustomerCoupons', 'revoke'] };
const hide = { revokeBy: ['couponCodes'] };

/** Who the customer is: the kind of identifier, and a field of its own for each kind. */
export const customer: INodeProperties[] = [
	{
		displayName: 'Identify Customer By',
		name: 'customerIdentifierType',
		type: 'options',
		options: TYPES,
		default: 'mobile',
		displayOptions: { show, hide },
		description: 'How to identify the customer',
		routing: sendChosen(sendCustomer),
	},
	...IDENTIFIERS.map(
		({ type, property, displayName, placeholder, description }): INodeProperties => ({
			displayName,
			name: property,
			type: 'string',
			required: true,
			default: '',
			placeholder,
			displayOptions: { show: { ...show, customerIdentifierType: [type] }, hide },
			description,
		}),
	),
];

/** Puts the chosen identifier into the body under `customer`, or into the query of a call that reads. */
function sendCustomer(context: IExecuteSingleFunctions, request: IHttpRequestOptions): void {
	const type = oneOf('Identify Customer By', TYPES)(
		context.getNodeParameter('customerIdentifierType', 'mobile'),
		context,
	);
	const { property, displayName, query, convert } = identifierOf(type);
	const value = convert(single(readChosen(context, property), displayName), context);
	valuesOf(request).customer = { type, value };
	if (request.method === 'GET') put(request, 'qs', query, value);
	else put(request, 'body', `customer.${type}`, value);
}

/** Each type has its entry. */
function identifierOf(type: Customer['type']): Identifier {
	return IDENTIFIERS.find((one) => one.type === type) as Identifier;
}

/** An expression may give a list with the one identifier. */
function single(given: unknown, label: string): unknown {
	if (!Array.isArray(given)) return given;
	if (given.length <= 1) return given[0];
	throw badInput(
		`'${label}' holds ${given.length} values`,
		'Give each customer an item of its own, for example with the Split Out node.',
	);
}

/** The customer as v1.1 takes it, in the query (API page "Get customer coupons"). */
export function customerQuery({ type, value }: Customer): IDataObject {
	return { [identifierOf(type).query]: value };
}

/** Tells customers apart, whatever the letter case of an email address. */
export function customerKey({ type, value }: Customer): string {
	return `${type} ${value}`.toLowerCase();
}
