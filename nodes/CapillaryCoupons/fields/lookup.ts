import type {
	IDataObject,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { badInput } from '../response/Problem';
import { toId } from './id';

/** The query keys of API page "Get coupon details" that coupons can be looked up by. */
const KEYS = ['couponCodes', 'couponIds', 'issuedToIds'] as const;

export type LookupBy = (typeof KEYS)[number];

const displayOptions = { show: { operation: ['getCoupon'] } };

/** Which coupons to look up. */
export const lookup: INodeProperties[] = [
	{
		displayName: 'Look Up By',
		name: 'lookupBy',
		type: 'options',
		options: [
			{ name: 'Coupon Code', value: 'couponCodes' },
			{ name: 'Coupon ID', value: 'couponIds' },
			{
				name: 'Customer ID',
				value: 'issuedToIds',
				description: 'All coupons issued to these customers',
			},
		],
		default: 'couponCodes',
		displayOptions,
		description: "What 'Lookup Values' holds",
	},
	{
		displayName: 'Lookup Values',
		name: 'lookupValues',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. YTOWAEN5N0, 5875447216353555',
		displayOptions,
		description: 'One code or ID, several with commas between, or a list from an expression',
	},
];

/** Puts the values into the query as a list, which goes out as repeated keys. */
export function lookupToQuery(
	context: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
): void {
	const lookupBy = context.getNodeParameter('lookupBy', 'couponCodes') as LookupBy;
	if (!KEYS.includes(lookupBy)) {
		throw badInput(`'Look Up By' is not one of ${KEYS.join(', ')}`, 'Choose one from the list.');
	}
	const given = valuesOf(context.getNodeParameter('lookupValues', ''));
	const values =
		lookupBy === 'couponCodes' ? given : given.map((value) => String(toId(value, 'Lookup Values')));
	request.qs = { ...request.qs, [lookupBy]: withoutRepeats(values) };
}

/** What `lookupToQuery` has put into a request. */
export function lookupOf({ qs }: IHttpRequestOptions): { lookupBy: LookupBy; values: string[] } {
	const query = qs as IDataObject;
	const lookupBy = KEYS.find((key) => query[key] !== undefined) as LookupBy;
	return { lookupBy, values: query[lookupBy] as string[] };
}

function valuesOf(given: unknown): string[] {
	// A gap between two commas is a slip; a gap in a list from an expression is a value gone missing.
	const values = Array.isArray(given)
		? given.map(text)
		: text(given)
				.split(/[,\n]/)
				.map(text)
				.filter((value) => value !== '');
	if (values.length === 0) {
		throw badInput(
			"'Lookup Values' is empty",
			'Fill it, or check that the expression finds the field in this item.',
		);
	}
	const gap = values.indexOf('');
	if (gap >= 0) {
		throw badInput(
			`'Lookup Values' has no text at position ${gap + 1} of its list`,
			'Check the expression that makes the list.',
		);
	}
	return values;
}

function text(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** The search ignores letter case, so two spellings of a code are one. */
function withoutRepeats(values: string[]): string[] {
	const spellings = new Map<string, string>();
	for (const value of values) {
		if (!spellings.has(value.toLowerCase())) spellings.set(value.toLowerCase(), value);
	}
	return [...spellings.values()];
}
