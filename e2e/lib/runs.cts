import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import type { Credential, Execution, N8nClient, Workflow } from './client.cts';
import { ROOT } from './paths.cts';
import { KNOWN } from './sandbox.cts';
import { coupons, inARow, NODE, series, split, webhook, type WorkflowFile } from './workflow.cts';

/** One run of our node. */
export interface RunRequest {
	parameters: object;
	credential: Credential;
	/** What the webhook that begins the workflow is called with: the node's items. */
	items: object[];
	/** The node's: `onError`, `retryOnFail` and the like. */
	settings?: Partial<INode>;
}

export interface Outcome {
	/** The webhook's. */
	status: number;
	/** The node's first output, and its error output. */
	main: INodeExecutionData[];
	failed: INodeExecutionData[];
	/** What stopped the workflow. */
	error: { message: string; context: IDataObject } | undefined;
	execution: Execution;
}

const EXAMPLES = path.join(ROOT, 'examples');

/** The file names of all example workflows. */
export function exampleFiles(): string[] {
	return fs.readdirSync(EXAMPLES).filter((file) => file.endsWith('.json'));
}

/** An example as it is imported: without a series, so that nothing is issued by one click. */
export function readExample(file: string): WorkflowFile {
	return JSON.parse(fs.readFileSync(path.join(EXAMPLES, file), 'utf8'));
}

/** An example with the series chosen wherever it asks for one. */
export function readyExample(file: string, seriesId = KNOWN.seriesId): WorkflowFile {
	const example = readExample(file);
	for (const { parameters } of example.nodes) {
		if ('seriesId' in parameters) parameters['seriesId'] = series(seriesId);
	}
	return example;
}

/**
 * Imports a workflow, lets `work` use it and deletes it.
 * @param credentials what its nodes get, by type
 */
export async function withWorkflow<T>(
	client: N8nClient,
	file: WorkflowFile,
	credentials: Credential[],
	work: (workflow: Workflow) => Promise<T>,
): Promise<T> {
	const workflow = await client.importWorkflow(file, credentials);
	try {
		return await work(workflow);
	} finally {
		await client.deleteWorkflow(workflow);
	}
}

/** Runs the node once in a workflow of its own, called through its webhook. */
export async function runNode(
	client: N8nClient,
	{ parameters, credential, items, settings }: RunRequest,
): Promise<Outcome> {
	const id = randomUUID();
	const nodes = [webhook(id), split('Items', 'body.items'), coupons(parameters, settings)];
	const file = inARow(`e2e ${id}`, nodes);
	return await withWorkflow(client, file, [credential], async (workflow) => {
		await client.activate(workflow);
		const { status } = await client.webhook(id, { items });
		const execution = await client.lastExecution(workflow);
		const { runData, error } = execution.data.resultData;
		const [main, failed] = runData[NODE]?.at(-1)?.data?.main ?? [];
		return { status, main: main ?? [], failed: failed ?? [], error, execution };
	});
}

/** The json of what a node gave in its last run; none when it did not run. */
export function outputOf({ data }: Execution, node: string): IDataObject[] {
	const items = data.resultData.runData[node]?.at(-1)?.data?.main?.[0] ?? [];
	return items.map(({ json }) => json);
}
