import type { SandboxSettings } from './settings';
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

/** The left column of the same page's table. */
const LEFT_COLUMN: Record<number, number> = {
	5001: 626,
	5002: 621,
	5004: 679,
	5005: 702,
	5006: 678,
};

/** An error with its code from the left column of that table, where it has one. */
export function inLeftColumn(error: ApiError): ApiError {
	return { ...error, code: LEFT_COLUMN[error.code] ?? error.code };
}

/** Errors whose words are ours; the codes are from the public list of codes. */
export const OTHER_ERRORS = {
	customerBusy: {
		code: 521,
		message: 'Several actions are running for the same customer. Please try later',
	},
	couponNotFound: { code: 780, message: 'Coupon not found' },
	lookupMissing: { code: 781, message: 'Coupon ID or code is missing' },
} satisfies Record<string, ApiError>;

/** The page "Revoke coupon" names these codes; 629, 701 and 707 are guesses. */
export const REVOKE_ERRORS = {
	genericSeries: { code: 108, message: 'Revoke is not supported for GENERIC coupon series' },
	redeemed: { code: 405, message: 'Coupon already redeemed' },
	tooMany: { code: 629, message: 'Too many coupons to revoke' },
	notFound: { code: 682, message: 'Coupon not found ' },
	expired: { code: 712, message: 'Coupon series expired' },
	nothingNamed: { code: 756, message: 'Either coupon code or customer is mandatory' },
	seriesMissing: { code: 756, message: 'couponSeriesId is mandatory' },
} satisfies Record<string, ApiError>;

/** v1.1 words, from the tables of the page "Get customer coupons". */
export const V11_ERRORS = {
	customerNotFound: {
		code: 701,
		message: 'Customer could not be found. Check the mobile, email, or external ID passed.',
	},
	seriesInvalid: { code: 707, message: 'Coupon series ID is invalid.' },
} satisfies Record<string, ApiError>;

/** Codes that say that something went wrong behind the API; from the public list of codes. */
const BEHIND: Record<number, string> = {
	500: 'All requests have failed due to errors',
	730: 'Unknown error',
	748: 'Coupon service timed out',
};

/** The words for a code; those of 786 to 798 unless it is known better. */
export function wordsOf(code: number): string {
	return BEHIND[code] ?? 'Coupon processing failed. Please try again later';
}

/** One element of a v2 `errors[]`. */
export function v2Error(error: ApiError) {
	return { status: false, code: error.code, message: error.message };
}

/** A v2 answer that holds errors and nothing else, as in the samples of "Issue multiple coupons". */
export function v2Failure(error: ApiError, status: number): Answer {
	return { status, body: { errors: [v2Error(error)] }, outcome: 'refused' };
}

/** A request that is wrong as such. */
export function faultyRequest(message: string, settings: SandboxSettings): Answer {
	const body =
		settings.badRequestBody === 'errors' ? { errors: [v2Error({ code: 400, message })] } : {};
	return { status: settings.badRequestStatus, body, outcome: 'badRequest' };
}

/**
 * Where a body can carry a code: in v2's `errors`, in v1.1's `response.status`, on top of it with
 * `success: false`, on top of it with nothing else, or in XML.
 */
export type CodeForm = 'errors' | 'v11' | 'topLevel' | 'codeOnly' | 'xml';

/** An answer whose body carries a code in the given form. */
export function codeAnswer(status: number, form: CodeForm, error: ApiError): Answer {
	const outcome = 'refused';
	switch (form) {
		case 'errors':
			return { status, body: { errors: [v2Error(error)] }, outcome };
		case 'v11': {
			// The documented samples of access errors say `success: "true"` even here.
			const success = error.code === 401 || error.code === 498 ? 'true' : 'false';
			const told = { success, code: String(error.code), message: error.message };
			return { status, body: { response: { status: told, customers: null } }, outcome };
		}
		case 'topLevel':
			return { status, body: { success: false, ...error }, outcome };
		case 'codeOnly':
			return { status, body: { code: error.code }, outcome };
		case 'xml':
			// The three elements are known from public code, the elements around them are a guess.
			return typed(
				status,
				'application/xml',
				'<?xml version="1.0" encoding="UTF-8"?>\n' +
					`<response><status><success>false</success><code>${error.code}</code>` +
					`<message>${error.message}</message></status></response>`,
			);
	}
}

function typed(status: number, type: string, body: string): Answer {
	const headers = { 'content-type': `${type}; charset=utf-8` };
	return { status, headers, body, outcome: 'refused' };
}

/** A user without the right to a resource, words of the documented v1.1 sample. */
export function v11Forbidden(settings: SandboxSettings): Answer {
	const message = "Client doesn't have access to the requested resource";
	return {
		status: settings.v11AuthStatus === 'http' ? 403 : 200,
		body: { response: { status: { success: false, code: 403, message } } },
		outcome: 'forbidden',
	};
}

/** Wrong user, password or token. */
export function unauthorized(version: 'v2' | 'v11', settings: SandboxSettings): Answer {
	const error = { code: 401, message: 'Unauthorized' };
	const answer =
		version === 'v2'
			? codeAnswer(401, settings.v2AuthBody === 'xml' ? 'xml' : 'errors', error)
			: codeAnswer(settings.v11AuthStatus === 'http' ? 401 : 200, 'v11', error);
	return { ...answer, outcome: 'unauthorized' };
}

const EXPIRED_TOKEN: Record<ExpiredTokenForm, [status: number, form: CodeForm, code: number]> = {
	'401': [401, 'errors', 401],
	'401xml': [401, 'xml', 401],
	'498': [498, 'errors', 498],
	body401: [200, 'errors', 401],
	body498: [200, 'errors', 498],
	v11body401: [200, 'v11', 401],
	v11body498: [200, 'v11', 498],
};

/** A token past its life, in each of the forms a client may meet. */
export function expiredToken(as: ExpiredTokenForm, expiredAt: number): Answer {
	const [status, form, code] = EXPIRED_TOKEN[as];
	const message = `Token expired at ${new Date(expiredAt).toISOString()}`;
	return { ...codeAnswer(status, form, { code, message }), outcome: 'unauthorized' };
}

export type BodyKind = 'json' | 'xml' | 'html' | 'empty';

/** The answer of somebody who has called too often. No page describes it. */
export function rateLimited(answer: Answer, retryAfter: number | string | undefined): Answer {
	const headers = { ...answer.headers };
	if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
	return { ...answer, headers, outcome: 'rateLimited' };
}

const TITLES: Record<number, string> = {
	403: 'Forbidden',
	404: 'Not Found',
	408: 'Request Timeout',
	425: 'Too Early',
	429: 'Too Many Requests',
	500: 'Internal Server Error',
	502: 'Bad Gateway',
	503: 'Service Unavailable',
	504: 'Gateway Timeout',
};

/** A bare status with a body of the given kind. */
export function plainAnswer(status: number, body: BodyKind): Answer {
	const message = TITLES[status] ?? 'Error';
	switch (body) {
		case 'json':
			return codeAnswer(status, 'errors', { code: status, message });
		case 'xml':
			return codeAnswer(status, 'xml', { code: status, message });
		case 'html':
			// The page an edge server puts in front of an answer that it does not have.
			return typed(
				status,
				'text/html',
				`<!DOCTYPE html>\n<html><head><title>${status} ${message}</title></head>` +
					`<body><center><h1>${status} ${message}</h1></center>` +
					'<hr><center>edge</center></body></html>\n',
			);
		case 'empty':
			return { status, body: '', outcome: 'refused' };
	}
}
