import type { ApiError } from '../errors';
import { faultyRequest, inLeftColumn, ISSUE_ERRORS, v2Error, v2Failure } from '../errors';
import type { RequestContext } from '../requests';
import { toInteger } from '../requests';
import { couponConfigShape, customerShape } from '../shapes';
import type { Answer } from '../types';
import { checkIssueBody, readMetadata } from './issue';

const MAX_COUNT = 500;

/** `POST /v2/coupon/issue/multiple`, page "Issue multiple coupons to a customer from a series". */
export function issueMultiple(context: RequestContext): Answer {
	const { call, caller, customer, state, settings } = context;
	const failure = (error: ApiError) => v2Failure(error, settings.couponErrorStatus);
	const checked = checkIssueBody(context);
	if ('error' in checked) return failure(checked.error);
	if ('status' in checked) return checked;
	const { seriesId, body } = checked;

	const count = body.count === undefined || body.count === null ? 1 : toInteger(body.count);
	if (count === undefined) return faultyRequest('count must be an integer', settings);
	if (count < 0 && settings.negativeCountCode === 677) return failure(ISSUE_ERRORS.countTooHigh);
	if (count < 1) return failure(ISSUE_ERRORS.countTooLow);
	if (count > MAX_COUNT) return failure(ISSUE_ERRORS.countTooHigh);
	const metadata = readMetadata(body.metadata, settings);
	if (metadata && 'code' in metadata) return failure(metadata);
	const byIdAlone = Object.keys(call.customer).join() === 'id';
	if (!customer || (byIdAlone && !settings.multipleTakesCustomerId)) {
		return failure(ISSUE_ERRORS.customerNotFound);
	}

	const { coupons, error } = state.issue({
		seriesId,
		count,
		customer,
		store: caller.store,
		callIndex: call.index,
		metadata,
	});
	const series = state.series.get(seriesId);
	if (!series || coupons.length === 0) return failure(error ?? ISSUE_ERRORS.seriesInvalid);
	return {
		status: 200,
		body: {
			coupons: coupons.map(({ code, couponId }) => ({ code, couponId })),
			couponConfig: couponConfigShape(series),
			totalCount: count,
			failureCount: count - coupons.length,
			successCount: coupons.length,
			customer: customerShape(customer, settings.timezone),
			// The page's sample of a partial success carries 5004, its table says 679.
			errors: error
				? [v2Error(settings.partialCodes === 'table' ? inLeftColumn(error) : error)]
				: [],
			warnings: [],
		},
		outcome: error ? 'partial' : 'ok',
	};
}
