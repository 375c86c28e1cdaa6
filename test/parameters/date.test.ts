import type { IExecuteSingleFunctions } from 'n8n-workflow';

import { date } from '../../nodes/CapillaryCoupons/parameters/convert';

/** Converts in a workflow of a time zone. */
const toDate = (value: unknown, label: string, zone: string) =>
	date(label)(value, { getTimezone: () => zone } as IExecuteSingleFunctions);

/** As n8n's expressions give it: the node only knows that it has `toISO`. */
const luxon = (iso: string | null) => ({ toISO: () => iso });

describe('date writes the day', () => {
	it.each([
		['a day', '2026-01-31', '2026-01-31'],
		["n8n's date field", '2026-01-31T00:00:00', '2026-01-31'],
		['a text with spaces around it', ' 2026-01-31 ', '2026-01-31'],
		['date and time with a space', '2026-01-31 23:59:59', '2026-01-31'],
		['an ISO text in UTC', '2026-01-31T23:30:00.000Z', '2026-01-31'],
		['an ISO text of another zone', '2026-01-31T00:30:00+05:30', '2026-01-31'],
		['the 29th of February', '2028-02-29', '2028-02-29'],
		['a Luxon date', luxon('2026-01-31T23:30:00.000+05:30'), '2026-01-31'],
		['a JavaScript date', new Date('2026-01-31T12:00:00Z'), '2026-01-31'],
		['epoch milliseconds', Date.UTC(2026, 0, 31, 12), '2026-01-31'],
		['the first day of 2000', Date.UTC(2000, 0, 1), '2000-01-01'],
	])('of %s', (_, value, day) => {
		expect(toDate(value, 'Start Date', 'UTC')).toBe(day);
	});

	it.each([
		['Asia/Kolkata', '2026-02-01'],
		['UTC', '2026-01-31'],
		['America/New_York', '2026-01-31'],
	])('that a date without a zone to read has in %s', (zone, day) => {
		const moment = new Date('2026-01-31T20:00:00Z');
		expect(toDate(moment, 'Start Date', zone)).toBe(day);
		expect(toDate(moment.getTime(), 'Start Date', zone)).toBe(day);
	});
});

describe('date names the field of what is no date', () => {
	it.each([
		...[undefined, null, '', ' ', 'tomorrow', '31.01.2026', '01/31/2026', '2026-1-3', '2026-01'],
		...['2026-02-29', '2026-02-30', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-31X'],
		...['2026-01-31T25:00', '2026-01-31Tnoon', true, {}, [], NaN, Infinity, new Date('x')],
		luxon(null),
		luxon('Invalid DateTime'),
		{ toISO: 'no function' },
		// Microseconds, and years that would be written without their era or in three digits.
		Date.UTC(2026, 0, 31) * 1_000,
		new Date('-002026-01-31T00:00:00Z'),
		new Date('0999-12-31T00:00:00Z'),
	])('%p', (value) => {
		expect(() => toDate(value, 'End Date', 'UTC')).toThrow("'End Date' is not a date");
	});
});

describe('date takes nothing from before 2000', () => {
	it.each([
		['the epoch itself', 0],
		['epoch seconds', 1_769_817_600],
		['a text', '1999-12-31'],
	])('%s', (_, value) => {
		expect(() => toDate(value, 'End Date', 'UTC')).toThrow("'End Date' lies before the year 2000");
	});
});
