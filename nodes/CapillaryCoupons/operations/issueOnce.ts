import type { IDataObject } from 'n8n-workflow';

import { codeKey } from '../../shared/answer/couponCode';
import { KeyedMutex } from '../../shared/client/KeyedMutex';
import { CallError, type Failure } from '../../shared/problem/Problem';
import { callError, failureOf, isForbidden } from '../../shared/problem/rules';
import { describe } from '../../shared/problem/sentences';
import {
	addDetails,
	couponKey,
	type CouponsOfSeries,
	type DetailedCoupon,
	hasCode,
	readCouponsOfSeries,
	readNewestOfSeries,
	withoutDetails,
} from '../lookups/couponsOfSeries';
import type { HeldCoupon } from '../lookups/readCustomerCoupons';
import { customerKey } from '../parameters/customer';
import { sourceIdOf } from '../parameters/issueOnce';
import type { Customer } from '../parameters/values';
import type { Item, Send } from '../run/Operation';
import { forgetRecent, noteRecent, notShownIn, type Recent, SHOWN_AFTER_MS } from './recents';
import { isOfSource, whichCount } from './whichCount';

/** How an operation issues. */
interface Issuing {
	/** How many coupons the customer shall have. */
	wanted: number;
	/** How many of those that are there already come out at most. */
	most: number;
	/** Makes the call. @throws CallError */
	issue: (send: Send, count: number) => Promise<IDataObject>;
	/** What its answer says. */
	issuedIn: (body: IDataObject) => Issued;
}

/** What an issue call has issued. */
export interface Issued {
	codes: string[];
	/** How many, also where not all are named. */
	count: number;
	/** Capillary's ID of the customer. */
	customerId?: number | string;
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
	/** Whether a code was there before the call: a series may answer with a coupon it issued before. */
	wasThere: (code: unknown) => boolean;
}

const LOOKS_AFTER_MS = [2_000, 5_000, SHOWN_AFTER_MS];

/**
 * By the same keys as `recents.ts`. `executeItem` gives turns as well, by the identifier in the item: one
 * customer may be named by mobile in one item and by email in another.
 */
const turns = new KeyedMutex();

/**
 * Looks first, and issues only what is missing. A call whose answer is lost is never made again: looking
 * again shows what it has done.
 *
 * @throws CallError when nothing was issued, because the customer's coupons could not be looked up
 */
export async function issueOnce(item: Item, issuing: Issuing): Promise<IssuedOnce> {
	const list = await lookAtList(item);
	const known = await keyOf(item, list.customerId);
	const keys = [...new Set([known, await keyOf(item)])];
	return await turns.use(
		known,
		async () => await lookAndIssue(item, issuing, keys, list),
		item.signal,
	);
}

/** Of a customer and a series. @param customerId Capillary's own; else the item's identifier counts */
async function keyOf({ host, values }: Item, customerId?: string): Promise<string> {
	const customer = customerId
		? ({ type: 'id', value: customerId } as const)
		: (values.customer as Customer);
	return `${await host()} ${values.seriesId} ${customerKey(customer)}`;
}

async function lookAndIssue(
	item: Item,
	{ wanted, most, issue, issuedIn }: Issuing,
	keys: string[],
	list: CouponsOfSeries,
): Promise<IssuedOnce> {
	const before = await whenShown(item, list, keys);
	const held = await lookFirst('Coupon', async () => await whichCount(item, before, most));
	const missing = Math.max(0, wanted - held.length);
	const codesBefore = codesOf(before.coupons);
	const wasThere = (code: unknown) => codesBefore.has(codeKey(code));
	const newsIn = newsSince(before);
	const result = { held, missing, recovered: [], wasThere };
	if (missing === 0) return result;

	// A lost answer does not end a run with On Error = Stop as long as it can be found.
	const send: Send = async (call) => await item.send({ ...call, mayFail: isUnknown });
	const note = (isShown: Recent['isShown'], isLost: boolean) => {
		const recent = { at: Date.now(), isShown, isLost };
		for (const key of keys) noteRecent(key, recent);
		return recent.at;
	};
	try {
		const body = await issue(send, missing);
		const { codes, count } = issuedIn(body);
		// A series with one code for everybody lists that code before as well.
		note(showsNews(newsIn, count, codes), count > codes.length);
		return { ...result, body };
	} catch (error) {
		const failure = failureOf(error, 'unreadable', true);
		if (!isUnknown(failure)) return { ...result, failure };
		// One of several may show before the others.
		const at = note(showsNews(newsIn, missing), true);
		const recovered = await recover(item, at, missing, newsIn);
		return { ...result, recovered, ...(recovered.length < missing ? { failure } : {}) };
	}
}

type NewsIn = (list: CouponsOfSeries) => HeldCoupon[];

/** Finds what was not there before. Outside of the item's functions: what is noted must not keep the item. */
function newsSince(before: CouponsOfSeries): NewsIn {
	const keys = new Set(before.coupons.map(couponKey));
	return ({ coupons }) => coupons.filter((one) => !keys.has(couponKey(one)));
}

/** Whether a list shows so many new coupons, these codes among them. */
function showsNews(newsIn: NewsIn, count: number, codes: string[] = []): Recent['isShown'] {
	return (list) => {
		const news = newsIn(list);
		return news.length >= count && areIn(news, codes);
	};
}

/**
 * Makes an issue call without 'Issue Once', and notes it: the next item or run may have it on.
 *
 * @param issuedIn what the call's answer says
 */
export async function issueWithoutLooking(
	item: Item,
	issue: (send: Send) => Promise<IDataObject>,
	issuedIn: Issuing['issuedIn'],
): Promise<IDataObject> {
	// Noted before it is sent. What the customer holds is not known, so only time tells what it has done.
	const recent: Recent = { at: Infinity, isShown: () => false, isLost: true };
	const key = await keyOf(item);
	noteRecent(key, recent);
	// No `try`: n8n's lint takes only its own errors from a `catch`.
	const [answer] = await Promise.allSettled([issue(item.send)]);
	recent.at = Date.now();
	if (answer.status === 'rejected') {
		const failure = failureOf(answer.reason, 'unreadable', true);
		if (!isUnknown(failure)) forgetRecent(key, recent);
		throw new CallError(failure);
	}
	const { codes, count, customerId } = issuedIn(answer.value);
	if (codes.length >= count) {
		recent.isShown = ({ coupons }) => areIn(coupons, codes);
		recent.isLost = false;
	}
	if (customerId !== undefined) noteRecent(await keyOf(item, String(customerId)), recent);
	return answer.value;
}

function areIn(coupons: HeldCoupon[], codes: string[]): boolean {
	const listed = codesOf(coupons);
	return codes.every((code) => listed.has(codeKey(code)));
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
	keys: string[],
): Promise<CouponsOfSeries> {
	let latest = list;
	let hidden = notShownIn(latest, keys);
	if (hidden.length === 0) return latest;
	const isShown = async () => {
		latest = await lookAtList(item);
		hidden = notShownIn(latest, keys);
		return hidden.length === 0;
	};
	// It may have been read before that coupon was issued.
	if (await isShown()) return latest;
	const since = Math.max(...hidden.map(({ at }) => Math.min(at, Date.now())));
	const isOver = await lookAgain(item, since, isShown);
	const isUnderWay = hidden.some(({ at }) => at === Infinity);
	if (isOver && !isUnderWay) return latest;
	const problem = {
		fault: 'refused' as const,
		sentence: hidden.some(({ isLost }) => isLost)
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
	newsIn: NewsIn,
): Promise<DetailedCoupon[]> {
	const send: Send = async (call) => await item.send({ ...call, mayFail: () => true });
	const sourceId = sourceIdOf(item.request);
	// The one proof that no other system has issued it in the meantime.
	const isOwn = (one: DetailedCoupon) => sourceId === undefined || isOfSource(one, sourceId);
	// Over all looks: a later one may go badly, or be answered by an older copy of the list.
	const found = new Map<string, DetailedCoupon>();
	const keep = (coupons: DetailedCoupon[]) => {
		for (const one of coupons.filter(isOwn)) {
			if (!found.get(couponKey(one))?.isKnown) found.set(couponKey(one), one);
		}
	};
	const isFound = async () => {
		try {
			const news = newsIn(await readCouponsOfSeries(send, item.request)).filter(hasCode);
			// A code without details is worth more than none, when the details cannot be read.
			keep(withoutDetails(item.request, news));
			keep(await addDetails(send, item.request, news));
			return found.size >= missing;
		} catch {
			// The next look may go well.
			return false;
		}
	};
	try {
		await lookAgain(item, lostAt, isFound);
	} catch {
		// The run has ended. What the call has done is as unknown as before.
	}
	return [...found.values()].slice(0, missing);
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
async function lookFirst<T>(resource: 'Customer' | 'Coupon', look: () => Promise<T>): Promise<T> {
	// No `try`: n8n's lint takes only its own errors from a `catch`.
	const [found] = await Promise.allSettled([look()]);
	if (found.status === 'fulfilled') return found.value;
	const failure = failureOf(found.reason, 'unreadable', false);
	if (failure.fault === 'stopped') throw found.reason;
	if (!isForbidden(failure)) {
		const hint = `Nothing was issued: 'Issue Once' looks up the customer's coupons first, and that failed. ${describe(failure, 'read').hint}`;
		throw new CallError({ ...failure, hint });
	}
	throw new CallError({
		...failure,
		sentence: `This login has no access to the resource ${resource}, so 'Issue Once' could not look first, and nothing was issued`,
		hint: `Give the till or API client read access to the resource ${resource} in Capillary, or turn 'Issue Once' off.`,
	});
}

async function lookAtList({ send, request }: Item): Promise<CouponsOfSeries> {
	return await lookFirst('Customer', async () => await readCouponsOfSeries(send, request));
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
