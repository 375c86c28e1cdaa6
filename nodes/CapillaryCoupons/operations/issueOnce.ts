import type { IDataObject } from 'n8n-workflow';

import { BoundedMap } from '../../shared/BoundedMap';
import { KeyedMutex } from '../../shared/client/KeyedMutex';
import { CallError, type Failure } from '../../shared/problem/Problem';
import { callError, failureOf, isForbidden } from '../../shared/problem/rules';
import { describe } from '../../shared/problem/sentences';
import {
	addDetails,
	codeKey,
	couponKey,
	type CouponsOfSeries,
	type DetailedCoupon,
	readCouponsOfSeries,
	readNewestOfSeries,
} from '../lookups/couponsOfSeries';
import type { HeldCoupon } from '../lookups/readCustomerCoupons';
import { customerKey } from '../parameters/customer';
import { sourceIdOf } from '../parameters/issueOnce';
import type { Customer } from '../parameters/values';
import type { Item, Send } from '../run/executeItem';
import { isOfSource, whichCount } from './whichCount';

/** How an operation issues. */
export interface Issuing {
	/** How many coupons the customer shall have. */
	wanted: number;
	/** How many of those that are there already come out at most. */
	most: number;
	/** Makes the call. @throws CallError */
	issue: (send: Send, count: number) => Promise<IDataObject>;
	/** The codes in its answer. */
	codesIn: (body: IDataObject) => string[];
}

/** What an item with 'Issue Once' has come to. */
export interface IssuedOnce {
	/** The coupons that were there already and count, newest first. */
	held: DetailedCoupon[];
	/** The answer of the issue call, if there was one. */
	body?: IDataObject;
	/** How many coupons that call was to issue. */
	missing: number;
	/** Coupons of an issue call whose answer was lost, found by looking again. */
	recovered: DetailedCoupon[];
	/** Why coupons are missing. */
	failure?: Failure;
	/** Whether a code was there before the call: a series may answer with the coupon it gave before. */
	wasThere: (code: unknown) => boolean;
}

/** How soon an issued coupon shows in the lists is not documented. After the last look they are believed. */
const LOOKS_AFTER_MS = [2_000, 5_000, 15_000];
const SHOWN_AFTER_MS = 15_000;

/** What this process has issued a moment ago, and the lists may not show yet. */
interface Recent {
	at: number;
	isShown: (list: CouponsOfSeries) => boolean;
	/** The call's answer was lost, so nobody knows whether it issued. */
	isLost?: true;
}

/** By credential, customer and series. */
const recents = new BoundedMap<string, Recent>(10_000);

/** By the same. `executeItem` already gives turns, but one customer may be named by mobile and by email. */
const turns = new KeyedMutex();

/**
 * Looks first, and issues only what is missing. A call whose answer is lost is never made again: looking
 * again shows what it has done.
 *
 * @throws CallError when nothing was issued, because the customer's coupons could not be looked up
 */
export async function issueOnce(item: Item, issuing: Issuing): Promise<IssuedOnce> {
	const { request, values, credentialId, signal } = item;
	const list = await first('Customer', async () => await readCouponsOfSeries(item.send, request));
	const customer = list.customerId ?? customerKey(values.customer as Customer);
	const key = `${credentialId} ${customer} ${values.seriesId}`;
	return await turns.use(key, async () => await lookAndIssue(item, issuing, key, list), signal);
}

async function lookAndIssue(
	item: Item,
	{ wanted, most, issue, codesIn }: Issuing,
	key: string,
	list: CouponsOfSeries,
): Promise<IssuedOnce> {
	const before = await whenShown(item, list, recentOf(item, key));
	const held = await first('Coupon', async () => await whichCount(item, before, most));
	const missing = Math.max(0, wanted - held.length);
	const wasThere = (code: unknown) => codesOf(before.coupons).has(codeKey(code));
	const keys = new Set(before.coupons.map(couponKey));
	const newsIn = ({ coupons }: CouponsOfSeries) =>
		coupons.filter((one) => !keys.has(couponKey(one)));
	const result = { held, missing, recovered: [], wasThere };
	if (missing === 0) return result;

	// A lost answer does not end a run with On Error = Stop as long as it can be found.
	const send: Send = async (call) => await item.send({ ...call, mayFail: isUnknown });
	try {
		const body = await issue(send, missing);
		// A series with one code for everybody lists that code before as well.
		const isShown = (now: CouponsOfSeries) =>
			codesIn(body).every((code) => codesOf(newsIn(now)).has(codeKey(code)));
		recents.set(key, { at: Date.now(), isShown });
		return { ...result, body };
	} catch (error) {
		const failure = failureOf(error, 'unreadable', true);
		if (!isUnknown(failure)) return { ...result, failure };
		const at = Date.now();
		// One of several may show before the others.
		recents.set(key, {
			at,
			isLost: true,
			isShown: (now) => newsIn(now).length >= missing,
		});
		const recovered = await recover(item, at, missing, newsIn);
		return { ...result, recovered, ...(recovered.length < missing ? { failure } : {}) };
	}
}

/** What this process has issued a moment ago, also by a call that knew only the identifier given. */
function recentOf(item: Item, key: string): Recent | undefined {
	const known = [recents.get(key), recents.get(plainKey(item))].filter((one) => one !== undefined);
	return known.sort((a, b) => b.at - a.at)[0];
}

function plainKey({ credentialId, values }: Item): string {
	return `${credentialId} ${customerKey(values.customer as Customer)} ${values.seriesId}`;
}

/**
 * Makes an issue call without 'Issue Once', and notes it: the next item or run may have it on.
 *
 * @param codesIn the codes in the call's answer
 */
export async function issueAnyway(
	item: Item,
	issue: (send: Send) => Promise<IDataObject>,
	codesIn: (body: IDataObject) => string[],
): Promise<IDataObject> {
	const note = (recent: Omit<Recent, 'at'>) =>
		recents.set(plainKey(item), { at: Date.now(), ...recent });
	const before = recents.get(plainKey(item));
	// Noted before it is sent: what the customer holds is not known, so only time tells what it has done.
	note({ isLost: true, isShown: () => false });
	const [answer] = await Promise.allSettled([issue(item.send)]);
	if (answer.status === 'fulfilled') {
		const codes = codesIn(answer.value).map(codeKey);
		note({ isShown: (now) => codes.every((code) => codesOf(now.coupons).has(code)) });
		return answer.value;
	}
	const failure = failureOf(answer.reason, 'unreadable', true);
	if (isUnknown(failure)) note({ isLost: true, isShown: () => false });
	else if (before) recents.set(plainKey(item), before);
	else recents.delete(plainKey(item));
	throw new CallError(failure);
}

function codesOf(coupons: HeldCoupon[]): Set<string> {
	return new Set(coupons.map(({ coupon }) => codeKey(coupon.code)));
}

/**
 * The list, or a later one when it may not show yet what this process has issued a moment ago.
 *
 * @throws CallError when 'Max Wait' is too short to know
 */
async function whenShown(
	item: Item,
	list: CouponsOfSeries,
	recent: Recent | undefined,
): Promise<CouponsOfSeries> {
	const isKnown = !recent || recent.isShown(list) || list.readAt > recent.at + SHOWN_AFTER_MS;
	if (isKnown) return list;

	let latest = list;
	const isShown = async () => {
		latest = await first(
			'Customer',
			async () => await readCouponsOfSeries(item.send, item.request),
		);
		return recent.isShown(latest);
	};
	// It may have been read before that coupon was issued.
	if (await isShown()) return latest;
	const isOver = await lookAgain(item, recent.at, isShown);
	if (isOver) return latest;
	const problem = {
		fault: 'refused' as const,
		sentence: recent.isLost
			? 'An earlier item may have issued this coupon, so nothing was issued'
			: "The customer's new coupon does not show in Capillary's list yet, so nothing was issued",
		hint: "Raise 'Max Wait' under 'Options', or run again in a minute.",
	};
	throw callError(problem, true);
}

/** What a call has issued whose answer was lost: nothing, when it does not show in time. */
async function recover(
	item: Item,
	lostAt: number,
	missing: number,
	newsIn: (list: CouponsOfSeries) => HeldCoupon[],
): Promise<DetailedCoupon[]> {
	const send: Send = async (call) => await item.send({ ...call, mayFail: () => true });
	const sourceId = sourceIdOf(item.request);
	let found: DetailedCoupon[] = [];
	const isFound = async () => {
		try {
			const news = newsIn(await readCouponsOfSeries(send, item.request));
			const detailed = await addDetails(send, item.request, news);
			// The one proof that no other system has issued it in the meantime.
			const own = detailed.filter((one) => sourceId === undefined || isOfSource(one, sourceId));
			found = own.slice(0, missing);
		} catch {
			// The next look may go well.
		}
		return found.length >= missing;
	};
	try {
		await lookAgain(item, lostAt, isFound);
	} catch {
		// The run has ended. What the call has done is as unknown as before.
	}
	return found;
}

/**
 * Looks again, some seconds after a call, until that is enough.
 *
 * @returns false when 'Max Wait' did not allow all looks
 * @throws the signal's reason when the run ends
 */
async function lookAgain(
	{ budget, signal }: Item,
	since: number,
	isEnough: () => Promise<boolean>,
): Promise<boolean> {
	for (const afterMs of LOOKS_AFTER_MS) {
		const waitMs = since + afterMs - Date.now();
		if (waitMs <= 0) continue;
		if (!(await budget.pause(waitMs, signal))) return false;
		if (await isEnough()) return true;
	}
	return true;
}

/**
 * Looks before anything is issued.
 *
 * @param resource of Capillary's access groups, that the login must be allowed to read
 * @throws CallError that says so: a failed look is not an issue call whose outcome is unknown
 */
async function first<T>(resource: 'Customer' | 'Coupon', look: () => Promise<T>): Promise<T> {
	const [found] = await Promise.allSettled([look()]);
	if (found.status === 'fulfilled') return found.value;
	const failure = failureOf(found.reason, 'unreadable', false);
	if (failure.fault === 'stopped') throw found.reason;
	if (!isForbidden(failure)) {
		const hint = `Nothing was issued, because 'Issue Once' could not look first. ${describe(failure, 'read').hint}`;
		throw new CallError({ ...failure, hint });
	}
	throw new CallError({
		...failure,
		sentence: `This login has no access to the resource ${resource}, so 'Issue Once' could not look first, and nothing was issued`,
		hint: `Give the till or API client read access to the resource ${resource} in Capillary, or turn 'Issue Once' off.`,
	});
}

function isUnknown({ outcome }: Failure): boolean {
	return outcome === 'unknown';
}

/** For the details of an item whose outcome is unknown: the customer's newest coupons of the series. */
export async function newestHeld({ request, send }: Item): Promise<IDataObject> {
	const newest = await readNewestOfSeries(send, request, 10);
	return {
		heldCoupons: newest.map(({ coupon }) => ({
			code: coupon.code,
			createdDate: coupon.created_date,
		})),
	};
}
