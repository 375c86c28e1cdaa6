import type { SandboxSettings } from './settings';

/** The habits of v1.1 with lists. */

/** A list; with `objectForOne`, a list with one element becomes that element. */
export function listOf<T>(items: T[], settings: SandboxSettings): T[] | T {
	const [only] = items;
	return settings.objectForOne && items.length === 1 && only !== undefined ? only : items;
}

/**
 * A container around a list, `{ name: { item: [...] } }`, ready to be spread into a body. Empty
 * ones take the form of the setting `emptyAs`.
 */
export function container<T>(
	name: string,
	item: string,
	items: T[],
	settings: SandboxSettings,
): Record<string, unknown> {
	if (items.length > 0) return { [name]: { [item]: listOf(items, settings) } };
	switch (settings.emptyAs) {
		case '{}':
			return { [name]: {} };
		case '[]':
			return { [name]: [] };
		case 'null':
			return { [name]: null };
		case 'missing':
			return {};
	}
}

/** `response.status`: `success` is a string. */
export function v11Status(success: boolean, code: number | string, message: string) {
	return { success: String(success), code, message };
}

/** `response.status` when nothing of the request worked, words of the public documentation. */
export const ALL_FAILED = v11Status(false, 500, 'All requests have failed due to errors');
