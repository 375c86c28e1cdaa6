const LOCAL_TIME = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})$/;
const MINUTE = 60_000;

/**
 * A time of v1.1 (`YYYY-MM-DD HH:MM:SS`, without a zone) as ISO 8601 with the offset that holds in a
 * zone at that very time. What is written in another form stays as it is.
 *
 * @param zone an IANA name or an offset such as `+05:30`
 */
export function withOffset(time: unknown, zone: string): unknown {
	const parts = typeof time === 'string' ? LOCAL_TIME.exec(time.trim()) : null;
	if (!parts) return time;
	const [year = 0, month = 0, day = 0, hour, minute, second] = parts.slice(1).map(Number);
	const local = Date.UTC(year, month - 1, day, hour, minute, second);
	const written = `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}`;
	return written + (/^[+-]/.test(zone) ? zone : offsetText(offsetAt(local, zone)));
}

/**
 * Minutes east of UTC at a local time. The offset at the same moment in UTC is the answer but for the
 * hours around a change of the clocks; there, asking once more with it decides.
 */
function offsetAt(local: number, zone: string): number {
	const guess = offsetOf(local, zone);
	return offsetOf(local - guess * MINUTE, zone);
}

/** Minutes east of UTC at an instant. */
function offsetOf(instant: number, timeZone: string): number {
	const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
	const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value;
	const [, sign, hours = 0, minutes = 0] = /GMT([+-])(\d+):(\d+)/.exec(name ?? '') ?? [];
	return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function offsetText(minutes: number): string {
	const two = (number: number) => String(Math.floor(number)).padStart(2, '0');
	const size = Math.abs(minutes);
	return `${minutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`;
}
