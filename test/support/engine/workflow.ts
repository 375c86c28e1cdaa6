import { ExecutionLifecycleHooks } from 'n8n-core';
import {
	createRunExecutionData,
	type IExecuteData,
	type INode,
	type INodeParameters,
	type INodeTypes,
	type IRunExecutionData,
	type IWorkflowExecuteAdditionalData,
	Workflow,
} from 'n8n-workflow';

import type { Credentials } from './Credentials';
import { START } from './loadPackage.cts';

export const NODE = 'Coupons';

/** The node under test. @param settings of the node, such as `onError` and `retryOnFail` */
export function couponsNode(
	credentials: Credentials,
	parameters: object = {},
	settings: object = {},
): INode {
	return {
		id: '2',
		name: NODE,
		type: 'n8n-nodes-capillary.capillaryCoupons',
		typeVersion: 1,
		position: [0, 0],
		parameters: parameters as INodeParameters,
		credentials: credentials.reference,
		...settings,
	};
}

const START_NODE: INode = {
	id: '1',
	name: 'Start',
	type: START,
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** Start -> the node. */
export function workflowOf(node: INode, nodeTypes: INodeTypes): Workflow {
	return new Workflow({
		id: 'workflow',
		nodes: [{ ...START_NODE }, node],
		connections: { Start: { main: [[{ node: node.name, type: 'main', index: 0 }]] } },
		active: false,
		nodeTypes,
		settings: { executionOrder: 'v1' },
	});
}

/** What an execution begins with. @param stack the nodes that run first, with their input */
export function executionDataOf(stack: IExecuteData[] = []): IRunExecutionData {
	const executionData = { nodeExecutionStack: stack };
	if (createRunExecutionData) return createRunExecutionData({ executionData });
	// For `npm run test:versions`: older n8n-workflow has no function that makes it.
	const waiting = { metadata: {}, waitingExecution: {}, waitingExecutionSource: {} };
	return {
		startData: {},
		resultData: { runData: {} },
		executionData: { contextData: {}, ...waiting, ...executionData },
	} as unknown as IRunExecutionData;
}

/** What n8n knows beside the workflow itself, as far as the engine asks for it. */
export function additionalDataOf(
	credentialsHelper: Credentials,
	{ nodes }: Workflow,
	executionId: string,
): IWorkflowExecuteAdditionalData {
	const url = 'http://n8n.test/';
	const hooks = new ExecutionLifecycleHooks('manual', executionId, {
		id: 'workflow',
		name: 'workflow',
		nodes: Object.values(nodes),
		connections: {},
		active: false,
		settings: {},
		createdAt: new Date(),
		updatedAt: new Date(),
	} as never);
	return {
		executionId,
		currentNodeExecutionIndex: 0,
		credentialsHelper,
		variables: {},
		userId: 'user',
		restApiUrl: url,
		instanceBaseUrl: url,
		formWaitingBaseUrl: url,
		webhookBaseUrl: url,
		webhookWaitingBaseUrl: url,
		webhookTestBaseUrl: url,
		setExecutionStatus() {},
		sendDataToUI() {},
		logAiEvent() {},
		hooks,
	} as unknown as IWorkflowExecuteAdditionalData;
}
