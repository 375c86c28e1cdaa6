import { CODES } from '../nodes/shared/problem/codes';
import { FIELD_WORDS } from './fieldWords';
import type { BodyKind, Exchange } from './Wire.cts';

/**
 * Text that may stand in the report and on the screen. It is made of this project's own words and of
 * what the functions below let through, each from a list of what is allowed: no text of an answer
 * gets in, so nothing has to be found and taken out.
 */
class Safe {
	// Nobody else can make one, not even an object of the same form.
	readonly #text: string;

	constructor(text: string) {
		this.#text = text;
	}

	toString(): string {
		return this.#text;
	}
}
export type { Safe };

/** A text with safe values in it: say`${status(200)}, after ${seconds(1200)}`. */
export function say(words: TemplateStringsArray, ...values: Safe[]): Safe {
	return new Safe(String.raw({ raw: words }, ...values));
}

/** Safe texts, one after another. */
export function join(parts: Safe[], between = ', '): Safe {
	return new Safe(parts.join(between));
}

/** Codes that Capillary's pages and public documentation name. */
const DOCUMENTED = new Set([
	...Object.keys(CODES).map(Number),
	...[108, 200, 400, 404, 405, 415, 429, 609, 629, 682, 700],
]);

/** A code of Capillary's, where a page names it: any other number could be anything. */
export function code(value: unknown): Safe {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof number !== 'number' || !Number.isFinite(number)) return new Safe('without a code');
	if (DOCUMENTED.has(number)) return new Safe(`code ${number}`);
	return new Safe(`a code that no page names (${String(Math.trunc(number)).length} digits)`);
}

/** An HTTP status; undefined when no answer came. */
export function status(value: number | undefined): Safe {
	if (value === undefined) return new Safe('no answer');
	return new Safe(value >= 100 && value <= 599 ? `HTTP ${value}` : 'an impossible HTTP status');
}

/** How many of something this check has counted itself. */
export function count(value: number): Safe {
	return new Safe(String(Math.min(10_000, Math.trunc(value))));
}

/** A duration; a very long one could be any number of an answer. */
export function seconds(ms: number): Safe {
	if (!(ms <= 86_400_000)) return new Safe('more than a day');
	return new Safe(`${(Math.max(0, ms) / 1_000).toFixed(1)} s`);
}

/** In which form a body came. */
export function kind(value: BodyKind): Safe {
	return new Safe(value);
}

/** A word of a list that stands in the caller's source. */
export function oneOf(value: unknown, words: readonly string[]): Safe {
	return new Safe(words.find((word) => word === value) ?? 'another text');
}

/** How an empty container was sent. */
export function emptiness(value: unknown): Safe {
	if (value === undefined) return new Safe('missing');
	if (value === null) return new Safe('`null`');
	if (Array.isArray(value)) return new Safe(value.length === 0 ? '`[]`' : 'a list');
	if (typeof value !== 'object') return new Safe(value === '' ? 'an empty text' : type(value));
	return new Safe(Object.keys(value).length === 0 ? '`{}`' : 'an object');
}

const DATE_FORMS: Array<[RegExp, string]> = [
	[/^\d{4}-\d\d-\d\d$/, 'YYYY-MM-DD'],
	[/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, 'YYYY-MM-DD hh:mm:ss'],
	[/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/, 'YYYY-MM-DDThh:mm:ss'],
	[/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, 'YYYY-MM-DDThh:mm:ssZ'],
	[/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:?\d\d$/, 'YYYY-MM-DDThh:mm:ss+hh:mm'],
];

/** How a date is written. */
export function dateForm(value: unknown): Safe {
	const form = DATE_FORMS.find(([pattern]) => typeof value === 'string' && pattern.test(value));
	return new Safe(form?.[1] ?? type(value));
}

/** The zone that a time names: `Z`, or an offset that exists. */
export function zone(value: unknown): Safe | undefined {
	const found = /\dT[\d:.]+(Z|[+-](?:0\d|1[0-4]):?(?:00|15|30|45))$/.exec(String(value))?.[1];
	return found === undefined ? undefined : new Safe(found === 'Z' ? 'UTC (Z)' : found);
}

const NUMERIC_HEADERS = /^(retry-after|(x-)?rate-?limit-(limit|remaining|reset)(-[a-z]+)?)$/;
const TOLD_HEADERS = ['x-cap-requestid', 'x-request-id', 'x-correlation-id'];
const MEDIA_TYPES = ['application/json', 'application/xml', 'text/xml', 'text/html', 'text/plain'];

/** The headers that matter: names from a list, values only where they are numbers or media types. */
export function headersOf({ headers }: Exchange): Safe[] {
	const found: string[] = [];
	for (const [name, given] of Object.entries(headers)) {
		const value = String(given);
		if (NUMERIC_HEADERS.test(name)) found.push(`${name}: ${numericHeader(value)}`);
		if (TOLD_HEADERS.includes(name)) found.push(`${name}: text`);
		if (name === 'content-type') {
			const media = value.split(';')[0]?.trim().toLowerCase();
			found.push(`content-type: ${MEDIA_TYPES.find((one) => one === media) ?? 'another'}`);
		}
	}
	return found.map((text) => new Safe(text));
}

function numericHeader(value: string): string {
	if (/^\d{1,5}$/.test(value)) return value;
	if (/^\d+(\.\d+)?$/.test(value)) return 'a large number';
	return Number.isNaN(Date.parse(value)) ? 'text' : 'a date';
}

/** Words that field names are made of: a name with any other word in it may hold data. */
function isKnownField(name: string): boolean {
	const words = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^A-Za-z\d_-]+/g) ?? [];
	return words.length > 0 && words.every((word) => FIELD_WORDS.has(word.toLowerCase()));
}

const DEEPEST = 8;

/** The types of a value, never the value: `{ data: [{ code: text }] }`. */
export function shape(value: unknown): Safe {
	return new Safe(shapeOf(value, 0));
}

function shapeOf(value: unknown, depth: number): string {
	if (depth > DEEPEST) return '...';
	if (Array.isArray(value)) {
		const forms = new Set(value.slice(0, 100).map((one) => shapeOf(one, depth + 1)));
		return `[${[...forms].slice(0, 3).join(' | ')}]`;
	}
	if (typeof value !== 'object' || value === null) return type(value);
	const names = Object.keys(value);
	const known = names.filter(isKnownField);
	const parts = known.map(
		(name) => `${name}: ${shapeOf((value as Record<string, unknown>)[name], depth + 1)}`,
	);
	const other = names.length - known.length;
	if (other > 0) parts.push(`${other} with other names`);
	return parts.length > 0 ? `{ ${parts.join(', ')} }` : '{}';
}

function type(value: unknown): string {
	if (value === null) return 'null';
	switch (typeof value) {
		case 'string':
			return value === '' ? 'empty text' : 'text';
		case 'number':
			return 'number';
		case 'boolean':
			return 'boolean';
		default:
			return 'nothing';
	}
}

/** Status, kind and codes of an answer, in a line. */
export function told({ status: http, kind: body, codes }: Exchange): Safe {
	const parts = [status(http), ...(http === undefined ? [] : [kind(body)]), ...codes.map(code)];
	return join([...new Map(parts.map((part) => [String(part), part])).values()]);
}

const PATHS = [
	'/v2/coupon',
	'/v2/coupon/issue',
	'/v2/coupon/issue/multiple',
	'/v2/coupon/revoke',
	'/v1.1/customer/coupons',
	'/v1.1/coupon/series',
	'/v3/oauth/token/generate',
];

/** Method and path of a call. */
export function route({ method, path }: Pick<Exchange, 'method' | 'path'>): Safe {
	return join([oneOf(method, ['GET', 'POST']), oneOf(path, PATHS)], ' ');
}
