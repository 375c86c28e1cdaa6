import { WorkflowExecute } from 'n8n-core';
import type { IDataObject, IRun } from 'n8n-workflow';

import type { Untyped } from '../untyped';
import { Credentials } from './Credentials';
import { nodeTypesOf, testedPackage } from './loadPackage.cts';
import { additionalDataOf, couponsNode, executionDataOf, NODE, workflowOf } from './workflow';

type Execution = ReturnType<WorkflowExecute['processRunExecutionData']>;

export interface NodeRun {
	/** The node's parameters. */
	parameters: object;
	/** The `json` of the input items. */
	items: object[];
	/** Data of the credential, or one of an earlier run. */
	credentials: object;
	/** Node settings such as `onError` and `retryOnFail`. */
	settings?: object;
	/** Which saved credential it is: a new one unless told. */
	credentialId?: string;
	/** Gets the execution, for cancelling it. */
	onStart?: (execution: Execution) => void;
}

export interface Output {
	/** First output. */
	items: Untyped[];
	/** Second output: the error output. */
	errors: Untyped[];
	/** What stopped the run. */
	error: Untyped;
	/** The credential as the run has left it. */
	credentials: Credentials;
	runData: IRun;
	/** The `json` of the input items. */
	input: Untyped[];
}

let executions = 0;

/** Runs the node once over a list of items. */
export async function runNode(run: NodeRun): Promise<Output> {
	const { parameters, items, settings, credentialId, onStart } = run;
	const loader = await testedPackage();
	const credentials =
		run.credentials instanceof Credentials
			? run.credentials
			: new Credentials(loader, run.credentials, credentialId);
	const node = couponsNode(credentials, parameters, settings);
	const workflow = workflowOf(node, nodeTypesOf(loader));

	const start = workflow.getNode('Start');
	const main = [items.map((json) => ({ json: json as IDataObject }))];
	const data = executionDataOf(start ? [{ node: start, data: { main }, source: null }] : []);
	executions += 1;
	const additionalData = additionalDataOf(credentials, workflow, String(executions));
	const execution = new WorkflowExecute(additionalData, 'manual', data).processRunExecutionData(
		workflow,
	);
	onStart?.(execution);
	const result = await execution;

	const { runData, error } = result.data.resultData;
	const ofNode = runData[NODE]?.[0];
	const [first, second] = ofNode?.data?.main ?? [];
	return {
		items: first ?? [],
		errors: second ?? [],
		error: error ?? ofNode?.error,
		credentials,
		runData: result,
		input: items,
	};
}
