import { inARow, node, split, webhook, type WorkflowFile } from './n8n.cts';

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
	const nodes = [...steps, first('Last')].map(({ name, type, version, parameters, settings }) => {
		const credential = CREDENTIAL_OF[type];
		const credentials = credential ? { [credential]: { id: '', name: '' } } : undefined;
		return node(name, type, parameters, { typeVersion: version, credentials, ...settings });
	});
	return inARow(`bench ${path}`, [webhook(path), split('Items', 'body.items'), ...nodes]);
}
