import type {
	IExecuteSingleFunctions,
	INodeExecutionData,
	ITaskDataConnections,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';

/**
 * All that this package uses of n8n-core beyond the interface for nodes, in one place (what is done
 * with a shared credential is in `SharedCredential.ts`). Each may be missing in another version of n8n;
 * what happens then stands beside it.
 */
interface Internals {
	inputData?: ITaskDataConnections;
	additionalData?: IWorkflowExecuteAdditionalData;
	mode?: WorkflowExecuteMode;
}

const internalsOf = (context: IExecuteSingleFunctions) => context as unknown as Internals;

/**
 * The very list of items that n8n's RoutingNode goes through, also when the node runs as a tool.
 * Without it: the list in the execute data, which is another one only for tools.
 */
export function inputItems(context: IExecuteSingleFunctions): INodeExecutionData[] {
	const { main, ai_tool: tool } = internalsOf(context).inputData ?? context.getExecuteData().data;
	return (main ?? tool)?.[0] ?? [];
}

/** What it takes to see a credential as it was saved. Without it: undefined, and nothing is shared. */
export function credentialStore(context: IExecuteSingleFunctions) {
	const { additionalData, mode } = internalsOf(context);
	return additionalData && mode ? { additionalData, mode } : undefined;
}

/**
 * Marks an item as an error item for older n8n, which knows one that has `details` only by its
 * `error`. Not enumerable, the mark stays behind when n8n copies the item to the error output; else
 * n8n would replace the json by it. Writable, because there n8n of 1.100 takes it away. Without it:
 * older n8n leaves the item on the first output.
 */
export function markAsError(item: INodeExecutionData, message: string): INodeExecutionData {
	const value = new Error(message);
	return Object.defineProperty(item, 'error', { value, enumerable: false, writable: true });
}
