import { randomUUID } from 'node:crypto';

import type { WorkflowFile } from './n8n';

/** A node of a workflow, without what all nodes have. */
export interface Step {
	name: string;
	type: string;
	version: number;
	parameters: Record<string, unknown>;
	/** Of the node: `onError`, `retryOnFail` and the like. */
	settings?: Record<string, unknown>;
}

const CREDENTIAL_OF: Record<string, string> = {
	'n8n-nodes-capillary.capillaryCoupons': 'capillaryApi',
	'n8n-nodes-base.httpRequest': 'httpBasicAuth',
};

const step = (name: string, type: string, version: number, parameters: Step['parameters']) => ({
	name,
	type: `n8n-nodes-base.${type}`,
	version,
	parameters,
});

/** Each element of a list in the item becomes an item. */
export function splitOut(field: string, name = 'Split Out'): Step {
	return step(name, 'splitOut', 1, { fieldToSplitOut: field, options: {} });
}

/** Lets only the first item pass. */
export function first(name: string): Step {
	return step(name, 'limit', 1, { maxItems: 1 });
}

/**
 * Webhook in, one item for each element of `items`, the steps, the first item out: what comes out of
 * the steps is counted in the execution's data and not sent over the wire.
 *
 * @param path the webhook's
 */
export function flow(path: string, steps: Step[]): WorkflowFile {
	const webhook = { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} };
	const all: Step[] = [
		{ ...step('Webhook', 'webhook', 2.1, webhook), settings: { webhookId: path } },
		splitOut('body.items', 'Items'),
		...steps,
		first('Last'),
	];
	const nodes = all.map(({ name, type, version, parameters, settings }) => {
		const credential = CREDENTIAL_OF[type];
		return {
			id: randomUUID(),
			name,
			type,
			typeVersion: version,
			position: [0, 0],
			parameters,
			...(credential && { credentials: { [credential]: {} } }),
			...settings,
		};
	});
	const connections = Object.fromEntries(
		all.slice(1).map(({ name }, index) => {
			return [all[index]?.name, { main: [[{ node: name, type: 'main', index: 0 }]] }];
		}),
	);
	return { name: `bench ${path}`, nodes, connections, settings: { executionOrder: 'v1' } };
}
