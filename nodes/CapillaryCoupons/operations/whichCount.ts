import type { IDataObject } from 'n8n-workflow';

import { callError } from '../../shared/problem/rules';
import {
	addDetails,
	type CouponsOfSeries,
	dayBefore,
	type DetailedCoupon,
	hasCode,
} from '../lookups/couponsOfSeries';
import { inParts } from '../lookups/inParts';
import { VALUES_PER_CALL } from '../lookups/readCoupons';
import type { HeldCoupon } from '../lookups/readCustomerCoupons';
import { sourceIdOf } from '../parameters/issueOnce';
import type { Item } from '../run/Operation';

const DAY_MS = 24 * 3_600_000;
/** In the westernmost time zone, a day ends this much later than in UTC. */
const WESTERNMOST_MS = DAY_MS / 2;

/**
 * Those of the listed coupons that count as held ('Which Coupons Count'). In doubt one counts: a coupon
 * too few shows, and can be issued later; one too many is given away.
 *
 * @param most how many are wanted at most
 * @returns the newest ones, newest first
 * @throws CallError when their details cannot be read
 */
export async function whichCount(
	{ request, values, send }: Item,
	{ coupons }: CouponsOfSeries,
	most: number,
): Promise<DetailedCoupon[]> {
	const { heldStatus, issuedSince, sameSourceId } = values;
	const isUsable = heldStatus === 'usable';
	const candidates = coupons
		.filter((one) => !issuedSince || isIssuedSince(one, issuedSince))
		.filter((one) => !isUsable || !isRedeemed(one));
	checkNamed(candidates);
	const allCount = !isUsable && !sameSourceId;

	const counting: DetailedCoupon[] = [];
	for (const part of inParts(allCount ? candidates.slice(0, most) : candidates, VALUES_PER_CALL)) {
		const detailed = await addDetails(send, request, part);
		if (sameSourceId) checkKnown(detailed);
		counting.push(
			...detailed
				.filter((one) => !isUsable || !isExpired(one))
				.filter((one) => !sameSourceId || isOfSource(one, sourceIdOf(request))),
		);
		if (counting.length >= most) break;
	}
	return counting.slice(0, most);
}

/** @throws CallError when a coupon has no code, so that the customer could not be told which it is */
function checkNamed(candidates: HeldCoupon[]): void {
	if (candidates.every(hasCode)) return;
	const problem = {
		fault: 'refused' as const,
		sentence: 'Capillary lists a coupon of this customer without its code, so nothing was issued',
		hint: "Run again in a minute, or look with 'Get Customer Coupons'.",
	};
	throw callError(problem, false);
}

/** @throws CallError when the Source ID of a coupon cannot be read */
function checkKnown(detailed: DetailedCoupon[]): void {
	const unknown = detailed.find(({ isKnown }) => !isKnown);
	if (!unknown) return;
	const problem = {
		fault: 'refused' as const,
		sentence: `Capillary lists the coupon ${String(unknown.coupon.code)} and does not tell its Source ID, so nothing was issued`,
		hint: "Run again in a minute, or remove 'Same Source ID' under 'Which Coupons Count'.",
	};
	throw callError(problem, false);
}

/** Whether a coupon carries the Source ID that was given when it was issued. */
export function isOfSource({ details }: DetailedCoupon, sourceId: string | undefined): boolean {
	const { sourceId: carried } = (details.couponIssualDetails ?? {}) as { sourceId?: unknown };
	return sourceId !== undefined && carried === sourceId;
}

/**
 * The API's `start_date` also lets coupons through that were issued before and redeemed since, so their
 * own day is looked at. It is written in a zone that nobody knows, so the day before counts too.
 */
function isIssuedSince({ coupon }: HeldCoupon, day: string): boolean {
	const written = String(coupon.created_date ?? '').slice(0, 10);
	const isDay = /^\d{4}-\d{2}-\d{2}$/.test(written) && !Number.isNaN(Date.parse(written));
	return !isDay || written >= dayBefore(day);
}

function isRedeemed({ coupon }: HeldCoupon): boolean {
	return Number(coupon.redemption_count) > 0;
}

/** Not when its end cannot be read. */
function isExpired({ coupon, details }: DetailedCoupon): boolean {
	return (
		endMs(String(details.validTillDateTime ?? ''), String(details.validTill), coupon) < Date.now()
	);
}

/**
 * By the exact end, else by the day of expiry. The list's day has no zone: it ends with the day in the
 * westernmost one.
 */
function endMs(exact: string, day: string, { valid_till: listed }: IDataObject): number {
	if (exact) return Date.parse(exact);
	if (/(Z|[+-]\d{2}:?\d{2})$/.test(day)) return Date.parse(day) + DAY_MS;
	return Date.parse(String(listed).slice(0, 10)) + DAY_MS + WESTERNMOST_MS;
}
