import type { IHttpRequestOptions } from 'n8n-workflow';

/** The customer that an item is for, by the one identifier that was given. */
export interface Customer {
	/** Its name in the API's bodies. */
	type: 'mobile' | 'email' | 'externalId' | 'id';
	value: string | number;
}

/** What to look up: a query key of API page "Get coupon details", and its values without repeats. */
export interface Lookup {
	by: 'couponCodes' | 'couponIds' | 'issuedToIds';
	values: string[];
}

/**
 * The parameters of one item, checked and converted, as far as the node itself needs them. Those of
 * other operations are not there, whatever their type says here.
 */
export interface Values {
	simplify: boolean;
	/** How many calls of the run may be open at one time. */
	maxConcurrent: number;
	/** Seconds that the item may wait, in all its calls together. */
	maxWait: number;

	/** Adds the customer to each item. */
	includeCustomer: boolean;
	/** Adds the input item's fields to each item. */
	includeInputFields: boolean;
	/** Makes an item for a customer with no coupon. */
	includeWithoutCoupons: boolean;
	/** The zone that v1.1 writes its times in; without it they stay as they are. */
	serverTimeZone?: string;

	/** Not there for a revoke of a single code. */
	seriesId?: number;
	count: number;
	customer?: Customer;
	/** Looks first, and issues only what is missing. */
	issueOnce: boolean;
	/** Which coupons count as there already. */
	heldStatus: 'any' | 'usable';
	/** `YYYY-MM-DD`: only coupons issued on this day or later count. */
	issuedSince?: string;
	/** Only coupons count that carry the Source ID of this item. */
	sameSourceId: boolean;
	lookup: Lookup;
	returnAll: boolean;
	limit: number;
	/** Only checked: it decides which fields are shown, and so which are sent. */
	revokeBy: 'couponCodes' | 'customer';
}

/** The default. n8n sends about 1,000 calls a second: so many under way hide a latency of 200 ms. */
export const MAX_CONCURRENT = 200;
/** The default. */
export const MAX_WAIT_SECONDS = 120;

/** What holds where an option was not added, and in workflows older than a parameter. */
const DEFAULTS: Partial<Values> = {
	simplify: true,
	maxConcurrent: MAX_CONCURRENT,
	maxWait: MAX_WAIT_SECONDS,
	returnAll: false,
	limit: 50,
	includeCustomer: false,
	includeInputFields: false,
	includeWithoutCoupons: false,
	issueOnce: false,
	heldStatus: 'any',
	sameSourceId: false,
};

interface Notes {
	values: Values;
	/** What was thrown for the first parameter that is not valid. */
	badInput?: unknown;
}

const allNotes = new WeakMap<IHttpRequestOptions, Notes>();

function notesOf(request: IHttpRequestOptions): Notes {
	let notes = allNotes.get(request);
	if (!notes) allNotes.set(request, (notes = { values: { ...DEFAULTS } as Values }));
	return notes;
}

/** The checked parameters of the item that a request belongs to. */
export function valuesOf(request: IHttpRequestOptions): Values {
	return notesOf(request).values;
}

/**
 * Reads a parameter. What `work` throws is kept for `throwBadInput`: thrown in n8n's `preSend`, it would
 * become an error item of n8n's own, without details and item link.
 */
export function noteBadInput(request: IHttpRequestOptions, work: () => void): void {
	try {
		work();
	} catch (error) {
		notesOf(request).badInput ??= error;
	}
}

/** @throws what was thrown for the first parameter that is not valid */
export function throwBadInput(request: IHttpRequestOptions): void {
	const { badInput } = notesOf(request);
	if (badInput !== undefined) throw badInput;
}
