import type { ApiError } from '../errors';
import { codeAnswer, faultyRequest, ISSUE_ERRORS, OTHER_ERRORS } from '../errors';
import type { RequestContext } from '../requests';
import { isObject, toInteger } from '../requests';
import type { SandboxSettings } from '../settings';
import { singleIssueShape } from '../shapes';
import type { Answer, Metadata } from '../types';

/** `POST /v2/coupon/issue`, page "Issue single coupon". */
export function issue(context: RequestContext): Answer {
	const { call, caller, customer, state, settings } = context;
	const failure = (error: ApiError) =>
		codeAnswer(settings.couponErrorStatus, settings.singleErrorForm, error);
	const checked = checkIssueBody(context);
	if ('error' in checked) return failure(checked.error);
	if ('status' in checked) return checked;
	if (!customer) return failure(ISSUE_ERRORS.customerNotFound);

	const { seriesId, body } = checked;
	const metadata = settings.singleTakesMetadata ? readMetadata(body.metadata, settings) : undefined;
	if (metadata && 'code' in metadata) return failure(metadata);
	const { coupons, error } = state.issue({
		seriesId,
		count: 1,
		customer,
		store: caller.store,
		callIndex: call.index,
		metadata,
	});
	const [coupon] = coupons;
	const series = state.series.get(seriesId);
	if (!coupon || !series) return failure(error ?? OTHER_ERRORS.couponNotFound);
	const valid = state.validityOf(coupon);
	const shape = singleIssueShape(coupon, series, valid, customer, settings);
	return { status: 200, body: shape, outcome: 'ok' };
}

type Checked = { seriesId: number; body: Record<string, unknown> };

/** What both issue calls need: a JSON object with one series ID. */
export function checkIssueBody(context: RequestContext): Checked | { error: ApiError } | Answer {
	const { call, settings } = context;
	if (!isObject(call.body)) return faultyRequest('Request body is not valid JSON', settings);
	const given = call.body.seriesId;
	if (given === undefined || given === null || given === '') {
		return { error: ISSUE_ERRORS.seriesMissing };
	}
	const seriesId = toInteger(given);
	if (seriesId === undefined) return faultyRequest('seriesId must be an integer', settings);
	return { seriesId, body: call.body };
}

const METADATA_LENGTHS: Record<keyof Metadata, number> = {
	sourceType: 50,
	sourceId: 50,
	sourceActivity: 50,
	notes: 250,
	reason: 250,
};

/** The known texts of `metadata`, or an error for one that is too long (its words are a guess). */
export function readMetadata(
	given: unknown,
	{ longMetadata }: SandboxSettings,
): Metadata | ApiError | undefined {
	if (!isObject(given)) return undefined;
	const metadata: Metadata = {};
	for (const [name, max] of Object.entries(METADATA_LENGTHS)) {
		const value = given[name];
		if (value === undefined || value === null) continue;
		const text = String(value);
		if (text.length > max && longMetadata === 'refused') {
			return { code: 756, message: `metadata.${name} should not be longer than ${max} characters` };
		}
		metadata[name as keyof Metadata] = text.slice(0, max);
	}
	return metadata;
}
