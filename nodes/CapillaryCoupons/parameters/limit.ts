import type { INodeProperties } from 'n8n-workflow';

import { trueOrFalse, wholeNumber } from './convert';
import { forNode } from './routing';

const operation = ['getCustomerCoupons'];

/** How many results to return. The node makes pages of them, so neither goes to the API as it is. */
export const limit: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		displayOptions: { show: { operation } },
		description: 'Whether to return all results or only up to a given limit',
		routing: forNode('returnAll', trueOrFalse('Return All')),
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		displayOptions: { show: { operation, returnAll: [false] } },
		description: 'Max number of results to return',
		routing: forNode(
			'limit',
			wholeNumber('Limit', { hint: "Change it, or turn 'Return All' on." }),
		),
	},
];
