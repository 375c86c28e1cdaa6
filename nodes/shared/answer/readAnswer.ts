import type { IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';

import { isUnclear, LOGIN_CODES } from '../problem/codes';
import type { Fault, Problem } from '../problem/Problem';
import { isObject, LARGEST_BODY, parseBody } from './body';
import { errorsOfV11, errorsOfV2, errorsOfXml, toApiError } from './envelope';

/**
 * Finds the results in a body; undefined when the body is not one of the operation's, `unclear` when it
 * contradicts itself, so that nobody can tell what was done.
 */
export type FindResults = (body: IDataObject) => IDataObject[] | 'unclear' | undefined;

/** A good answer's body, or what is wrong. */
export type Answer = { body: IDataObject } | { problem: Problem };

/**
 * Reads one answer of the API: the one place that tells success from failure, for the v2 envelope
 * (issuing, API page "Get coupon details"), the v1.1 envelope ("Get customer coupons"), XML, HTML and
 * nonsense.
 *
 * Failures come with any HTTP status, 200 included. A v2 body that holds results is a success even
 * with `errors[]` beside them (partial success, judged later by counts).
 */
export function readAnswer(response: IN8nHttpFullResponse, findResults: FindResults): Answer {
	const { statusCode: status, headers } = response;
	const text = typeof response.body === 'string' ? response.body : '';
	const body = parseBody(response.body);
	const v11 = body ? errorsOfV11(body) : [];
	const v2 = body ? errorsOfV2(body) : [];
	const results = body && v11.length === 0 ? findResults(body) : undefined;
	if (body && status < 300 && Array.isArray(results) && (results.length > 0 || v2.length === 0)) {
		return { body };
	}

	const errors = [...v11, ...v2, ...errorsOfXml(text), ...errorOfFailure(status, body)];
	// One that leaves it open what was done outweighs those that say no.
	const error = errors.find(({ code }) => isUnclear(code)) ?? errors[0];
	// Results, and a status that says no.
	const contradicts = Array.isArray(results) && results.length > 0 && status < 500;
	return {
		problem: {
			fault:
				results === 'unclear' || contradicts
					? 'unclear'
					: faultOf(status, error?.code, error !== undefined),
			httpStatus: status,
			code: error?.code,
			apiMessage: error?.message,
			retryAfterMs: retryAfter(headers?.['retry-after']),
			...(text.length > LARGEST_BODY ? TOO_LARGE : {}),
		},
	};
}

const TOO_LARGE = {
	sentence: `The answer is larger than ${LARGEST_BODY / 1_000_000} MB`,
	hint: 'Ask for fewer coupons or customers at a time, or for fewer details of each.',
};

/**
 * Whether the call got to the server is not known: a time-out, and what load balancers note for a caller
 * that went away (499 nginx's, 460 Amazon's).
 */
const ENDED_ON_ITS_WAY = [408, 460, 499];
/**
 * Redirects that a server also sends once the work is done, to a page that says so; 307 and 308 ask
 * for the same call elsewhere (RFC 9110, 15.4).
 */
const MAY_BE_DONE = [301, 302, 303];

function faultOf(status: number, code: number | undefined, hasError: boolean): Fault {
	if (status === 429) return 'limited';
	if (LOGIN_CODES.includes(status)) return 'loginRejected';
	if (status >= 500) return 'serverFault';
	if (ENDED_ON_ITS_WAY.includes(status)) return 'lost';
	if (MAY_BE_DONE.includes(status) || isUnclear(code)) return 'unclear';
	if (status >= 300) return 'refused';
	if (code === 429) return 'limited';
	if (code !== undefined && LOGIN_CODES.includes(code)) return 'loginRejected';
	// Without a code of its own, it may be the words of a gateway that gave up waiting.
	if (hasError && code === undefined && status < 300) return 'unclear';
	return hasError ? 'refused' : 'unreadable';
}

/** Gateways put their message at the top of the body. */
function errorOfFailure(status: number, body: IDataObject | undefined) {
	if (status < 300 || !isObject(body) || typeof body.message !== 'string') return [];
	return [toApiError(body)];
}

/** `Retry-After` in milliseconds, from seconds or a date (RFC 9110, 10.2.3); undefined when there is none. */
export function retryAfter(header: unknown): number | undefined {
	if (typeof header !== 'string' && typeof header !== 'number') return undefined;
	const text = String(header).trim();
	const wait = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
	return wait > 0 && Number.isFinite(wait) ? wait : undefined;
}
