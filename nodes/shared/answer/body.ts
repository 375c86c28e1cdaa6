import type { IDataObject } from 'n8n-workflow';

/** In characters. Parsed, an answer of this size takes a few hundred megabytes of n8n's memory. */
export const LARGEST_BODY = 64_000_000;
const DEEPEST_BODY = 100;
// All texts and numbers of a JSON document. A text that is cut off goes to the end: to look for its end
// from each quote in it again would take minutes.
const TEXTS_AND_NUMBERS = /"[^"\\]*(?:\\[^][^"\\]*)*"?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Reads an answer's body, whatever came: JSON, XML, HTML, nothing, or something hostile.
 *
 * @param body the body as text, or already parsed where n8n did so
 * @returns a JSON object with safe keys and whole integers (those beyond 2^53 as text), else undefined
 */
export function parseBody(body: unknown): IDataObject | undefined {
	if (typeof body !== 'string') return safeObject(body);
	if (body.length > LARGEST_BODY || !/^\s*\{/.test(body)) return undefined;
	try {
		return safeObject(JSON.parse(keepLongIntegers(body)));
	} catch {
		return undefined;
	}
}

function keepLongIntegers(text: string): string {
	if (!/\d{16}/.test(text)) return text;
	return text.replace(TEXTS_AND_NUMBERS, (found) =>
		/^-?\d{16,}$/.test(found) && !Number.isSafeInteger(Number(found)) ? `"${found}"` : found,
	);
}

function safeObject(value: unknown): IDataObject | undefined {
	return isObject(value) && isSafe(value, 0) ? value : undefined;
}

/** Takes `__proto__` keys away, and says no to what is nested too deep for n8n to copy. */
function isSafe(value: unknown, depth: number): boolean {
	if (typeof value !== 'object' || value === null) return true;
	if (depth > DEEPEST_BODY) return false;
	if (Object.hasOwn(value, '__proto__')) Reflect.deleteProperty(value, '__proto__');
	return Object.values(value).every((inner) => isSafe(inner, depth + 1));
}

/** Whether a value is a JSON object: no list, no null. */
export function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The objects of a v1.1 container, which holds a list, a single object in place of a list, `{}`,
 * `[]` or nothing at all (API page "Get customer coupons").
 *
 * @param container for example `customers` in `{ customers: { customer: [...] } }`
 * @param key for example `customer`
 */
export function listIn(container: unknown, key: string): IDataObject[] {
	const inner = isObject(container) && key in container ? container[key] : container;
	if (Array.isArray(inner)) return (inner as unknown[]).filter(isObject);
	return isObject(inner) && Object.keys(inner).length > 0 ? [inner] : [];
}

/**
 * A number, which the API also writes as a text; NaN for everything else. JavaScript's own Number makes
 * 0 of a blank text, and throws for an object that has a `toString` of its own.
 */
export function numberIn(value: unknown): number {
	if (typeof value === 'string') return value.trim() === '' ? NaN : Number(value);
	return typeof value === 'number' ? value : NaN;
}
