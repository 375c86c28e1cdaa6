import type { IHttpRequestOptions, INodeProperties } from 'n8n-workflow';

import { isObject } from '../../shared/answer/body';
import { badInput } from '../../shared/problem/rules';
import { type Convert, date, oneOf, trueOrFalse } from './convert';
import { forNode } from './routing';
import { valuesOf } from './values';

const STATUS = [
	{ name: 'Any', value: 'any' as const, description: 'Also expired and redeemed ones' },
	{ name: 'Usable', value: 'usable' as const, description: 'Not expired and not redeemed' },
];

const show = { operation: ['issue', 'issueMultiple'] };

/** Whether to look first, and which coupons count as there already. */
export const issueOnceParameters: INodeProperties[] = [
	{
		displayName: 'Issue Once',
		name: 'issueOnce',
		type: 'boolean',
		default: false,
		displayOptions: { show },
		description:
			'Whether to look first and issue only what the customer does not have yet. You can then run the workflow again at any time: coupons that are already there come out again, and no customer gets a second one.',
		routing: forNode('issueOnce', trueOrFalse('Issue Once')),
	},
	{
		displayName: 'Which Coupons Count',
		name: 'heldCoupons',
		type: 'collection',
		placeholder: 'Add condition',
		default: {},
		displayOptions: { show: { ...show, issueOnce: [true] } },
		description:
			"Which of the customer's coupons of this series count as already there. Without a condition, all of them do.",
		options: [
			{
				displayName: 'Issued Since',
				name: 'issuedSince',
				type: 'dateTime',
				default: '',
				description:
					'Only coupons issued on or after this day count, such as the first of the month for a monthly coupon',
				routing: forNode('issuedSince', pastDate('Issued Since')),
			},
			{
				displayName: 'Same Source ID',
				name: 'sameSourceId',
				type: 'boolean',
				default: true,
				displayOptions: { show: { '/operation': ['issueMultiple'] } },
				description:
					"Whether only coupons count that were issued with the Source ID given under 'Metadata', such as the name of this campaign",
				routing: forNode('sameSourceId', trueOrFalse('Same Source ID')),
			},
			{
				displayName: 'Status',
				name: 'status',
				type: 'options',
				options: STATUS,
				default: 'any',
				description: 'In which state a coupon counts',
				routing: forNode('heldStatus', oneOf('Status', STATUS)),
			},
		],
	},
];

/** A day that has begun somewhere: since a later one, no coupon would count, and each run would issue. */
function pastDate(label: string): Convert<string> {
	return (value, context) => {
		const day = date(label)(value, context);
		const latest = new Date(Date.now() + 14 * 3_600_000).toISOString().slice(0, 10);
		if (day <= latest) return day;
		throw badInput(
			`'${label}' lies in the future: ${day}`,
			"No coupon would count, and each run would issue again. Change it under 'Which Coupons Count'.",
		);
	};
}

/** The Source ID that the item's coupons are issued with (API page "Issue multiple coupons"). */
export function sourceIdOf({ body }: IHttpRequestOptions): string | undefined {
	const metadata = isObject(body) ? body.metadata : undefined;
	return isObject(metadata) ? (metadata.sourceId as string | undefined) : undefined;
}

/** @throws CallError when coupons are to count by a Source ID that is not given */
export function checkSourceId(request: IHttpRequestOptions): void {
	const { issueOnce: isOn, sameSourceId } = valuesOf(request);
	if (!isOn || !sameSourceId || sourceIdOf(request)) return;
	throw badInput(
		"'Same Source ID' needs a Source ID",
		"Add 'Source ID' under 'Metadata', or remove 'Same Source ID' under 'Which Coupons Count'.",
	);
}
