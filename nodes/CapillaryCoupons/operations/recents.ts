import { BoundedMap } from '../../shared/BoundedMap';
import type { CouponsOfSeries } from '../lookups/couponsOfSeries';

/** How soon an issued coupon shows in the lists is not documented. After so long they are believed. */
export const SHOWN_AFTER_MS = 15_000;

/** An issue call of this process, whose coupons Capillary's lists may not show yet. */
export interface Recent {
	/** When its answer came, in epoch milliseconds; Infinity while it is under way. */
	at: number;
	/** Whether a list shows all that the call has issued. */
	isShown: (list: CouponsOfSeries) => boolean;
	/** Nobody knows whether it issued, or how many. */
	isLost: boolean;
}

/** By host, series and customer: one customer has several keys. */
const recents = new BoundedMap<string, Recent[]>(10_000);

/** Notes a call. What the caller changes in it later counts as well. */
export function noteRecent(key: string, recent: Recent): void {
	const isYoung = ({ at }: Recent) => at > Date.now() - SHOWN_AFTER_MS;
	recents.set(key, [...(recents.get(key) ?? []).filter(isYoung), recent]);
}

/** For a call that has certainly issued nothing. */
export function forgetRecent(key: string, recent: Recent): void {
	const others = (recents.get(key) ?? []).filter((one) => one !== recent);
	if (others.length > 0) recents.set(key, others);
	else recents.delete(key);
}

/** The calls that a list may not show. */
export function notShownIn(list: CouponsOfSeries, keys: string[]): Recent[] {
	return keys
		.flatMap((key) => recents.get(key) ?? [])
		.filter((one) => list.readAt <= one.at + SHOWN_AFTER_MS && !one.isShown(list));
}
