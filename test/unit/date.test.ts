import { toDate } from '../../nodes/CapillaryCoupons/fields/date';

/** As n8n's expressions give it: the node only knows that it has `toISO`. */
const luxon = (iso: string | null) => ({ toISO: () => iso });

describe('toDate writes the day', () => {
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
		['the epoch itself', 0, '1970-01-01'],
	])('of %s', (_, value, day) => {
		expect(toDate(value, 'Start Date', 'UTC')).toBe(day);
	});

	it.each([
		['Asia/Kolkata', '2026-02-01'],
		['UTC', '2026-01-31'],
		['America/New_York', '2026-01-31'],
	])('that a date without a zone to read has in %s', (zone, day) => {
		const date = new Date('2026-01-31T20:00:00Z');
		expect(toDate(date, 'Start Date', zone)).toBe(day);
		expect(toDate(date.getTime(), 'Start Date', zone)).toBe(day);
	});
});

describe('toDate names the field of what is no date', () => {
	it.each([
		...[undefined, null, '', ' ', 'tomorrow', '31.01.2026', '01/31/2026', '2026-1-3', '2026-01'],
		...['2026-02-29', '2026-02-30', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-31X'],
		...['2026-01-31T25:00', '2026-01-31Tnoon', true, {}, [], NaN, Infinity, new Date('x')],
		luxon(null),
		luxon('Invalid DateTime'),
	])('%p', (value) => {
		expect(() => toDate(value, 'End Date', 'UTC')).toThrow("'End Date' is not a date");
	});
});
