import { randomUUID } from 'node:crypto';

import type { IConnections, INode, INodeParameters, IWorkflowSettings } from 'n8n-workflow';

/** A workflow as n8n exports it. */
export interface WorkflowFile {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
}

/** The name of our node in the workflows made here. */
export const NODE = 'Capillary Coupons';

/** A node; `rest` holds its version, settings and place, as far as they matter. */
export function node(
	name: string,
	type: string,
	parameters: object = {},
	rest: Partial<INode> = {},
): INode {
	return {
		id: randomUUID(),
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters: parameters as INodeParameters,
		...rest,
	};
}

/** Our node; `importWorkflow` gives it its credential. */
export function coupons(parameters: object, rest: Partial<INode> = {}): INode {
	const credentials = { capillaryApi: { id: '', name: '' } };
	return node(NODE, 'n8n-nodes-capillary.capillaryCoupons', parameters, { credentials, ...rest });
}

/** The parameters of Issue Coupon to the customer with a mobile number, or an expression for it. */
export function issueTo(mobile: string) {
	return { operation: 'issue', seriesId: series(868760), ...byMobile(mobile) };
}

/** A customer by a mobile number, or by an expression for it. */
export function byMobile(mobile: string) {
	return { customerIdentifierType: 'mobile', mobile };
}

/** The value of Series, chosen by its ID. */
export function series(id: number) {
	return { __rl: true, mode: 'id', value: String(id) };
}

/** A trigger that answers its caller with what the last node gives. */
export function webhook(path: string): INode {
	const parameters = { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} };
	return node('Webhook', 'n8n-nodes-base.webhook', parameters, {
		typeVersion: 2.1,
		webhookId: path,
	});
}

/** One item for each element of a list in the incoming item. */
export function split(name: string, field: string, rest: Partial<INode> = {}): INode {
	return node(name, 'n8n-nodes-base.splitOut', { fieldToSplitOut: field, options: {} }, rest);
}

/** To the input of a node. */
export function to(name: string, type: 'main' | 'ai_tool' | 'ai_languageModel' = 'main') {
	return { node: name, type, index: 0 };
}

/** A workflow of nodes in a row. */
export function inARow(name: string, nodes: INode[]): WorkflowFile {
	const connections: IConnections = {};
	for (const [index, { name: from }] of nodes.entries()) {
		const next = nodes[index + 1];
		if (next) connections[from] = { main: [[to(next.name)]] };
	}
	return { name, nodes, connections, settings: { executionOrder: 'v1' } };
}
