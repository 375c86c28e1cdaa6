import type { IExecuteSingleFunctions, INodeProperties } from 'n8n-workflow';

import { type Convert, id } from './convert';
import { sendInBody } from './routing';

/**
 * The field for a series: chosen from the organization's list, or by its ID.
 *
 * @param searchListMethod which list: one of the functions in `listSearch/`
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

/**
 * Which coupon series (API pages "Issue single coupon" and "Issue multiple coupons"). Not `required`:
 * Revoke Coupons takes a single code without it, and a second property of this name would be evaluated
 * for every operation. The check below wants it everywhere else.
 */
export const series: INodeProperties = {
	displayName: 'Series',
	name: 'seriesId',
	...seriesLocator('searchSeries'),
	displayOptions: { show: { operation: ['issue', 'issueMultiple', 'revoke'] } },
	description: 'The coupon series. Only Revoke Coupons can do without one, for a single code.',
	// Revoke Coupons sends it as couponSeriesId (operations/revoke.ts).
	routing: sendInBody('seriesId', seriesUnlessLeftEmpty, (values, id) => (values.seriesId = id)),
};

function seriesUnlessLeftEmpty(given: unknown, context: IExecuteSingleFunctions) {
	return isLeftEmpty(context) ? undefined : seriesOf('Series')(given, context);
}

/** Whether a revoke has no series, on purpose: an expression must find the one that it names. */
function isLeftEmpty(context: IExecuteSingleFunctions): boolean {
	if (context.getNodeParameter('operation') !== 'revoke') return false;
	return bare(context.getNode().parameters.seriesId ?? '') === '';
}

/** The ID of a series, from a resource locator or bare. */
export function seriesOf(label: string): Convert<number> {
	return (given, context) => id(label)(bare(given), context);
}

/** A resource locator holds its value as `value`; an expression may give it bare. */
function bare(given: unknown): unknown {
	return typeof given === 'object' && given !== null && 'value' in given ? given.value : given;
}
