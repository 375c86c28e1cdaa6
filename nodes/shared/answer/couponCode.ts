import type { IDataObject } from 'n8n-workflow';

/** Whether a value can be a coupon's code; some answers write one that is all digits as a number. */
export function isCode(code: unknown): boolean {
	return (typeof code === 'string' && code.trim() !== '') || typeof code === 'number';
}

/** Whether a value can be the code of a new coupon: a number there is how the API writes an error's code. */
export function isNewCode(code: unknown): boolean {
	return typeof code === 'string' && isCode(code);
}

/** The code of a coupon as a text, also where the API writes it as a number. */
export function codeOf({ code }: IDataObject): IDataObject[string] {
	return typeof code === 'number' ? String(code) : code;
}

/** What two spellings of a code have in common: Capillary's search ignores letter case. */
export function codeKey(code: unknown): string {
	return String(code).toLowerCase();
}
