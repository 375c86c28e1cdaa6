import type { IDataObject } from 'n8n-workflow';

/** The fields of an object that are there, in the order asked for. */
export function pick(from: IDataObject, names: string[]): IDataObject {
	return Object.fromEntries(
		names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]),
	);
}

export const DISCOUNT = [
	'discountCode',
	'discountType',
	'discountValue',
	'discountUpto',
	'discountOn',
];
