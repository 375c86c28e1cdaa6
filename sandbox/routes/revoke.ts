import type { ApiError } from '../errors';
import { faultyRequest, ISSUE_ERRORS, REVOKE_ERRORS, v2Error } from '../errors';
import type { RequestContext } from '../requests';
import { inCodeCase, isObject, queryValue, toInteger } from '../requests';
import { validity } from '../time';
import type { Answer, IssuedCoupon, Series } from '../types';

const MAX_CODES = 50;
const MAX_OF_CUSTOMER = 100;

/** What a call wants to take back: a coupon, or a code with the reason why it cannot be. */
type Wanted = { coupon: IssuedCoupon } | { code: string; error: ApiError };

/** `POST /v2/coupon/revoke`, public documentation "Revoke coupon". */
export function revoke(context: RequestContext): Answer {
	const { call, settings } = context;
	if (!isObject(call.body)) return faultyRequest('Request body is not valid JSON', settings);
	const wanted = isObject(call.body.customer) ? ofCustomer(context) : undefined;
	const codes = codesOf(call.body.couponCodes);
	if (codes.length > 0 && wanted && settings.revokeByBoth === 'refused') {
		return refusal(REVOKE_ERRORS.nothingNamed, context);
	}
	const result = codes.length > 0 ? byCodes(codes, context) : wanted;
	if (result === undefined) return refusal(REVOKE_ERRORS.nothingNamed, context);
	return Array.isArray(result) ? takeBack(result, context) : refusal(result, context);
}

function codesOf(given: unknown): string[] {
	if (!Array.isArray(given)) return [];
	return [...new Set(given.map((code) => String(code).trim()).filter(Boolean))];
}

function byCodes(codes: string[], { call, state, now }: RequestContext): Wanted[] | ApiError {
	if (codes.length > MAX_CODES) return REVOKE_ERRORS.tooMany;
	const found = codes.map((code) => ({ code, coupon: state.couponByCode(code) }));
	const seriesId = seriesIdOf(call.body);
	if (seriesId === undefined && codes.length > 1) return REVOKE_ERRORS.seriesMissing;
	const series = state.series.get(seriesId ?? found[0]?.coupon?.seriesId ?? NaN);
	if (series) {
		if (series.genericCode !== undefined) return REVOKE_ERRORS.genericSeries;
		if (isExpired(series, { now })) return REVOKE_ERRORS.expired;
	} else if (seriesId !== undefined) {
		return ISSUE_ERRORS.seriesInvalid;
	}
	return found.map(({ code, coupon }) => {
		// A coupon that was revoked before counts as not found.
		if (!coupon || coupon.seriesId !== series?.id || coupon.revokedAt !== undefined) {
			return { code, error: REVOKE_ERRORS.notFound };
		}
		return coupon.redemptions.length > 0 ? { code, error: REVOKE_ERRORS.redeemed } : { coupon };
	});
}

/** "All unredeemed coupons of the customer in the series." */
function ofCustomer(context: RequestContext): Wanted[] | ApiError {
	const { call, customer, settings, state } = context;
	const seriesId = seriesIdOf(call.body);
	if (seriesId === undefined) return REVOKE_ERRORS.seriesMissing;
	const series = state.series.get(seriesId);
	if (!series) return ISSUE_ERRORS.seriesInvalid;
	if (series.genericCode !== undefined && !settings.revokesGenericByCustomer) {
		return REVOKE_ERRORS.genericSeries;
	}
	if (isExpired(series, context)) return REVOKE_ERRORS.expired;
	if (!customer) return ISSUE_ERRORS.customerNotFound;
	const coupons = state
		.couponsOf(customer.id)
		.filter((one) => one.seriesId === seriesId && one.revokedAt === undefined)
		.filter(({ redemptions }) => redemptions.length === 0);
	if (coupons.length > MAX_OF_CUSTOMER) return REVOKE_ERRORS.tooMany;
	if (coupons.length === 0 && settings.nothingToRevoke === 'error') return REVOKE_ERRORS.notFound;
	return coupons.map((coupon) => ({ coupon }));
}

function seriesIdOf(body: unknown): number | undefined {
	return isObject(body) ? toInteger(body.couponSeriesId) : undefined;
}

function isExpired(series: Series, { now }: Pick<RequestContext, 'now'>): boolean {
	return validity(series.validTill).end < now();
}

/** The whole call is refused; nothing was revoked. */
function refusal(error: ApiError, { settings }: RequestContext): Answer {
	return {
		status: settings.couponErrorStatus,
		body: { warnings: [], errors: [v2Error(error)], success: false },
		outcome: 'refused',
	};
}

/** `success` is true also when every code failed. */
function takeBack(wanted: Wanted[], { call, state, settings }: RequestContext): Answer {
	const inCase = (code: string) => inCodeCase(code, queryValue(call.query, 'couponCodeCase'));
	const coupons = wanted.flatMap((one) => ('coupon' in one ? [one.coupon] : []));
	const failed = wanted.flatMap((one) => ('error' in one ? [one] : []));
	for (const coupon of coupons) state.revoke(coupon);

	const reasons = [...new Set(failed.map(({ error }) => error))].map((error) => ({
		error,
		couponCodes: failed.filter((one) => one.error === error).map(({ code }) => inCase(code)),
	}));
	const counted = {
		totalCount: wanted.length,
		failedCount: failed.length,
		revokedCoupons: coupons.map(({ couponId, code, customerId }) => ({
			couponId,
			couponCode: inCase(code),
			issuedToUserId: customerId,
		})),
	};
	const rest = { warnings: [], errors: [], success: true };
	const body =
		settings.revokeForm === 'entity'
			? { entity: { ...counted, failedToRevoke: reasons.map(documented) }, ...rest }
			: { ...counted, failedToRevoke: reasons.map(misspelt), ...rest };
	const outcome = failed.length === 0 ? 'ok' : coupons.length > 0 ? 'partial' : 'refused';
	return { status: 200, body, outcome };
}

interface Reason {
	error: ApiError;
	couponCodes: string[];
}

function documented({ error, couponCodes }: Reason) {
	return { errorCode: error.code, errorMessage: error.message, couponCodes };
}

/** The sample without `entity`: both misspelt keys, and 404 in place of 682. */
function misspelt({ error, couponCodes }: Reason, index: number) {
	const code = error === REVOKE_ERRORS.notFound ? 404 : error.code;
	const key = index % 2 === 0 ? 'errroCode' : 'errrorCode';
	return { [key]: code, errorMessage: error.message, couponCodes };
}
