import { V11_ERRORS, v11Forbidden } from '../errors';
import type { RequestContext } from '../requests';
import { queryValue, toInteger } from '../requests';
import type { SandboxSettings } from '../settings';
import { DAY_MS, isoMillis, isoMillisWithZ, localSeconds, startOfDay } from '../time';
import type { Answer, Customer, IssuedCoupon } from '../types';
import { ALL_FAILED, container, listOf, v11Status } from '../v11';

const DEFAULT_LIMIT = 100;

/** Between the ID of a coupon and that of the list, where the list has one of its own. */
const OWN_ID = 5_000_000_000;

/** `GET /v1.1/customer/coupons`, page "Get customer coupons". */
export function customerCoupons(context: RequestContext): Answer {
	const { call, caller, customer, settings, state } = context;
	const { query } = call;
	if (settings.denyCustomerCoupons.includes(caller.key)) return v11Forbidden(settings);
	if (!customer) {
		const { id = '', mobile = '', email = '', externalId = '' } = call.customer;
		const asked = { firstname: '', lastname: '', email, external_id: externalId, mobile, id };
		return failure(asked, V11_ERRORS.customerNotFound, settings);
	}
	const seriesId = queryValue(query, 'series_id');
	if (seriesId !== undefined && !state.series.has(Number(seriesId))) {
		return failure(customerHead(customer), V11_ERRORS.seriesInvalid, settings);
	}

	const matching = state
		.couponsOf(customer.id)
		.filter((coupon) => state.shows(coupon) && matches(coupon, context))
		.sort(comparator(context));
	const limit = pageLimit(queryValue(query, 'limit'), settings);
	const asked = settings.ignoreOffset ? 0 : toInteger(queryValue(query, 'offset'));
	const offset = Math.max(0, asked ?? 0);
	const page = matching.slice(offset, offset + limit).map((one) => couponShape(one, context));
	const entry = {
		...customerHead(customer),
		...container('coupons', 'coupon', page, settings),
		item_status: v11Status(true, 1000, 'Coupons retrieved successfully'),
	};
	return {
		status: 200,
		body: {
			response: {
				// The page types limit and offset as strings and the total as a number.
				pagination: { limit: String(limit), offset: String(offset), total: matching.length },
				status: v11Status(true, 200, 'Success'),
				customers: { customer: listOf([entry], settings) },
			},
		},
		outcome: 'ok',
	};
}

function customerHead(customer: Customer) {
	return {
		firstname: customer.firstName,
		lastname: customer.lastName,
		email: customer.email ?? null,
		external_id: customer.externalId ?? null,
		mobile: customer.mobile ?? null,
		id: String(customer.id),
	};
}

/** An item that failed; with one customer asked for, that is everything. */
function failure(
	head: object,
	error: { code: number; message: string },
	settings: SandboxSettings,
): Answer {
	const entry = {
		...head,
		...container('coupons', 'coupon', [], settings),
		item_status: v11Status(false, error.code, error.message),
	};
	return {
		status: settings.v11FailureStatus,
		body: {
			response: { status: ALL_FAILED, customers: { customer: listOf([entry], settings) } },
		},
		outcome: 'refused',
	};
}

function couponShape(coupon: IssuedCoupon, { state, settings }: RequestContext) {
	const series = state.series.get(coupon.seriesId);
	const { timezone } = settings;
	const properties = Object.entries(series?.customProperties ?? {});
	const redemptions = coupon.redemptions.map((redemption) => ({
		id: String(redemption.id),
		date: isoMillis(redemption.at, timezone),
		transaction_number: redemption.transactionNumber,
		redeemed_at: { code: redemption.store.code, name: redemption.store.name },
	}));
	const createdDate = settings.createdDate === 'offset' ? isoMillis : isoMillisWithZ;
	return {
		id: String(settings.listId === 'couponId' ? coupon.couponId : coupon.couponId + OWN_ID),
		series_id: String(coupon.seriesId),
		series_name: series?.description ?? '',
		redemption_count: coupon.redemptions.length,
		created_date: createdDate(coupon.issuedAt, timezone),
		valid_till: localSeconds(state.validityOf(coupon).end, timezone),
		code: coupon.code,
		transaction_number: null,
		issued_at: { code: coupon.store.code, name: coupon.store.name },
		purpose: '',
		...container(
			'custom_properties',
			'custom_property',
			properties.map(([name, value]) => ({ name, value })),
			settings,
		),
		...container('redemptions', 'redemption', redemptions, settings),
	};
}

function pageLimit(given: string | undefined, settings: SandboxSettings): number {
	const asked = toInteger(given) ?? DEFAULT_LIMIT;
	const limit = asked > 0 ? asked : DEFAULT_LIMIT;
	return settings.capLimit === null ? limit : Math.min(limit, settings.capLimit);
}

function matches(coupon: IssuedCoupon, context: RequestContext): boolean {
	const { query } = context.call;
	const seriesId = queryValue(query, 'series_id');
	if (seriesId !== undefined && coupon.seriesId !== Number(seriesId)) return false;
	const storeId = queryValue(query, 'store_id');
	if (storeId !== undefined && !redeemableAt(coupon, storeId, context)) return false;
	// Several values separated by a semicolon are known from older documentation only.
	const status = queryValue(query, 'status');
	const statuses = context.settings.severalStatuses ? status?.split(';') : status && [status];
	if (statuses && !statuses.some((one) => hasStatus(coupon, one, context))) return false;
	return inPeriod(coupon, context);
}

/** "store_id: retrieve active coupons that can be redeemed at a specific store" */
function redeemableAt(coupon: IssuedCoupon, storeId: string, context: RequestContext): boolean {
	const stores = context.state.series.get(coupon.seriesId)?.redeemAtStores;
	return hasStatus(coupon, 'active', context) && (stores?.includes(storeId) ?? true);
}

/** "active returns coupons whose valid_till is a future date and does not validate redemptions" */
function hasStatus(coupon: IssuedCoupon, status: string, context: RequestContext): boolean {
	const isExpired = context.state.validityOf(coupon).end < context.now();
	switch (status.trim().toLowerCase()) {
		case 'redeemed':
			return coupon.redemptions.length > 0;
		case 'unredeemed':
			return (
				coupon.redemptions.length === 0 && (context.settings.unredeemedHoldsExpired || !isExpired)
			);
		case 'expired':
			return isExpired;
		case 'active':
			return !isExpired;
		default:
			return false;
	}
}

/** "issued or redeemed on or after" the start date, "issued or redeemed before" the end date. */
function inPeriod(coupon: IssuedCoupon, { call, settings }: RequestContext): boolean {
	const day = (name: string) => startOfDay(queryValue(call.query, name) ?? '', settings.timezone);
	const start = day('start_date') ?? -Infinity;
	const end = (day('end_date') ?? Infinity) + (settings.endDate === 'through' ? DAY_MS : 0);
	const times = [coupon.issuedAt, ...coupon.redemptions.map(({ at }) => at)];
	return times.some((at) => at >= start && at < end);
}

/** The page names the keys but no default: newest first, like the v2 list of the same coupons. */
function comparator(context: RequestContext): (a: IssuedCoupon, b: IssuedCoupon) => number {
	const { query } = context.call;
	const orderBy = queryValue(query, 'order_by') ?? 'created_date';
	const order = queryValue(query, 'sort_order')?.toLowerCase() ?? context.settings.defaultSort;
	const sign = order === 'asc' ? 1 : -1;
	const endOf = (coupon: IssuedCoupon) => context.state.validityOf(coupon).end;
	const byKey = (a: IssuedCoupon, b: IssuedCoupon): number => {
		if (orderBy === 'valid_till') return endOf(a) - endOf(b);
		if (orderBy === 'created_by') return a.store.till.localeCompare(b.store.till);
		return a.issuedAt - b.issuedAt;
	};
	// Equal keys fall back to the ID: pages must neither repeat nor drop a coupon.
	return (a, b) => sign * (byKey(a, b) || a.couponId - b.couponId);
}
