import type {
	IDataObject,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import { toBoolean } from '../fields/boolean';
import { checkChosen } from '../fields/chosen';
import { customerOf, customerToQuery } from '../fields/customer';
import { toDate } from '../fields/date';
import { toId } from '../fields/id';
import { optionsOf } from '../fields/options';
import { isSimplified, simplifyOf } from '../fields/simplify';
import { isObject, listIn } from '../response/body';
import { badInput, CallProblem } from '../response/Problem';
import { readPages } from '../transport/paging';
import { perItem, type Result, type Send } from '../transport/perItem';

const displayOptions = { show: { operation: ['getCustomerCoupons'] } };

const filters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	displayOptions,
	options: [
		{
			displayName: 'End Date',
			name: 'endDate',
			type: 'dateTime',
			default: '',
			description: 'Only coupons issued or redeemed before this day',
		},
		{
			displayName: 'Series ID',
			name: 'seriesId',
			type: 'number',
			default: '',
			placeholder: 'e.g. 868760',
			description: 'Only coupons of this series',
		},
		{
			displayName: 'Start Date',
			name: 'startDate',
			type: 'dateTime',
			default: '',
			description: 'Only coupons issued or redeemed on or after this day',
		},
		{
			displayName: 'Status',
			name: 'status',
			type: 'options',
			options: [
				{ name: 'Active', value: 'active', description: 'Not run out, redeemed or not' },
				{ name: 'Expired', value: 'expired' },
				{ name: 'Redeemed', value: 'redeemed' },
				{ name: 'Unredeemed', value: 'unredeemed' },
			],
			default: 'active',
			description: 'Which coupons to return',
			routing: { send: { type: 'query', property: 'status' } },
		},
		{
			displayName: 'Store ID',
			name: 'storeId',
			type: 'string',
			default: '',
			placeholder: 'e.g. store_001',
			description: 'Only active coupons that can be redeemed at this store',
			routing: { send: { type: 'query', property: 'store_id' } },
		},
	],
};

const options = optionsOf('getCustomerCoupons', [
	{
		displayName: 'Order By',
		name: 'orderBy',
		type: 'options',
		options: [
			{ name: 'Created By', value: 'created_by' },
			{ name: 'Created Date', value: 'created_date' },
			{ name: 'Valid Till', value: 'valid_till' },
		],
		default: 'created_date',
		description: 'What the list is sorted by',
		routing: { send: { type: 'query', property: 'order_by' } },
	},
	{
		displayName: 'Sort Order',
		name: 'sortOrder',
		type: 'options',
		options: [
			{ name: 'Ascending', value: 'asc' },
			{ name: 'Descending', value: 'desc' },
		],
		default: 'desc',
		routing: { send: { type: 'query', property: 'sort_order' } },
	},
]);

/** `GET /v1.1/customer/coupons`: the coupons that a customer holds or held (API page "Get customer coupons"). */
export const getCustomerCoupons: INodePropertyOptions = {
	name: 'Get Customer Coupons',
	value: 'getCustomerCoupons',
	action: 'Get coupons of customer',
	description: 'List the coupons of a customer with their redemptions. Changes nothing.',
	routing: {
		request: { method: 'GET', url: '/v1.1/customer/coupons' },
		send: { paginate: true },
		operations: {
			pagination: perItem({
				issues: false,
				maps: [
					customerToQuery,
					checkChosen(filters),
					filtersToQuery,
					checkChosen(options),
					checkLimit,
					isSimplified,
				],
				customer: customerOf,
				findResults: ({ response }) =>
					isObject(response) && (isObject(response.status) || 'customers' in response)
						? [response]
						: undefined,
				perform,
			}),
		},
	},
};

export const getCustomerCouponsFields: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		displayOptions,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		displayOptions: { show: { ...displayOptions.show, returnAll: [false] } },
		description: 'Max number of results to return',
	},
	simplifyOf('getCustomerCoupons'),
	filters,
	options,
];

/** The filters that need a conversion; the others go as they are, by `routing`. */
function filtersToQuery(context: IExecuteSingleFunctions, request: IHttpRequestOptions): void {
	const { startDate, endDate, seriesId } = context.getNodeParameter('filters', {}) as IDataObject;
	const timezone = context.getTimezone();
	const query: IDataObject = { ...request.qs };
	if (startDate !== undefined) query.start_date = toDate(startDate, 'Start Date', timezone);
	if (endDate !== undefined) query.end_date = toDate(endDate, 'End Date', timezone);
	if (seriesId !== undefined) query.series_id = toId(seriesId, 'Series ID');
	if (query.start_date && query.end_date && query.start_date > query.end_date) {
		throw badInput("'Start Date' is after 'End Date'", "Swap them under 'Filters'.");
	}
	request.qs = query;
}

function checkLimit(context: IExecuteSingleFunctions): void {
	const limit = wantedOf(context);
	if (limit !== Infinity && (!Number.isInteger(limit) || limit < 1)) {
		throw badInput("'Limit' is not a whole number above 0", "Change it, or turn 'Return All' on.");
	}
}

function wantedOf(context: IExecuteSingleFunctions): number {
	if (toBoolean(context.getNodeParameter('returnAll', false), 'Return All')) return Infinity;
	return Number(context.getNodeParameter('limit', 50));
}

async function perform(
	context: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	send: Send,
): Promise<Result> {
	let customerId: unknown;
	const { items, missing } = await readPages(
		async (limit, offset) => {
			const body = await send({
				...request,
				qs: { ...request.qs, limit, ...(offset > 0 ? { offset } : {}) },
			});
			const response = body.response as IDataObject;
			const customers = listIn(response.customers, 'customer');
			customerId ??= customers[0]?.id;
			return {
				items: customers.flatMap(({ coupons }) => listIn(coupons, 'coupon')),
				total: totalOf(response),
			};
		},
		({ id, code, series_id: series }) => (id ? String(id) : JSON.stringify([code, series])),
		wantedOf(context),
	);
	if (missing > 0) {
		throw new CallProblem({
			fault: 'refused',
			sentence: `Capillary gave ${items.length} of the customer's coupons, ${missing} more cannot be read`,
			hint: "Narrow the list under 'Filters', for example by date, and read it in parts.",
		});
	}
	const simplify = isSimplified(context);
	return { items: simplify ? items.map((coupon) => simplified(coupon, customerId)) : items };
}

function totalOf({ pagination }: IDataObject): number | undefined {
	const total = isObject(pagination) ? Number(pagination.total ?? NaN) : NaN;
	return Number.isInteger(total) && total >= 0 ? total : undefined;
}

function simplified(coupon: IDataObject, customerId: unknown): IDataObject {
	const properties = listIn(coupon.custom_properties, 'custom_property');
	return {
		id: coupon.id,
		code: coupon.code,
		seriesId: coupon.series_id,
		seriesName: coupon.series_name,
		redemptionCount: coupon.redemption_count,
		createdDate: coupon.created_date,
		validTill: coupon.valid_till,
		transactionNumber: coupon.transaction_number,
		issuedAt: coupon.issued_at,
		purpose: coupon.purpose,
		customProperties: Object.fromEntries(
			properties
				.filter(({ name }) => name !== undefined && name !== '__proto__')
				.map(({ name, value }) => [String(name), value]),
		),
		redemptions: listIn(coupon.redemptions, 'redemption'),
		customerId: customerId as string,
	};
}
