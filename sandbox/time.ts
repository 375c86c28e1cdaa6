/**
 * Dates in the server's zone. The pages say: "The response time zone always matches the server time
 * zone, regardless of the time zone offset in the request."
 */

export const DAY_MS = 24 * 60 * 60 * 1000;

/** Minutes east of UTC for `UTC`, `Z` or an offset like `+05:30`. */
export function offsetMinutes(timezone: string): number {
	if (timezone === 'UTC' || timezone === 'Z') return 0;
	const parts = /^([+-])(\d{2}):(\d{2})$/.exec(timezone);
	if (!parts) throw new Error(`Time zone must be UTC or an offset like +05:30, not "${timezone}"`);
	const minutes = Number(parts[2]) * 60 + Number(parts[3]);
	return parts[1] === '-' ? -minutes : minutes;
}

/** The clock on the wall in that zone, as `YYYY-MM-DDTHH:mm:ss.sss`. */
function wallClock(at: number, timezone: string): string {
	return new Date(at + offsetMinutes(timezone) * 60_000).toISOString().slice(0, -1);
}

function suffix(timezone: string): string {
	return offsetMinutes(timezone) === 0 ? 'Z' : timezone;
}

/** v2 form: `2026-06-11T00:00:00Z`, `2026-06-11T05:30:00+05:30`. */
export function isoSeconds(at: number, timezone: string): string {
	return wallClock(at, timezone).slice(0, 19) + suffix(timezone);
}

/** v1.1 form of `created_date`: `2019-07-29T16:13:14.000Z`. */
export function isoMillis(at: number, timezone: string): string {
	return wallClock(at, timezone) + suffix(timezone);
}

/** The same with a `Z`, whatever the zone. */
export function isoMillisWithZ(at: number, timezone: string): string {
	return `${wallClock(at, timezone)}Z`;
}

/** v1.1 form of `valid_till`: `2019-12-31 23:59:59`, without a zone. */
export function localSeconds(at: number, timezone: string): string {
	return wallClock(at, timezone).slice(0, 19).replace('T', ' ');
}

/** Start of a day `YYYY-MM-DD` in that zone; undefined when it is no such day. */
export function startOfDay(day: string, timezone: string): number | undefined {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
	const at = Date.parse(`${day}T00:00:00Z`);
	return Number.isNaN(at) ? undefined : at - offsetMinutes(timezone) * 60_000;
}

/**
 * The two ends of validity the pages show: `validTill` marks the start of the last day,
 * `validTillDateTime` the last second. The India examples are the same instants as the EU ones, so
 * the day is a UTC day in every zone.
 */
export function validity(lastDay: string): { validTill: number; end: number } {
	const validTill = Date.parse(`${lastDay}T00:00:00Z`);
	return { validTill, end: validTill + DAY_MS - 1000 };
}
