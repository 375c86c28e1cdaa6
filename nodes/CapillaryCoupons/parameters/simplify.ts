import type { INodeProperties } from 'n8n-workflow';

import { trueOrFalse } from './convert';
import { forNode } from './routing';

/** Checked before the call: an issued code would be lost if a bad value came up only afterwards. */
export const simplify: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
	routing: forNode('simplify', trueOrFalse('Simplify')),
};
