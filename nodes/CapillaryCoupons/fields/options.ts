import type { INodeProperties } from 'n8n-workflow';

import { MAX_CONCURRENT, MAX_WAIT_SECONDS } from '../transport/limits';

/** Options that every operation has. */
const ofAll: INodeProperties[] = [
	{
		displayName: 'Max Concurrent',
		name: 'maxConcurrent',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: MAX_CONCURRENT,
		description: 'How many calls this node has open at one time',
	},
	{
		displayName: 'Max Wait',
		name: 'maxWait',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: MAX_WAIT_SECONDS,
		description: 'How many seconds an item may wait, in all, for a rate limit to lift',
	},
];

/**
 * The "Options" collection of one operation.
 *
 * @param own the operation's own options, shown with those of all operations in alphabetical order
 */
export function optionsOf(operation: string, own: INodeProperties[] = []): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: { operation: [operation] } },
		options: [...own, ...ofAll].sort((a, b) => (a.displayName < b.displayName ? -1 : 1)),
	};
}
