import type { Answer, ExpiredTokenForm } from './types';

/** An error of the v2 API: `{ status: false, code, message }`. */
export interface ApiError {
	code: number;
	message: string;
}

/**
 * Errors with the words of the page "Issue multiple coupons" where it gives a sample body; 5001,
 * 5005 and 5006 have no sample there, so the words are those of its table of codes.
 */
export const ISSUE_ERRORS = {
	countTooHigh: { code: 677, message: 'Invalid coupon count. Minimum 1 and Maximum 500.' },
	customerNotFound: {
		code: 701,
		message: 'The customer could not be found. Please check mobile, email, external id passed',
	},
	seriesInvalid: { code: 707, message: 'Coupon Series ID is invalid' },
	alreadyHasCoupon: { code: 709, message: 'Coupon processing failed: user already has a coupon' },
	expired: { code: 713, message: 'Coupon has expired' },
	seriesMissing: { code: 756, message: 'seriesId is mandatory to set' },
	countTooLow: { code: 756, message: 'count should be greater than 0' },
	seriesFull: { code: 5001, message: 'Maximum number of series has been created.' },
	maxPerCustomer: { code: 5002, message: 'max coupon per user exceeded' },
	genericOnce: { code: 5004, message: 'Cannot issue more than one GENERIC coupon code.' },
	onePerCustomer: {
		code: 5004,
		message: 'Issue only one coupon. Since isAllowMultipleVouchersPerUser=false.',
	},
	queueEmpty: { code: 5005, message: 'Queue is empty for series' },
	stockShort: { code: 5006, message: 'Unable to issue certain number of coupons' },
} satisfies Record<string, ApiError>;

/** The left column of the same page's table: the codes of a partial success. */
export const PARTIAL_CODES: Record<number, number> = {
	5001: 626,
	5002: 621,
	5004: 679,
	5005: 702,
	5006: 678,
};

/** Errors whose words are ours; the codes are from the public list of codes. */
export const OTHER_ERRORS = {
	customerBusy: {
		code: 521,
		message: 'Several actions are running for the same customer. Please try later',
	},
	couponNotFound: { code: 780, message: 'Coupon not found' },
	lookupMissing: { code: 781, message: 'Coupon ID or code is missing' },
} satisfies Record<string, ApiError>;

/** v1.1 words, from the tables of the page "Get customer coupons". */
export const V11_ERRORS = {
	customerNotFound: {
		code: 701,
		message: 'Customer could not be found. Check the mobile, email, or external ID passed.',
	},
	seriesInvalid: { code: 707, message: 'Coupon series ID is invalid.' },
} satisfies Record<string, ApiError>;

/** One element of a v2 `errors[]`. */
export function v2Error(error: ApiError) {
	return { status: false, code: error.code, message: error.message };
}

/** A v2 answer that holds errors and nothing else, as in the samples of "Issue multiple coupons". */
export function v2Failure(error: ApiError, status: number): Answer {
	return { status, body: { errors: [v2Error(error)] }, outcome: 'refused' };
}

/** A request that is wrong as such. The page files an array `seriesId` under 400; body is a guess. */
export function faultyRequest(message: string): Answer {
	return {
		status: 400,
		body: { errors: [v2Error({ code: 400, message })] },
		outcome: 'badRequest',
	};
}

const XML = 'application/xml; charset=utf-8';

/** The three elements are known from public code, the elements around them are a guess. */
export function xmlFailure(code: number, message: string): string {
	return (
		'<?xml version="1.0" encoding="UTF-8"?>\n' +
		`<response><status><success>false</success><code>${code}</code>` +
		`<message>${message}</message></status></response>`
	);
}

/** The page an edge server puts in front of an answer it does not have. */
export function htmlPage(status: number, title: string): string {
	return (
		'<!DOCTYPE html>\n<html><head><title>' +
		`${status} ${title}</title></head><body><center><h1>${status} ${title}</h1></center>` +
		'<hr><center>edge</center></body></html>\n'
	);
}

/** v1.1 access errors: the documented samples say `success: "true"` even here. */
export function v11AccessBody(code: '401' | '498', message: string) {
	return { response: { status: { success: 'true', code, message }, customers: null } };
}

/** A v1.1 user without the right to a resource, words of the documented sample. */
export function v11Forbidden(status: number): Answer {
	const message = "Client doesn't have access to the requested resource";
	return {
		status,
		body: { response: { status: { success: false, code: 403, message }, series: null } },
		outcome: 'forbidden',
	};
}

/** Wrong user, password or token. */
export function unauthorized(version: 'v2' | 'v11', v11Status: 'http' | 'body'): Answer {
	const outcome = 'unauthorized';
	if (version === 'v2') {
		const headers = { 'content-type': XML };
		return { status: 401, headers, body: xmlFailure(401, 'Unauthorized'), outcome };
	}
	const status = v11Status === 'http' ? 401 : 200;
	return { status, body: v11AccessBody('401', 'Unauthorized'), outcome };
}

/** A token past its life, in each of the forms a client may meet. */
export function expiredToken(form: ExpiredTokenForm, expiredAt: number): Answer {
	const message = `Token expired at ${new Date(expiredAt).toISOString()}`;
	const outcome = 'unauthorized';
	const v2Body = (code: number) => ({ errors: [v2Error({ code, message })] });
	switch (form) {
		case '401':
			return { status: 401, body: v2Body(401), outcome };
		case '401xml':
			return {
				status: 401,
				headers: { 'content-type': XML },
				body: xmlFailure(401, message),
				outcome,
			};
		case '498':
			return { status: 498, body: v2Body(498), outcome };
		case 'body401':
			return { status: 200, body: v2Body(401), outcome };
		case 'body498':
			return { status: 200, body: v2Body(498), outcome };
		case 'v11body401':
			return { status: 200, body: v11AccessBody('401', 'Unauthorized'), outcome };
		case 'v11body498':
			return { status: 200, body: v11AccessBody('498', message), outcome };
	}
}

/** Over the rate limit. No page describes this answer. */
export function rateLimited(
	body: 'json' | 'html' | 'empty',
	retryAfter: number | string | undefined,
): Answer {
	const headers: Record<string, string> = {};
	if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
	return { ...plainAnswer(429, body, headers), outcome: 'rateLimited' };
}

const TITLES: Record<number, string> = {
	403: 'Forbidden',
	429: 'Too Many Requests',
	500: 'Internal Server Error',
	502: 'Bad Gateway',
	503: 'Service Unavailable',
	504: 'Gateway Timeout',
};

/** A bare status with a body of the given kind. */
export function plainAnswer(
	status: number,
	body: 'json' | 'xml' | 'html' | 'empty',
	headers: Record<string, string> = {},
): Answer {
	const title = TITLES[status] ?? 'Error';
	const outcome = 'refused';
	switch (body) {
		case 'json':
			return {
				status,
				headers,
				body: { errors: [v2Error({ code: status, message: title })] },
				outcome,
			};
		case 'xml':
			return {
				status,
				headers: { 'content-type': XML, ...headers },
				body: xmlFailure(status, title),
				outcome,
			};
		case 'html':
			return {
				status,
				headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
				body: htmlPage(status, title),
				outcome,
			};
		case 'empty':
			return { status, headers, body: '', outcome };
	}
}
