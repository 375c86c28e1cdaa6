import type { INodeProperties } from 'n8n-workflow';

import { count } from './count';
import { customer } from './customer';
import { filters } from './filters';
import { issueOnceParameters } from './issueOnce';
import { limit } from './limit';
import { lookup } from './lookup';
import { metadata } from './metadata';
import { notices } from './notice';
import { options } from './options';
import { revoke } from './revoke';
import { series } from './series';
import { simplify } from './simplify';

/** All parameters, in the order of the panel. Each shows itself for the operations that it belongs to. */
export const parameters: INodeProperties[] = [
	...revoke,
	series,
	...customer,
	count,
	...issueOnceParameters,
	...lookup,
	...limit,
	simplify,
	metadata,
	filters,
	options,
	...notices,
];
