import type { IHttpRequestHelper, IN8nHttpFullResponse } from 'n8n-workflow';

import { networkProblem } from '../answer/networkProblem';
import { readAnswer } from '../answer/readAnswer';
import { aboutOf, CODES } from '../problem/codes';
import { CredentialError } from '../problem/CredentialError';
import type { Problem } from '../problem/Problem';
import { isForbidden, judge } from '../problem/rules';
import { describe } from '../problem/sentences';
import { within } from '../within';
import { type Login, withLoginHint } from './login';

const TIMEOUT_MS = 30_000;

/**
 * Looks a coupon up (API page "Get coupon details"), which needs the same right as the node's calls, and
 * changes nothing. An unknown coupon is a good answer, since only the login is asked about.
 *
 * @param login host and headers that `authenticate` has made
 * @throws CredentialError with a sentence that says what to fix
 */
export async function checkLogin(this: IHttpRequestHelper, login: Login): Promise<void> {
	const problem = await problemOf.call(this, login);
	if (!problem || isUnknownCoupon(problem)) return;
	// Capillary's own words are left out: an answer may echo what was sent.
	const { failure } = judge({ ...withLoginHint(problem, login), apiMessage: undefined }, false);
	const { sentence, hint } = describe(failure, 'read');
	throw new CredentialError(`${sentence}. ${hint}`, problem);
}

async function problemOf(this: IHttpRequestHelper, login: Login): Promise<Problem | undefined> {
	try {
		const call = this.helpers.httpRequest({
			...login,
			method: 'GET',
			url: '/v2/coupon',
			qs: { couponIds: 1 },
			encoding: 'text',
			timeout: TIMEOUT_MS,
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: true,
			returnFullResponse: true,
		});
		const response: IN8nHttpFullResponse = await within(2 * TIMEOUT_MS, call);
		const answer = readAnswer(response, ({ data }) => (Array.isArray(data) ? [] : undefined));
		return 'problem' in answer ? answer.problem : undefined;
	} catch (error) {
		return networkProblem(error);
	}
}

/** The API answers in its own words, and not that the login may not read coupons. */
function isUnknownCoupon(problem: Problem): boolean {
	const { fault, code, httpStatus } = problem;
	if (fault !== 'refused' || code === undefined) return false;
	if (aboutOf(code) === 'login' || isForbidden(problem)) return false;
	// A host that does not know the path may say so in a body with a code of its own.
	return (httpStatus !== 404 && httpStatus !== 405) || CODES[code] !== undefined;
}
