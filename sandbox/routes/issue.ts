import { faultyRequest, ISSUE_ERRORS, OTHER_ERRORS, v2Failure } from '../errors';
import type { RequestContext } from '../requests';
import { isObject, toInteger } from '../requests';
import { singleIssueShape } from '../shapes';
import type { Answer } from '../types';

/** `POST /v2/coupon/issue`, page "Issue single coupon". */
export function issue(context: RequestContext): Answer {
	const { call, caller, customer, state, settings } = context;
	const checked = checkIssueBody(context);
	if ('status' in checked) return checked;
	if (!customer) return v2Failure(ISSUE_ERRORS.customerNotFound, settings.couponErrorStatus);

	const { seriesId } = checked;
	const { coupons, error } = state.issue({
		seriesId,
		count: 1,
		customer,
		store: caller.store,
		callIndex: call.index,
	});
	const [coupon] = coupons;
	const series = state.series.get(seriesId);
	if (!coupon || !series) {
		return v2Failure(error ?? OTHER_ERRORS.couponNotFound, settings.couponErrorStatus);
	}
	return {
		status: 200,
		body: singleIssueShape(coupon, series, customer, settings.timezone),
		outcome: 'ok',
	};
}

/** What both issue calls need: a JSON object with one series ID. */
export function checkIssueBody({ call, settings }: RequestContext): { seriesId: number } | Answer {
	if (!isObject(call.body)) return faultyRequest('Request body is not valid JSON');
	const given = call.body.seriesId;
	if (given === undefined || given === null || given === '') {
		return v2Failure(ISSUE_ERRORS.seriesMissing, settings.couponErrorStatus);
	}
	const seriesId = toInteger(given);
	if (seriesId === undefined) return faultyRequest('seriesId must be an integer');
	return { seriesId };
}
