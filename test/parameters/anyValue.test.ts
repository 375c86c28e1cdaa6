import fc from 'fast-check';
import { DateTime } from 'luxon';
import type { IExecuteSingleFunctions } from 'n8n-workflow';

import * as convert from '../../nodes/CapillaryCoupons/parameters/convert';
import { seriesOf } from '../../nodes/CapillaryCoupons/parameters/series';
import { CallError } from '../../nodes/shared/problem/Problem';

const ZONES = ['UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Kiritimati', 'Pacific/Niue'];
const zone = fc.constantFrom(...ZONES);
const contextIn = (timeZone: string) =>
	({ getTimezone: () => timeZone }) as unknown as IExecuteSingleFunctions;

/** What shows nothing, as Unicode has it: blanks, controls, formats, and what may be ignored. */
const INVISIBLE = /^[\p{Z}\p{C}\p{Default_Ignorable_Code_Point}\u2800]$/u;
const blank = fc.constantFrom(
	...' \t\n\u00a0\u200b\u200d\u2060\u2800\u3164\ufe0f\ufeff',
	'\u{e0100}',
	'\u180b',
);
const dressed = fc
	.tuple(fc.array(blank), fc.string({ unit: 'grapheme' }), fc.array(blank))
	.map(([before, text, after]) => [...before, text, ...after].join(''));
const anyValue = fc.oneof(
	dressed,
	fc.double(),
	fc.integer(),
	fc.bigInt().map(String),
	fc.constantFrom('NaN', 'undefined', 'null', ' NaN ', '[object Object]', '1e+21', 1e21, -0),
	fc.jsonValue(),
	fc.anything(),
);

/** A converter's result, or undefined when it told the user why there is none. */
function taken<T>(work: () => T): T | undefined {
	try {
		return work();
	} catch (error) {
		expect(error).toBeInstanceOf(CallError);
		expect((error as Error).message).toContain("'Label'");
		return undefined;
	}
}

function expectText(text: string): void {
	const characters = [...text];
	expect(characters[0] ?? 'a').not.toMatch(INVISIBLE);
	expect(characters.at(-1) ?? 'a').not.toMatch(INVISIBLE);
	expect(['NaN', 'Infinity', '-Infinity', 'undefined', 'null']).not.toContain(text);
}

describe('a text', () => {
	it('has nothing invisible at its ends, and is never what JavaScript writes for no value', () => {
		fc.assert(
			fc.property(anyValue, (value) => {
				const text = taken(() => convert.textOf(value, 'Label'));
				if (text === undefined) return;
				expectText(text);
				expect(convert.textOf(text, 'Label')).toBe(text);
			}),
		);
	});

	it('is trimmed at once, whatever it holds', () => {
		const text = `a${' '.repeat(100_000)}b`;
		expect(convert.textOf(`\u180b${text}\u{e0100} `, 'Label')).toBe(text);
	});

	it('is not empty, and not longer than allowed', () => {
		fc.assert(
			fc.property(anyValue, (value) => {
				const text = taken(() => convert.shortText('Label', 5)(value, contextIn('UTC')));
				if (text !== undefined) expect([1, 2, 3, 4, 5]).toContain([...text].length);
			}),
		);
	});
});

describe('a number', () => {
	const converters = {
		id: convert.id('Label'),
		'ID of a series': seriesOf('Label'),
		'whole number': convert.wholeNumber('Label'),
	};

	it.each(Object.entries(converters))('%s: an integer that JSON can hold', (_, converter) => {
		fc.assert(
			fc.property(anyValue, (value) => {
				const number = taken(() => converter(value, contextIn('UTC')));
				if (number === undefined) return;
				expect(Number.isSafeInteger(number) && number >= 1).toBe(true);
				expect(converter(number, contextIn('UTC'))).toBe(number);
			}),
		);
	});

	it.each(Object.entries(converters))('%s: the same as a number and as a text', (_, converter) => {
		fc.assert(
			fc.property(
				fc.maxSafeNat().filter((number) => number > 0),
				(number) => {
					expect(converter(number, contextIn('UTC'))).toBe(number);
					expect(converter(` ${number} `, contextIn('UTC'))).toBe(number);
				},
			),
		);
	});

	it('seconds are from 0 on', () => {
		fc.assert(
			fc.property(anyValue, (value) => {
				const number = taken(() => convert.seconds('Label')(value, contextIn('UTC')));
				if (number !== undefined) expect(number >= 0 && Number.isFinite(number)).toBe(true);
			}),
		);
	});
});

describe('a date', () => {
	const moment = fc.date();
	const anyDate = fc.oneof(
		moment,
		moment.map((date) => date.getTime()),
		fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
		fc.integer({ min: -1, max: 2_000_000_000_000_000 }),
		fc.tuple(moment, zone).map(([date, name]) => DateTime.fromJSDate(date, { zone: name })),
		anyValue,
	);

	it('is a day from 2000 on, and stays it', () => {
		fc.assert(
			fc.property(anyDate, zone, (value, name) => {
				const day = taken(() => convert.date('Label')(value, contextIn(name)));
				if (day === undefined) return;
				expect(day).toMatch(/^[2-9]\d{3}-\d\d-\d\d$/);
				expect(new Date(day).toISOString().slice(0, 10)).toBe(day);
				expect(convert.date('Label')(day, contextIn(name))).toBe(day);
			}),
			{ numRuns: 300 },
		);
	});

	it('of a moment is the day that it has in the zone of the workflow', () => {
		const since2000 = fc.date({
			min: new Date('2000-01-02'),
			max: new Date('9998-12-30'),
			noInvalidDate: true,
		});
		fc.assert(
			fc.property(since2000, zone, (date, name) => {
				const day = DateTime.fromJSDate(date, { zone: name }).toISODate();
				expect(convert.date('Label')(date, contextIn(name))).toBe(day);
				expect(convert.date('Label')(date.getTime(), contextIn(name))).toBe(day);
			}),
		);
	});
});

describe('a list', () => {
	const code = fc
		.stringMatching(/^[A-Za-z0-9]{1,4}$/)
		.filter((text) => text !== 'NaN' && text !== 'null');

	it('has every value once, and none that is empty', () => {
		fc.assert(
			fc.property(fc.oneof(fc.array(anyValue, { maxLength: 4 }), anyValue), (given) => {
				const values = taken(() => convert.listOf(given, 'Label'));
				if (values === undefined) return;
				expect(values.length).toBeGreaterThan(0);
				expect(values).not.toContain('');
				values.forEach(expectText);
				if (Array.isArray(given)) expect(values).toHaveLength(given.length);
			}),
		);
	});

	it('loses no code, with commas, in lines or as a list', () => {
		fc.assert(
			fc.property(fc.array(code, { minLength: 1 }), (codes) => {
				expect(convert.listOf(codes, 'Label')).toEqual(codes);
				expect(convert.listOf(codes.join(', '), 'Label')).toEqual(codes);
				expect(convert.listOf(`${codes.join('\r\n')}\r\n`, 'Label')).toEqual(codes);
			}),
		);
	});

	it('without repeats has each spelling of a code once, the first one, in the order given', () => {
		fc.assert(
			fc.property(fc.array(fc.oneof(code, fc.string({ minLength: 1 }))), (codes) => {
				const once = convert.withoutRepeats(codes);
				const keys = once.map((one) => one.toLowerCase());
				expect(new Set(keys).size).toBe(once.length);
				expect(new Set(keys)).toEqual(new Set(codes.map((one) => one.toLowerCase())));
				expect(codes.filter((one) => once.includes(one)).slice(0, 1)).toEqual(codes.slice(0, 1));
				expect(convert.withoutRepeats(once)).toEqual(once);
			}),
		);
	});
});
