import { badInput } from '../response/Problem';

const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})(?:$|[T ])/;

/**
 * Makes the `YYYY-MM-DD` of API page "Get customer coupons" from any date that n8n can hold: ISO 8601 text, a Luxon
 * DateTime, a JavaScript date or epoch milliseconds. A text keeps the day that is written in it.
 *
 * @param parameter the field's name, for the sentence
 * @param timezone the workflow's time zone, for dates that carry none to read
 * @throws CallProblem when it is no date
 */
export function toDate(value: unknown, parameter: string, timezone: string): string {
	const text = isLuxon(value) ? value.toISO() : value;
	if (typeof text === 'string') {
		const day = ISO_DATE.exec(text.trim())?.[0].slice(0, 10);
		if (day && isDay(day) && !Number.isNaN(Date.parse(text.trim().replace(' ', 'T')))) return day;
	}
	const date = typeof value === 'number' ? new Date(value) : value;
	if (date instanceof Date && !Number.isNaN(date.getTime())) {
		return new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' }).format(
			date,
		);
	}
	throw badInput(
		`'${parameter}' is not a date`,
		'Pick one, or give an ISO date such as 2026-01-31 from an expression.',
	);
}

function isLuxon(value: unknown): value is { toISO: () => string } {
	return typeof value === 'object' && value !== null && 'toISO' in value;
}

/** February has no 30th. */
function isDay(day: string): boolean {
	const date = new Date(`${day}T00:00:00Z`);
	return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
