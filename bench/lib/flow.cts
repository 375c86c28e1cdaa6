import type { INode } from 'n8n-workflow';

import { inARow, node, split, webhook, type WorkflowFile } from './n8n.cts';

/** Lets only the first item pass. */
export function first(name: string): INode {
	return node(name, 'n8n-nodes-base.limit', { maxItems: 1 });
}

/**
 * Webhook in, one item for each element of `items`, the steps, the first item out: what comes out of
 * the steps is counted in the execution's data and not sent over the wire.
 *
 * @param path the webhook's
 */
export function flow(path: string, steps: INode[]): WorkflowFile {
	const nodes = [webhook(path), split('Items', 'body.items'), ...steps, first('Last')];
	return inARow(`bench ${path}`, nodes);
}
