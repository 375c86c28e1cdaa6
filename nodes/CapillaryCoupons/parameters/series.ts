import type { INodeProperties } from 'n8n-workflow';

import { type Convert, id } from './convert';
import { sendInBody } from './routing';

/**
 * The field for a series: chosen from the organization's list, or by its ID.
 *
 * @param searchListMethod of `listSearch/`
 */
export const seriesLocator = (
	searchListMethod: 'searchSeries' | 'searchAllSeries',
): Pick<INodeProperties, 'type' | 'default' | 'modes'> => ({
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a series...',
			typeOptions: { searchListMethod, searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 868760',
			hint: 'The numeric ID of the series, as Capillary shows it',
		},
	],
});

/** Which coupon series to issue from (API pages "Issue single coupon" and "Issue multiple coupons"). */
export const series: INodeProperties = {
	displayName: 'Series',
	name: 'seriesId',
	...seriesLocator('searchSeries'),
	required: true,
	displayOptions: { show: { operation: ['issue', 'issueMultiple'] } },
	description: 'The coupon series to issue from',
	routing: sendInBody('seriesId', seriesOf('Series')),
};

/** The ID of a series: a resource locator holds it as its `value`, an expression may give it bare. */
export function seriesOf(label: string): Convert<number> {
	return (given, context) => {
		const isLocator = typeof given === 'object' && given !== null && 'value' in given;
		return id(label)(isLocator ? given.value : given, context);
	};
}
