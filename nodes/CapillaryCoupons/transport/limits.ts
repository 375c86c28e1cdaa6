import type { IDataObject, IExecuteSingleFunctions } from 'n8n-workflow';

import { toNumber } from '../fields/number';
import { badInput } from '../response/Problem';

/** So many hide a latency of 100 ms and more; a run and a credential open up to them step by step. */
export const MAX_CONCURRENT = 200;
export const MAX_WAIT_SECONDS = 120;

/** `options.maxConcurrent` (calls) and `options.maxWait` (seconds), the same for all items of a run. */
export function limitsOf(context: IExecuteSingleFunctions): {
	maxConcurrent: number;
	maxWaitMs: number;
} {
	const options = (context.getNodeParameter('options', {}) ?? {}) as IDataObject;
	const { maxConcurrent: most = MAX_CONCURRENT, maxWait: longest = MAX_WAIT_SECONDS } = options;
	const maxConcurrent = toNumber(most);
	const maxWait = toNumber(longest);
	if (!Number.isInteger(maxConcurrent) || maxConcurrent < 1) {
		throw badInput("'Max Concurrent' is not a whole number above 0", "Change it under 'Options'.");
	}
	if (!(maxWait >= 0)) {
		throw badInput("'Max Wait' is not a number of seconds", "Change it under 'Options'.");
	}
	return { maxConcurrent, maxWaitMs: maxWait * 1_000 };
}
