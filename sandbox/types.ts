/** Words the whole sandbox shares. */

/** A coupon series and the rules that decide who gets a coupon of it. */
export interface Series {
	id: number;
	description: string;
	discountCode: string;
	discountType: 'ABS' | 'PERC';
	discountValue: number;
	discountUpto: number;
	discountOn: 'BILL' | 'ITEM';
	detailedInfo: string;
	/** Last day of validity, `YYYY-MM-DD`. */
	validTill: string;
	/** How new codes look. A generic series hands out `genericCode` instead. */
	codes: CodeStyle;
	/** The one code of a generic series. */
	genericCode?: string;
	/** One coupon per customer (`isAllowMultipleVouchersPerUser=false`). */
	onePerCustomer?: boolean;
	/** The API's own name. False: a second issue answers the coupon that the customer has already. */
	doNotResendExistingVoucher?: boolean;
	/** Most coupons one customer may get. */
	maxPerCustomer?: number;
	/** Number of uploaded codes: the series is exhausted after them. */
	uploaded?: number;
	/** Most coupons the series may create. */
	maxCreate?: number;
	/** Customers who hold a coupon of one of these series get none of this one. */
	excludes?: number[];
	/** The series' queue of codes is always empty (error 5005). */
	queueEmpty?: boolean;
	/** Externally managed: cannot be issued by the API. */
	external?: boolean;
	/** Store codes where its coupons can be redeemed; absent means everywhere. */
	redeemAtStores?: string[];
	/** Shown as `custom_properties` in the customer's coupons. */
	customProperties?: Record<string, string>;
	/** In one line for people: what is special here. */
	note: string;
}

export interface CodeStyle {
	alphabet: 'digits' | 'upper' | 'mixed';
	length: number;
	prefix?: string;
}

export interface Customer {
	id: number;
	firstName: string;
	lastName: string;
	mobile?: string;
	email?: string;
	externalId?: string;
	note?: string;
}

/** The identifiers of a customer as a request gives them; empty ones are left out. */
export interface CustomerKeys {
	id?: string;
	mobile?: string;
	email?: string;
	externalId?: string;
}

export interface Metadata {
	sourceType?: string;
	sourceId?: string;
	sourceActivity?: string;
	notes?: string;
	reason?: string;
}

export interface Store {
	till: string;
	code: string;
	name: string;
	externalId: string;
}

export interface Redemption {
	id: number;
	at: number;
	transactionNumber: string | null;
	store: Store;
}

/** One coupon a customer holds. The ledger is a list of these. */
export interface IssuedCoupon {
	couponId: number;
	code: string;
	seriesId: number;
	customerId: number;
	/** Milliseconds since 1970. */
	issuedAt: number;
	/** `index` of the call that issued it; -1 for coupons the sandbox starts with. */
	callIndex: number;
	/** Where it was issued: the till of the user, or what the attribution headers say. */
	store: Store;
	metadata?: Metadata;
	redemptions: Redemption[];
	/** Last day of validity, where it is not that of the series. */
	validTill?: string;
	/** Milliseconds since 1970; absent while it is not revoked. */
	revokedAt?: number;
}

/** One request the sandbox has received. */
export interface CallRecord {
	/** Counts up from 0 and is never used again, also when old records are dropped. */
	index: number;
	/** Milliseconds since 1970. */
	at: number;
	method: string;
	/** Path and query as received. */
	url: string;
	path: string;
	query: Record<string, string | string[]>;
	headers: Record<string, string | string[] | undefined>;
	body: unknown;
	/** The identifiers of the customer in the request, if any. */
	customer: CustomerKeys;
	/** HTTP status answered; null while open, or when no answer was given. */
	status: number | null;
	/**
	 * `open`, `ok`, `partial`, `refused`, `unauthorized`, `forbidden`, `rateLimited`, `badRequest`,
	 * `notFound`, or `fault:<kind>` when a fault decided.
	 */
	outcome: string;
	/** Whether the work behind the call was carried out, whatever the caller was told. */
	workDone: boolean;
	/** The caller went away before the answer was out. */
	callerGone: boolean;
}

/** What a route answers; the server sends it, unless a fault has other plans. */
export interface Answer {
	status: number;
	/** An object is sent as JSON, a string as it is. */
	body: unknown;
	headers?: Record<string, string>;
	outcome: string;
}

export interface RateLimit {
	/** Calls allowed in one window, per key. */
	calls: number;
	windowMs: number;
	/** Default `fixed`. */
	window?: 'fixed' | 'sliding';
	/**
	 * The `Retry-After` header: `seconds` (default) or `date` for the time that is left, `none`, or
	 * anything else as it is.
	 */
	retryAfter?: string | number;
	/** The body of the 429. Default `json`. */
	body?: 'json' | 'html' | 'empty';
}

export type ExpiredTokenForm =
	| '401'
	| '401xml'
	| '498'
	| 'body401'
	| 'body498'
	| 'v11body401'
	| 'v11body498';
