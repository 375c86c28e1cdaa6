import { faultyRequest, OTHER_ERRORS, v2Error, v2Failure } from '../errors';
import type { RequestContext } from '../requests';
import { inCodeCase, queryList, queryValue, toInteger } from '../requests';
import { couponSeriesShape, couponShape } from '../shapes';
import type { Answer, IssuedCoupon } from '../types';

/** `GET /v2/coupon`, page "Get coupon details". */
export function getCoupon(context: RequestContext): Answer {
	const { call, state, settings } = context;
	const { query } = call;
	const codes = queryList(query, 'couponCodes').filter(Boolean);
	const couponIds = queryList(query, 'couponIds').filter(Boolean);
	const customerIds = queryList(query, 'issuedToIds').filter(Boolean);
	const asked = codes.length + couponIds.length;
	if (asked === 0 && (customerIds.length === 0 || !settings.issuedToIdsAlone)) {
		const error = { ...OTHER_ERRORS.lookupMissing, code: settings.nothingToLookForCode };
		return v2Failure(error, settings.couponErrorStatus);
	}
	if ([...couponIds, ...customerIds].some((id) => toInteger(id) === undefined)) {
		return faultyRequest('couponIds and issuedToIds must be integers', settings);
	}

	const named = [
		...codes.map((code) => state.couponByCode(code)),
		...couponIds.map((id) => state.couponById(Number(id))),
	].filter((coupon) => coupon !== undefined);
	const held = customerIds.flatMap((id) => state.couponsOf(Number(id)));
	const shows = (coupon: IssuedCoupon) => state.shows(coupon);
	const found = [...named, ...held].filter(shows);
	const missing = asked - named.filter(shows).length;
	const coupons = settings.askedTwice === 'once' ? [...new Set(found)] : found;
	if (settings.getCouponOrder === 'issued') coupons.sort((a, b) => a.couponId - b.couponId);
	const told = { error: missing, oneError: Math.min(missing, 1), silent: 0 };
	const errors = Array(told[settings.missingCoupons]).fill(v2Error(OTHER_ERRORS.couponNotFound));
	const shape = coupons.map((coupon) => couponOf(coupon, context));
	const partial = coupons.length > 0 ? 'partial' : 'refused';
	return {
		status: 200,
		body: { data: shape, warnings: [], errors },
		outcome: missing > 0 ? partial : 'ok',
	};
}

function couponOf(coupon: IssuedCoupon, { call: { query }, state, settings }: RequestContext) {
	const series = state.series.get(coupon.seriesId);
	if (!series) throw new Error(`Coupon ${coupon.couponId} belongs to no series`);
	const code = inCodeCase(coupon.code, queryValue(query, 'coupon_code_case'));
	const wants = (name: string) => queryValue(query, name)?.toLowerCase() === 'true';
	const details = coupon.metadata ?? (settings.emptyIssualDetails === '{}' ? {} : undefined);
	const couponSeries = wants('showCouponSeries')
		? couponSeriesShape(series, state.countersOf(series.id), settings)
		: undefined;
	return {
		...couponShape(code, series, state.validityOf(coupon), settings),
		...(wants('includeIssualDetails') && details ? { couponIssualDetails: details } : {}),
		...(couponSeries ? { couponSeries } : {}),
	};
}
