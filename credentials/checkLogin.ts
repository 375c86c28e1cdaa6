import type { IHttpRequestHelper, IN8nHttpFullResponse } from 'n8n-workflow';

import { connectionProblem } from '../nodes/CapillaryCoupons/response/connectionProblem';
import { CallProblem, type Problem } from '../nodes/CapillaryCoupons/response/Problem';
import { readAnswer } from '../nodes/CapillaryCoupons/response/readAnswer';
import { describe } from '../nodes/CapillaryCoupons/response/sentences';
import { CredentialError } from './CredentialError';
import type { Login } from './login';

/**
 * Looks a coupon up (API page "Get coupon details"): the same right as the node's calls need, and nothing changes. An
 * unknown coupon is a good answer, since only the login is asked about.
 *
 * @param login host and headers that `authenticate` has made
 * @throws CredentialError with a sentence that says what to mend
 */
export async function checkLogin(this: IHttpRequestHelper, login: Login): Promise<void> {
	const problem = await problemOf.call(this, login);
	if (!problem || isUnknownCoupon(problem)) return;
	const { sentence, hint } = describe({ ...problem, apiMessage: undefined });
	throw new CredentialError(`${sentence}. ${hint}`);
}

async function problemOf(this: IHttpRequestHelper, login: Login): Promise<Problem | undefined> {
	try {
		const response = (await this.helpers.httpRequest({
			...login,
			method: 'GET',
			url: '/v2/coupon',
			qs: { couponIds: 1 },
			encoding: 'text',
			timeout: 30_000,
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: true,
			returnFullResponse: true,
		})) as IN8nHttpFullResponse;
		readAnswer(response, ({ data }) => (Array.isArray(data) ? [] : undefined));
		return undefined;
	} catch (error) {
		return error instanceof CallProblem ? error.problem : connectionProblem(error);
	}
}

/** The API answers in its own words, and not that the login may not read coupons. */
function isUnknownCoupon({ fault, code, httpStatus }: Problem): boolean {
	return (
		fault === 'refused' &&
		code !== undefined &&
		![403, 4000, 4001].includes(Number(code)) &&
		httpStatus !== 403
	);
}
