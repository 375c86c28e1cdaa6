import type { IExecuteSingleFunctions, IHttpRequestOptions, INodeProperties } from 'n8n-workflow';

import { toBody } from '../transport/toBody';
import { toId } from './id';

/** Which coupon series to issue from. */
export const series: INodeProperties = {
	displayName: 'Series',
	name: 'seriesId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	displayOptions: { show: { operation: ['issue', 'issueMultiple'] } },
	description: 'The coupon series to issue from',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a series...',
			typeOptions: { searchListMethod: 'searchSeries', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 868760',
			hint: 'The numeric ID of the series, as Capillary shows it',
		},
	],
};

/** Puts the series ID into the body as a JSON integer (API pages "Issue single coupon" and "Issue multiple coupons"). */
export function seriesToBody(context: IExecuteSingleFunctions, request: IHttpRequestOptions): void {
	const parameter = context.getNodeParameter('seriesId', '') as { value?: unknown } | string;
	const value = typeof parameter === 'object' && parameter !== null ? parameter.value : parameter;
	toBody(request, { seriesId: toId(value, 'Series') });
}
