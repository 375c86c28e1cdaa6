import type { IDataObject, IExecuteSingleFunctions, INodeProperties } from 'n8n-workflow';

import { toBoolean } from './boolean';

/** The "Simplify" switch of one operation. */
export function simplifyOf(operation: string): INodeProperties {
	return {
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		displayOptions: { show: { operation: [operation] } },
		description: 'Whether to return a simplified version of the response instead of the raw data',
	};
}

/** Also one of the checks before a call: found wrong only afterwards, an issued code would be lost. */
export function isSimplified(context: IExecuteSingleFunctions): boolean {
	return toBoolean(context.getNodeParameter('simplify', true), 'Simplify');
}

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
