import type { INodePropertyRouting } from 'n8n-workflow';

import { executeItem } from '../run/executeItem';
import type { Operation } from '../run/Operation';

/**
 * The part of an operation's `routing` behind its `request`. n8n has one place for code between a
 * request that is complete and the sending of it, and calls it `pagination`: it hands the request of
 * each item to that function, and takes what this gives as the item's output.
 */
export function carriedOutBy(operation: Operation): INodePropertyRouting {
	return { send: { paginate: true }, operations: { pagination: executeItem(operation) } };
}
