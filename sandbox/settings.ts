import type { ExpiredTokenForm, RateLimit } from './types';

/**
 * What can be changed while a sandbox runs. Times are in milliseconds unless the name says so. The
 * numbers G1, G2, ... are those of the guesses in README.md.
 */
export interface SandboxSettings {
	/** Zone of the server: `UTC`, or an offset like `+05:30`. */
	timezone: string;
	/** Delay before every answer of the API. */
	latencyMs: number;
	rateLimit: RateLimit | null;
	/** The first call that is let through after a 429 (of whatever key) takes that much longer. */
	slowAfterLimitMs: number;
	/** How long a token really lives. */
	tokenLifeSeconds: number;
	/** What `ttlSeconds` says, when it is to differ from the real life. */
	announcedTokenLifeSeconds: number | null;
	/** User names and client keys that may not list series (403). */
	denySeriesList: string[];
	/** User names and client keys that may not read a customer's coupons (403); they may issue. */
	denyCustomerCoupons: string[];
	/** Unknown mobile numbers 9199######## become customers at first sight. */
	anyCustomer: boolean;
	/** Get coupon: `couponSeries` is filled up to at least so many bytes. */
	seriesDetailsBytes: number;

	/** G1. HTTP status of a v2 answer that holds only coupon errors. */
	couponErrorStatus: number;
	/** G2. Errors of issue single: `errors[]` as in issue multiple, or code and message on top. */
	singleErrorForm: 'errors' | 'topLevel';
	/** G3. Codes when nothing was issued: the table's right column (5001), or its left one (626). */
	refusalCodes: 'right' | 'left';
	/** G4. Codes of a partial success: the page's sample (5004), or its table's left column (679). */
	partialCodes: 'sample' | 'table';
	/** G5. */
	negativeCountCode: 756 | 677;
	/** G6. Code for a mutually exclusive series. */
	exclusiveCode: 709 | 609;
	/** G7. Code for an externally managed series. */
	externalSeriesCode: 707 | 777;
	/** G8. HTTP status of a request that is wrong as such. */
	badRequestStatus: number;
	/** G9. Its body. */
	badRequestBody: 'errors' | '{}';
	/** G10. Issue multiple knows `customer.id`. */
	multipleTakesCustomerId: boolean;
	/** G11. Metadata beyond its length. */
	longMetadata: 'refused' | 'cut';
	/** G12. Several identifiers of a customer: the first known one decides, or all must agree. */
	severalIdentifiers: 'first' | 'agree';
	/** G13. A `+` in front of a mobile number is ignored. */
	ignoresMobilePlus: boolean;
	/** G14. Answer code 521 when a customer has two writing calls open at a time. */
	refuseConcurrentCustomer: boolean;
	/** G15. A series that resends also answers used and expired coupons. */
	resendDeadCoupons: boolean;
	/** G16. `id` of issue single. */
	singleId: 'zero' | 'couponId';
	/** G17. Issue single and get coupon send `validTillDateTime`. */
	sendValidTillDateTime: boolean;
	/** G18. Issue single keeps `metadata`. */
	singleTakesMetadata: boolean;

	/** G20. Get coupon: `issuedToIds` alone is enough. */
	issuedToIdsAlone: boolean;
	/** G21. Get coupon: 780 for each coupon that is not found, once for all, or not at all. */
	missingCoupons: 'error' | 'oneError' | 'silent';
	/** G22. Get coupon: code when there is nothing to look for. */
	nothingToLookForCode: 781 | 1000;
	/** G23. Get coupon: issue details of a coupon that has none. */
	emptyIssualDetails: '{}' | 'missing';
	/** G24. Get coupon: a coupon that is asked for twice. */
	askedTwice: 'once' | 'twice';
	/** G25. Get coupon: order of `data`, as asked or by coupon ID. */
	getCouponOrder: 'asked' | 'issued';
	/** G26. How long it takes until an issued coupon shows in get coupon and customer coupons. */
	showsAfterMs: number;

	/** G27. Customer coupons: `end_date` is exclusive or inclusive. */
	endDate: 'before' | 'through';
	/** G28. Customer coupons: act as if `offset` did not exist. */
	ignoreOffset: boolean;
	/** G29. Customer coupons: never more than this many in a page. */
	capLimit: number | null;
	/** G30. Customer coupons: the order when none is asked for. */
	defaultSort: 'desc' | 'asc';
	/** G31. Customer coupons: `unredeemed` holds expired coupons too. */
	unredeemedHoldsExpired: boolean;
	/** G32. v1.1: a list with one element is sent as that element. */
	objectForOne: boolean;
	/** G33. v1.1: how an empty container is sent. */
	emptyAs: '{}' | '[]' | 'missing' | 'null';
	/** G34. HTTP status of a v1.1 answer in which everything failed. */
	v11FailureStatus: number;
	/** G35. `created_date`: with the server's offset, or its local time with a `Z` that lies. */
	createdDate: 'offset' | 'localWithZ';
	/** G36. `id` in customer coupons is the coupon ID of the other calls, or one of its own. */
	listId: 'couponId' | 'own';
	/** G37. Customer coupons: several `status` values with `;`. */
	severalStatuses: boolean;

	/** G38. Series list: `valid_till_date` as a day, or with a time. */
	seriesDate: 'day' | 'time';
	/** G39. Series list: an ID that does not exist. */
	unknownSeriesId: 'error' | 'empty';
	/** G40. Series list: what `expired=extended` lists. */
	extendedSeries: 'all' | 'expired';

	/** G41. Basic: the hash in lower case only. */
	lowerCaseHashOnly: boolean;
	/** G42. HTTP status of the answer to a wrong key or secret; its body holds error 320001. */
	tokenErrorStatus: number;
	/** G43. A new token ends the older ones of its client. */
	newTokenRevokesOld: boolean;
	/** G44. The body of a 401 on v2. */
	v2AuthBody: 'xml' | 'json';
	/** G45. v1.1 tells 401 and 403 as HTTP status (`http`), or only in a body with HTTP 200. */
	v11AuthStatus: 'http' | 'body';
	/** G46. How a token past its life is told; null = 401 as XML on v2, body code 498 on v1.1. */
	expiredTokenAs: ExpiredTokenForm | null;
	/** G47. An attribution code that nobody knows: the client's default till, or a refusal. */
	unknownAttribution: 'defaultTill' | 'refused';

	/** G48. Over the rate limit: HTTP 429, or HTTP 200 with code 429 in the body. */
	rateLimitAs: 'http' | 'body';
	/** G50. Refused calls count for the rate limit too. */
	rateLimitCountsRefused: boolean;
	/** G51. Token calls count for the rate limit of their key. */
	rateLimitTokenCalls: boolean;

	/** G54. Revoke: the answer with `entity`, or without it and with the misspelt keys. */
	revokeForm: 'entity' | 'bare';
	/** G55. Get coupon and customer coupons: revoked coupons are gone, or still there. */
	revokedCoupons: 'gone' | 'shown';
	/** G56. A revoked coupon makes room for another one of its series. */
	revokeMakesRoom: boolean;
	/** G57. Revoke by customer, when there is nothing to revoke: no failure, or error 682. */
	nothingToRevoke: 'empty' | 'error';
	/** G58. Revoke by customer works for a generic series. */
	revokesGenericByCustomer: boolean;
	/** G59. Revoke with codes and a customer: the codes decide, or 756. */
	revokeByBoth: 'codes' | 'refused';
}

/** The settings a sandbox has when nothing else is asked for. */
export function defaultSettings(): SandboxSettings {
	return {
		timezone: 'UTC',
		latencyMs: 0,
		rateLimit: null,
		slowAfterLimitMs: 0,
		tokenLifeSeconds: 300,
		announcedTokenLifeSeconds: null,
		denySeriesList: ['noseries.till', 'noseries-key'],
		denyCustomerCoupons: ['nocustomer.till', 'nocustomer-key'],
		anyCustomer: false,
		seriesDetailsBytes: 0,
		couponErrorStatus: 200,
		singleErrorForm: 'errors',
		refusalCodes: 'right',
		partialCodes: 'sample',
		negativeCountCode: 756,
		exclusiveCode: 709,
		externalSeriesCode: 707,
		badRequestStatus: 400,
		badRequestBody: 'errors',
		multipleTakesCustomerId: true,
		longMetadata: 'refused',
		severalIdentifiers: 'first',
		ignoresMobilePlus: true,
		refuseConcurrentCustomer: false,
		resendDeadCoupons: true,
		singleId: 'zero',
		sendValidTillDateTime: true,
		singleTakesMetadata: false,
		issuedToIdsAlone: true,
		missingCoupons: 'error',
		nothingToLookForCode: 781,
		emptyIssualDetails: '{}',
		askedTwice: 'once',
		getCouponOrder: 'asked',
		showsAfterMs: 0,
		endDate: 'before',
		ignoreOffset: false,
		capLimit: null,
		defaultSort: 'desc',
		unredeemedHoldsExpired: true,
		objectForOne: false,
		emptyAs: '{}',
		v11FailureStatus: 200,
		createdDate: 'offset',
		listId: 'couponId',
		severalStatuses: true,
		seriesDate: 'day',
		unknownSeriesId: 'error',
		extendedSeries: 'all',
		lowerCaseHashOnly: true,
		tokenErrorStatus: 200,
		newTokenRevokesOld: false,
		v2AuthBody: 'xml',
		v11AuthStatus: 'http',
		expiredTokenAs: null,
		unknownAttribution: 'defaultTill',
		rateLimitAs: 'http',
		rateLimitCountsRefused: false,
		rateLimitTokenCalls: false,
		revokeForm: 'entity',
		revokedCoupons: 'gone',
		revokeMakesRoom: true,
		nothingToRevoke: 'empty',
		revokesGenericByCustomer: true,
		revokeByBoth: 'codes',
	};
}

/** Every guess that can be read two ways, turned to its other value. */
export const OTHER_READINGS: Partial<SandboxSettings> = {
	couponErrorStatus: 400,
	singleErrorForm: 'topLevel',
	refusalCodes: 'left',
	partialCodes: 'table',
	negativeCountCode: 677,
	exclusiveCode: 609,
	externalSeriesCode: 777,
	badRequestStatus: 200,
	badRequestBody: '{}',
	multipleTakesCustomerId: false,
	longMetadata: 'cut',
	severalIdentifiers: 'agree',
	ignoresMobilePlus: false,
	refuseConcurrentCustomer: true,
	resendDeadCoupons: false,
	singleId: 'couponId',
	sendValidTillDateTime: false,
	singleTakesMetadata: true,
	issuedToIdsAlone: false,
	missingCoupons: 'silent',
	nothingToLookForCode: 1000,
	emptyIssualDetails: 'missing',
	askedTwice: 'twice',
	getCouponOrder: 'issued',
	showsAfterMs: 3000,
	endDate: 'through',
	ignoreOffset: true,
	capLimit: 50,
	defaultSort: 'asc',
	unredeemedHoldsExpired: false,
	objectForOne: true,
	emptyAs: '[]',
	v11FailureStatus: 500,
	createdDate: 'localWithZ',
	listId: 'own',
	severalStatuses: false,
	seriesDate: 'time',
	unknownSeriesId: 'empty',
	extendedSeries: 'expired',
	lowerCaseHashOnly: false,
	tokenErrorStatus: 401,
	newTokenRevokesOld: true,
	v2AuthBody: 'json',
	v11AuthStatus: 'body',
	expiredTokenAs: '498',
	unknownAttribution: 'refused',
	rateLimitAs: 'body',
	rateLimitCountsRefused: true,
	rateLimitTokenCalls: true,
	revokeForm: 'bare',
	revokedCoupons: 'shown',
	revokeMakesRoom: false,
	nothingToRevoke: 'error',
	revokesGenericByCustomer: false,
	revokeByBoth: 'refused',
};

/**
 * Copies known settings out of `changes` into `settings`. A name that does not exist is an error:
 * a misspelt switch would otherwise make a test pass for the wrong reason.
 */
export function applySettings(settings: SandboxSettings, changes: Record<string, unknown>): void {
	const known = Object.keys(defaultSettings());
	for (const name of Object.keys(changes)) {
		if (!known.includes(name)) {
			throw new Error(`Unknown setting "${name}". Known: ${known.join(', ')}`);
		}
	}
	const given = Object.entries(changes).filter(([, value]) => value !== undefined);
	Object.assign(settings, Object.fromEntries(given));
}
