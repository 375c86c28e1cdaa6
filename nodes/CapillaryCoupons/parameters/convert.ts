import type { IExecuteSingleFunctions } from 'n8n-workflow';

import { codeKey } from '../../shared/answer/couponCode';
import type { CallError } from '../../shared/problem/Problem';
import { badInput } from '../../shared/problem/rules';

/**
 * Checks a parameter's value and makes of it what the API takes.
 *
 * @returns undefined, where `T` has it, when the parameter is to be left out
 * @throws CallError with a sentence that names the parameter
 */
export type Convert<T> = (value: unknown, context: IExecuteSingleFunctions) => T;

const HINT = 'Fill it or remove it, or check the expression that fills it.';

// Blanks, control and format characters, what Unicode calls ignorable, and the empty Braille cell.
const INVISIBLE = '[\\p{Z}\\p{C}\\p{DI}\\u2800]';
// Looks at each run of them once: a text can come from anybody, and hold a million blanks.
const INVISIBLE_ENDS = new RegExp(`^${INVISIBLE}+|(?<!${INVISIBLE})${INVISIBLE}+$`, 'gu');
/** What JavaScript, or a spreadsheet, writes in place of a value that it did not find or could not hold. */
const NOT_A_VALUE = /^(NaN|-?Infinity|undefined|null|-?\d+(\.\d+)?[eE][+-]\d+)$|\[object \w+\]/;
/** Half of a character, as a text has that was cut off. In a query, another character would go out. */
const HALF_CHARACTER = /\p{Cs}/u;

/**
 * The text of a value, without blanks and invisible characters at its ends: of a text, or of a number
 * as JavaScript writes it without an exponent. Empty for everything else.
 *
 * @param label the parameter's name, for the sentence
 */
export function textOf(value: unknown, label: string): string {
	if (typeof value !== 'string' && typeof value !== 'number') return '';
	// JavaScript rounds longer numbers, so this is another customer's or coupon's.
	if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
		throw badInput(`'${label}' holds a number that is too long`, 'Give it as a text.');
	}
	const given = String(value);
	const text = given.replace(INVISIBLE_ENDS, '');
	if (NOT_A_VALUE.test(text)) {
		throw badInput(
			`'${label}' holds ${text.slice(0, 40)}, which is not a value`,
			'Check the expression that fills it. A long number must be a text.',
		);
	}
	if (HALF_CHARACTER.test(given)) {
		throw badInput(
			`'${label}' holds half of a character`,
			'Check the expression that fills it: it may cut a text off in the midst of an emoji.',
		);
	}
	return text;
}

/** A text that must not be empty. */
export function text(label: string): Convert<string> {
	return (value) => {
		if (value !== undefined && typeof value !== 'string' && typeof value !== 'number') {
			if (value !== null) throw badInput(`'${label}' is not a text`, HINT);
		}
		return filled(textOf(value, label), label);
	};
}

/** A text with a limit on its length, in characters; an empty one is left out. */
export function shortText(label: string, longest: number): Convert<string | undefined> {
	const convert = text(label);
	return (value, context) => {
		if (value === '') return undefined;
		const given = convert(value, context);
		const length = [...given].length;
		if (length <= longest) return given;
		throw badInput(
			`'${label}' has ${length} characters, Capillary takes ${longest}`,
			'Shorten it.',
		);
	};
}

/** A whole number, written in decimal digits, however an expression gives it. */
export function wholeNumber(
	label: string,
	{
		max = Number.MAX_SAFE_INTEGER,
		hint = 'Change it, or check the expression that fills it.',
	} = {},
): Convert<number> {
	return (value) => {
		const number = digits(value);
		if (number >= 1 && number <= max) return number;
		const range = max < Number.MAX_SAFE_INTEGER ? `from 1 to ${max}` : 'above 0';
		const given = textOf(value, label).slice(0, 40);
		throw badInput(`'${label}' is not a whole number ${range}${given && `: ${given}`}`, hint);
	};
}

/** A number of seconds from 0 on. */
export function seconds(label: string): Convert<number> {
	return (value) => {
		const given = typeof value === 'string' ? value.trim() : value;
		const number =
			typeof given === 'number' || (typeof given === 'string' && /^\d+(\.\d+)?$/.test(given))
				? Number(given)
				: NaN;
		if (number >= 0 && Number.isFinite(number)) return number;
		throw badInput(`'${label}' is not a number of seconds`, "Change it under 'Options'.");
	};
}

/** The numeric ID of something in Capillary: a JSON integer. */
export function id(label: string): Convert<number> {
	return (value) => {
		const given = filled(textOf(value, label), label);
		const number = digits(given);
		if (number >= 1) return number;
		throw badInput(
			`'${label}' is not a whole number: ${given.slice(0, 40)}`,
			'Enter the numeric ID, without other characters.',
		);
	};
}

/**
 * One of the values that the API knows.
 *
 * @param options the choices of the property
 */
export function oneOf<T extends string>(
	label: string,
	options: ReadonlyArray<{ value: T }>,
): Convert<T> {
	const values = options.map(({ value }) => value);
	return (value) => {
		if (value === undefined || value === null || value === '') {
			throw badInput(`'${label}' is empty`, HINT);
		}
		if (values.includes(value as T)) return value as T;
		throw badInput(
			`'${label}' is not one of ${values.join(', ')}`,
			'Choose one from the list, or check the expression that fills it.',
		);
	};
}

/** A switch, however an expression gives it. */
export function trueOrFalse(label: string): Convert<boolean> {
	return (value) => {
		if (value === true || value === 'true') return true;
		if (value === false || value === 'false') return false;
		throw badInput(
			`'${label}' is not true or false`,
			'Set the switch, or check the expression that sets it.',
		);
	};
}

/**
 * The values of a list: a text with commas or line breaks between, or an array from an expression.
 *
 * @throws CallError when there is none, or a gap in an array: there, a value went missing, while a gap
 *   between two commas is a slip
 */
export function listOf(given: unknown, label: string): string[] {
	const values = Array.isArray(given)
		? given.map((value) => textOf(value, label))
		: textOf(given, label)
				.split(/[,\n]/)
				.map((value) => textOf(value, label))
				.filter((value) => value !== '');
	if (values.length === 0) throw emptyInput(label);
	const gap = values.indexOf('');
	if (gap >= 0) {
		throw badInput(
			`'${label}' has no text at position ${gap + 1} of its list`,
			'Check the expression that makes the list.',
		);
	}
	return values;
}

/** The API's search ignores letter case, so two spellings of a code are one. */
export function withoutRepeats(values: string[]): string[] {
	const spellings = new Map<string, string>();
	for (const value of values) {
		const key = codeKey(value);
		if (!spellings.has(key)) spellings.set(key, value);
	}
	return [...spellings.values()];
}

const OFFSET = /^[+-](0\d|1[0-4]):[0-5]\d$/;

/** A time zone, as an IANA name or an offset such as `+05:30`. */
export function timeZone(label: string): Convert<string> {
	return (value) => {
		const zone = filled(textOf(value, label), label);
		if (OFFSET.test(zone) || isZoneName(zone)) return zone;
		throw badInput(
			`'${label}' is not a time zone: ${zone.slice(0, 40)}`,
			'Enter a name such as Asia/Kolkata, or an offset such as +05:30.',
		);
	};
}

function isZoneName(name: string): boolean {
	try {
		new Intl.DateTimeFormat('en-US', { timeZone: name });
		return /^[A-Za-z]/.test(name);
	} catch {
		return false;
	}
}

const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})(?:$|[T ])/;
const OLDEST = '2000-01-01';
// In between, a year has four digits in every time zone, and needs no era.
const FIRST_MOMENT = new Date('1000-01-02T00:00:00Z');
const LAST_MOMENT = new Date('9999-12-30T00:00:00Z');

/**
 * The `YYYY-MM-DD` of API page "Get customer coupons" from any date that n8n can hold: ISO 8601 text, a
 * Luxon DateTime, a JavaScript date or epoch milliseconds. A text keeps the day that is written in it;
 * for the others the workflow's time zone decides.
 */
export function date(label: string): Convert<string> {
	return (value, context) => {
		const day = dayOf(isLuxon(value) ? value.toISO() : value, context);
		if (day === undefined) {
			throw badInput(
				`'${label}' is not a date`,
				'Pick one, or give an ISO date such as 2026-01-31 from an expression.',
			);
		}
		// Seconds taken for milliseconds lie in January 1970, and would ask for nearly everything.
		if (day < OLDEST) {
			throw badInput(
				`'${label}' lies before the year 2000: ${day}`,
				'Give an ISO date, or milliseconds (not seconds) since 1970.',
			);
		}
		return day;
	};
}

function dayOf(value: unknown, context: IExecuteSingleFunctions): string | undefined {
	if (typeof value === 'string') {
		const given = value.trim();
		const day = ISO_DATE.exec(given)?.[0].slice(0, 10);
		return day && isDay(day) && !Number.isNaN(Date.parse(given.replace(' ', 'T')))
			? day
			: undefined;
	}
	const moment = typeof value === 'number' ? new Date(value) : value;
	if (!(moment instanceof Date) || !(moment >= FIRST_MOMENT && moment <= LAST_MOMENT)) {
		return undefined;
	}
	const timeZone = context.getTimezone();
	return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(moment);
}

function isLuxon(value: unknown): value is { toISO: () => string } {
	return typeof (value as { toISO?: unknown } | null | undefined)?.toISO === 'function';
}

/** February has no 30th. */
function isDay(day: string): boolean {
	const moment = new Date(`${day}T00:00:00Z`);
	return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(day);
}

function filled(given: string, label: string): string {
	if (given) return given;
	throw emptyInput(label);
}

function emptyInput(label: string): CallError {
	return badInput(
		`'${label}' is empty`,
		'Fill it, or check that the expression finds the field in this item.',
	);
}

/** The whole number written in decimal digits; NaN for anything else, or beyond 2^53. */
function digits(value: unknown): number {
	const written =
		typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
	const number = /^\d+$/.test(written) ? Number(written) : NaN;
	return Number.isSafeInteger(number) ? number : NaN;
}
