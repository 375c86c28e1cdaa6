import { V11_ERRORS, v11Forbidden } from '../errors';
import type { RequestContext } from '../requests';
import { queryValue } from '../requests';
import { validity } from '../time';
import type { Answer, Series } from '../types';
import { ALL_FAILED, container, v11Status } from '../v11';

/** `GET /v1.1/coupon/series`, public documentation "Get coupon series details (v1 API)". */
export function seriesList(context: RequestContext): Answer {
	const { call, caller, settings, state } = context;
	if (settings.denySeriesList.includes(caller.key)) return v11Forbidden(settings);
	const id = queryValue(call.query, 'id');
	const expired = queryValue(call.query, 'expired');
	const series =
		id === undefined
			? [...state.series.values()].filter((one) => isWanted(one, expired, context))
			: [state.series.get(Number(id))].filter((one) => one !== undefined);

	if (id !== undefined && series.length === 0 && settings.unknownSeriesId === 'error') {
		const { code, message } = V11_ERRORS.seriesInvalid;
		const item = [{ id, item_status: v11Status(false, String(code), message) }];
		const items = container('items', 'item', item, settings);
		return {
			status: settings.v11FailureStatus,
			body: { response: { status: ALL_FAILED, series: items } },
			outcome: 'refused',
		};
	}
	const items = series.map((one) => seriesShape(one, context));
	return {
		status: 200,
		body: {
			response: {
				status: v11Status(true, '200', 'Success'),
				series: container('items', 'item', items, settings),
			},
		},
		outcome: 'ok',
	};
}

/** Without `expired` all series are listed; nobody says what `extended` lists. */
function isWanted(series: Series, given: string | undefined, context: RequestContext): boolean {
	const isExpired = validity(series.validTill).end < context.now();
	const extendedMeans = context.settings.extendedSeries === 'all' ? undefined : 'true';
	const expired = given === 'extended' ? extendedMeans : given;
	if (expired === 'true') return isExpired;
	if (expired === 'false') return !isExpired;
	return true;
}

/** Every field is a string here, the counters as well. */
function seriesShape(series: Series, { state, settings }: RequestContext) {
	const { issued, redeemed } = state.countersOf(series.id);
	return {
		id: String(series.id),
		description: series.description,
		series_type: 'UNDEFINED',
		client_handling_type: series.genericCode === undefined ? 'DISC_CODE' : 'GENERIC',
		discount_code: series.discountCode,
		valid_till_date: series.validTill + (settings.seriesDate === 'day' ? '' : ' 23:59:59'),
		discount_type: series.discountType,
		discount_value: String(series.discountValue),
		campaign_id: '-1',
		coupons: { issued: String(issued), redeemed: String(redeemed) },
		item_status: v11Status(true, '700', 'Coupon series fetched successfully'),
	};
}
