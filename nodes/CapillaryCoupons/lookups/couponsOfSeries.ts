import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import { numberIn } from '../../shared/answer/body';
import { codeKey, isCode } from '../../shared/answer/couponCode';
import { CallError } from '../../shared/problem/Problem';
import { saysNotFound } from '../../shared/problem/rules';
import { customerQuery } from '../parameters/customer';
import { type Customer, valuesOf } from '../parameters/values';
import type { Send } from '../run/Operation';
import { readCoupons } from './readCoupons';
import { type HeldCoupon, readCustomerCoupons, readPage } from './readCustomerCoupons';

/** Time-out in ms of a look that the user has not asked for: after an unknown outcome. */
const LONGEST_MS = 10_000;

/** A held coupon with all its fields. */
export interface DetailedCoupon extends HeldCoupon {
	/** As on API page "Get coupon details"; of a coupon that this call does not know, what the list says. */
	details: IDataObject;
	/** Whether that call knows it. */
	isKnown: boolean;
}

/** A customer's coupons of one series, newest first. */
export interface CouponsOfSeries {
	coupons: HeldCoupon[];
	/** Capillary's ID of the customer, as far as the answer tells. */
	customerId?: string;
	/** When it was asked for, in epoch milliseconds: it may lack what was issued since. */
	readAt: number;
}

/**
 * What the customer of an issue call holds or held of its series: `GET /v1.1/customer/coupons`, all
 * pages.
 *
 * @param request the issue call
 * @throws CallError
 */
export async function readCouponsOfSeries(
	send: Send,
	request: IHttpRequestOptions,
): Promise<CouponsOfSeries> {
	const { issuedSince, seriesId } = valuesOf(request);
	const readAt = Date.now();
	// From the day before: the server's day may not have begun yet when the user's has.
	const list = listRequest(request, issuedSince ? { start_date: dayBefore(issuedSince) } : {});
	const { coupons, customers } = await readCustomerCoupons(send, list);
	// A coupon that does not say its series counts: in doubt, nothing more is issued.
	const ofSeries = coupons.filter(
		({ coupon }) => (Number(coupon.series_id) || seriesId) === seriesId,
	);
	const customerId = customers.length === 1 ? customers[0]?.id : undefined;
	return {
		coupons: ofSeries.sort(newestFirst),
		customerId: customerId ? String(customerId) : undefined,
		readAt,
	};
}

/**
 * The newest coupons of the same list, in one call.
 *
 * @param most how many at most
 * @throws CallError
 */
export async function readNewestOfSeries(
	send: Send,
	request: IHttpRequestOptions,
	most: number,
): Promise<HeldCoupon[]> {
	const list = listRequest(request, { order_by: 'created_date', sort_order: 'desc' });
	const timeout = Math.min(list.timeout ?? LONGEST_MS, LONGEST_MS);
	const { items } = await readPage(send, { ...list, timeout }, most);
	return items.sort(newestFirst);
}

/**
 * Adds what only `GET /v2/coupon` tells. By code: that the list's `id` is the coupon ID of that call is
 * not documented.
 *
 * @throws CallError when the call fails in any other way than that it does not know the coupons
 */
export async function addDetails(
	send: Send,
	request: IHttpRequestOptions,
	held: HeldCoupon[],
): Promise<DetailedCoupon[]> {
	if (held.length === 0) return [];
	const { coupons, failures } = await readCoupons(
		async (call) => await send({ ...call, mayFail: saysNotFound }),
		readRequest(request, '/v2/coupon', {
			coupon_code_case: 'AS_IT_IS',
			includeIssualDetails: true,
		}),
		{ by: 'couponCodes', values: held.map(({ coupon }) => String(coupon.code)) },
	);
	const serious = failures.find((failure) => !saysNotFound(failure));
	if (serious) throw new CallError(serious);
	return withoutDetails(request, held).map((one) => {
		const details = coupons.find((candidate) => isOf(one.coupon, candidate));
		return details ? { ...one, details, isKnown: true } : one;
	});
}

/** Held coupons with only what the list says. */
export function withoutDetails(request: IHttpRequestOptions, held: HeldCoupon[]): DetailedCoupon[] {
	const { seriesId } = valuesOf(request);
	return held.map((one) => {
		const { code, valid_till: validTill } = one.coupon;
		return { ...one, details: { code: String(code), seriesId, validTill }, isKnown: false };
	});
}

/** Two series may have the same code. */
function isOf({ code, series_id: seriesId }: IDataObject, details: IDataObject): boolean {
	const isOther = numberIn(details.seriesId) !== numberIn(seriesId);
	const areBothKnown = numberIn(details.seriesId) > 0 && numberIn(seriesId) > 0;
	return codeKey(details.code) === codeKey(code) && !(areBothKnown && isOther);
}

/** Whether the list names its code. */
export function hasCode({ coupon }: HeldCoupon): boolean {
	return isCode(coupon.code);
}

/** The day before a `YYYY-MM-DD`. */
export function dayBefore(day: string): string {
	return new Date(Date.parse(day) - 24 * 3_600_000).toISOString().slice(0, 10);
}

/** Tells listed coupons apart, also those of a series with one code for everybody. */
export function couponKey({ coupon }: HeldCoupon): string {
	return `${String(coupon.id)} ${codeKey(coupon.code)}`;
}

function listRequest(request: IHttpRequestOptions, more: IDataObject): IHttpRequestOptions {
	const { customer, seriesId } = valuesOf(request);
	const qs = { ...customerQuery(customer as Customer), series_id: seriesId, ...more };
	return readRequest(request, '/v1.1/customer/coupons', qs);
}

/** A read with the settings of the issue call, such as a proxy. */
function readRequest(
	request: IHttpRequestOptions,
	url: string,
	qs: IDataObject,
): IHttpRequestOptions {
	return { ...request, method: 'GET', url, qs, body: undefined };
}

/** By the time of issue, and within a second by ID. */
function newestFirst({ coupon: a }: HeldCoupon, { coupon: b }: HeldCoupon): number {
	const timeOf = ({ created_date: date }: IDataObject) => Date.parse(String(date)) || 0;
	const byId = String(b.id).localeCompare(String(a.id), 'en', { numeric: true });
	return timeOf(b) - timeOf(a) || byId;
}
