import type { INodeProperties } from 'n8n-workflow';

import { date, oneOf, text } from './convert';
import { sendInQuery } from './routing';
import { seriesLocator, seriesOf } from './series';

const STATUS = [
	{ name: 'Active', value: 'active', description: 'Not expired, redeemed or not' },
	{ name: 'Expired', value: 'expired' },
	{ name: 'Redeemed', value: 'redeemed' },
	{ name: 'Unredeemed', value: 'unredeemed' },
];

/** Which of a customer's coupons to list (API page "Get customer coupons"). */
export const filters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	displayOptions: { show: { operation: ['getCustomerCoupons'] } },
	options: [
		{
			displayName: 'End Date',
			name: 'endDate',
			type: 'dateTime',
			default: '',
			description: 'Only coupons issued or redeemed before this day',
			routing: sendInQuery('end_date', date('End Date')),
		},
		{
			displayName: 'Series',
			name: 'seriesId',
			...seriesLocator('searchAllSeries'),
			description: 'Only coupons of this series',
			routing: sendInQuery('series_id', seriesOf('Series')),
		},
		{
			displayName: 'Start Date',
			name: 'startDate',
			type: 'dateTime',
			default: '',
			description: 'Only coupons issued or redeemed on or after this day',
			routing: sendInQuery('start_date', date('Start Date')),
		},
		{
			displayName: 'Status',
			name: 'status',
			type: 'options',
			options: STATUS,
			default: 'active',
			description: 'Which coupons to return',
			routing: sendInQuery('status', oneOf('Status', STATUS)),
		},
		{
			displayName: 'Store ID',
			name: 'storeId',
			type: 'string',
			default: '',
			placeholder: 'e.g. store_001',
			description: 'Only active coupons that can be redeemed at this store',
			routing: sendInQuery('store_id', text('Store ID')),
		},
	],
};
