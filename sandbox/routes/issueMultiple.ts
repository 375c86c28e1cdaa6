import type { ApiError } from '../errors';
import { faultyRequest, ISSUE_ERRORS, PARTIAL_CODES, v2Error, v2Failure } from '../errors';
import type { RequestContext } from '../requests';
import { isObject, toInteger } from '../requests';
import { couponConfigShape, customerShape } from '../shapes';
import type { Answer, Metadata } from '../types';
import { checkIssueBody } from './issue';

const MAX_COUNT = 500;

const METADATA_LENGTHS: Record<keyof Metadata, number> = {
	sourceType: 50,
	sourceId: 50,
	sourceActivity: 50,
	notes: 250,
	reason: 250,
};

/** `POST /v2/coupon/issue/multiple`, page "Issue multiple coupons to a customer from a series". */
export function issueMultiple(context: RequestContext): Answer {
	const { call, caller, customer, state, settings } = context;
	const failure = (error: ApiError) => v2Failure(error, settings.couponErrorStatus);
	const checked = checkIssueBody(context);
	if ('status' in checked) return checked;
	const body = isObject(call.body) ? call.body : {};

	const count = body.count === undefined || body.count === null ? 1 : toInteger(body.count);
	if (count === undefined) return faultyRequest('count must be an integer');
	if (count < 1) return failure(ISSUE_ERRORS.countTooLow);
	if (count > MAX_COUNT) return failure(ISSUE_ERRORS.countTooHigh);
	const metadata = readMetadata(body.metadata);
	if (metadata && 'code' in metadata) return failure(metadata);
	if (!customer) return failure(ISSUE_ERRORS.customerNotFound);

	const { seriesId } = checked;
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
			errors: error ? [v2Error(partialError(error, settings.partialCodes))] : [],
			warnings: [],
		},
		outcome: error ? 'partial' : 'ok',
	};
}

/** The page's sample of a partial success carries 5004, its table says 679: a setting chooses. */
function partialError(error: ApiError, codes: 'sample' | 'table'): ApiError {
	if (codes === 'sample') return error;
	return { ...error, code: PARTIAL_CODES[error.code] ?? error.code };
}

/** The known texts of `metadata`, or an error for one that is too long (its words are a guess). */
function readMetadata(given: unknown): Metadata | ApiError | undefined {
	if (!isObject(given)) return undefined;
	const metadata: Metadata = {};
	for (const [name, max] of Object.entries(METADATA_LENGTHS)) {
		const value = given[name];
		if (value === undefined || value === null) continue;
		const text = String(value);
		if (text.length > max) {
			return { code: 756, message: `metadata.${name} should not be longer than ${max} characters` };
		}
		metadata[name as keyof Metadata] = text;
	}
	return metadata;
}
