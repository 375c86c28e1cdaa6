import { faultyRequest, OTHER_ERRORS, v2Error, v2Failure } from '../errors';
import type { RequestContext } from '../requests';
import { queryList, queryValue, toInteger } from '../requests';
import { couponSeriesShape, couponShape } from '../shapes';
import type { Answer, IssuedCoupon } from '../types';

/** `GET /v2/coupon`, page "Get coupon details". */
export function getCoupon({ call, state, settings }: RequestContext): Answer {
	const { query } = call;
	const codes = queryList(query, 'couponCodes').filter(Boolean);
	const couponIds = queryList(query, 'couponIds').filter(Boolean);
	const customerIds = queryList(query, 'issuedToIds').filter(Boolean);
	if (codes.length + couponIds.length + customerIds.length === 0) {
		return v2Failure(OTHER_ERRORS.lookupMissing, settings.couponErrorStatus);
	}
	if ([...couponIds, ...customerIds].some((id) => toInteger(id) === undefined)) {
		return faultyRequest('couponIds and issuedToIds must be integers');
	}

	// A set: a coupon that is asked for twice, or by code and by ID, comes once.
	const found = new Set<IssuedCoupon>();
	let missing = 0;
	const keep = (coupon: IssuedCoupon | undefined) => {
		if (coupon) found.add(coupon);
		else missing++;
	};
	for (const code of codes) keep(state.couponByCode(code));
	for (const id of couponIds) keep(state.couponById(Number(id)));
	for (const id of customerIds) state.couponsOf(Number(id)).forEach(keep);

	const coupons = [...found];
	if (settings.getCouponOrder === 'issued') coupons.sort((a, b) => a.couponId - b.couponId);
	const error = v2Error(OTHER_ERRORS.couponNotFound);
	const errors = settings.missingCoupons === 'error' ? Array(missing).fill(error) : [];
	const shape = coupons.map((coupon) => couponOf(coupon, { state, settings, query }));
	const partial = coupons.length > 0 ? 'partial' : 'refused';
	return {
		status: 200,
		body: { data: shape, warnings: [], errors },
		outcome: missing > 0 ? partial : 'ok',
	};
}

function couponOf(
	coupon: IssuedCoupon,
	{
		state,
		settings,
		query,
	}: Pick<RequestContext, 'state' | 'settings'> & Pick<RequestContext['call'], 'query'>,
) {
	const series = state.series.get(coupon.seriesId);
	if (!series) throw new Error(`Coupon ${coupon.couponId} belongs to no series`);
	const code = inCase(coupon.code, queryValue(query, 'coupon_code_case'));
	const wants = (name: string) => queryValue(query, name)?.toLowerCase() === 'true';
	return {
		...couponShape(code, series, settings.timezone),
		...(wants('includeIssualDetails') ? { couponIssualDetails: { ...coupon.metadata } } : {}),
		...(wants('showCouponSeries')
			? {
					couponSeries: couponSeriesShape(series, state.countersOf(series.id), settings.timezone),
				}
			: {}),
	};
}

/** "By default, the system automatically converts the coupon code to upper case." */
function inCase(code: string, wanted: string | undefined): string {
	if (wanted === 'AS_IT_IS') return code;
	return wanted === 'LOWER' ? code.toLowerCase() : code.toUpperCase();
}
