import { ExecuteContext, RoutingNode } from 'n8n-core';
import type { IExecuteData, INode, INodeType, INodeTypes } from 'n8n-workflow';

import { Credentials } from './Credentials';
import { testedPackage } from './loadPackage.cts';
import { additionalDataOf, executionDataOf, workflowOf } from './workflow';

/** What n8n's editor shows below the credential. */
export interface TestResult {
	status: 'OK' | 'Error';
	message: string;
}

/**
 * The credential test as n8n makes it: a throw-away node whose only property is the test's request.
 *
 * @param data of the credential
 */
export async function testCredential(data: object): Promise<TestResult> {
	const credentials = new Credentials(await testedPackage(), data);
	const node: INode = {
		id: 'temp',
		name: 'Temp-Node',
		type: 'n8n-nodes-base.noOp',
		typeVersion: 1,
		position: [0, 0],
		parameters: { temp: '' },
		credentials: credentials.reference,
	};
	const nodeType = typeFor(credentials);
	const nodeTypes: INodeTypes = {
		getByName: () => nodeType,
		getByNameAndVersion: () => nodeType,
		getKnownTypes: () => ({}),
	};
	const workflow = workflowOf(node, nodeTypes);
	const input = { main: [[{ json: {} }]] };
	const executeData: IExecuteData = { node, data: input, source: null };
	const context = new ExecuteContext(
		workflow,
		node,
		additionalDataOf(credentials, workflow, 'test'),
		'internal',
		executionDataOf(),
		0,
		[],
		input,
		executeData,
		[],
	);
	const decrypted = {
		id: credentials.id,
		name: 'Capillary',
		type: 'capillaryApi',
		data: credentials.decrypted(),
	};
	try {
		await new RoutingNode(context, nodeType, decrypted).runNode();
		return { status: 'OK', message: 'Connection successful!' };
	} catch (thrown) {
		return { status: 'Error', message: messageOf(thrown as FailedTest) };
	}
}

function typeFor({ type }: Credentials): INodeType {
	return {
		description: {
			displayName: 'Temp-Node',
			name: 'n8n-nodes-base.noOp',
			group: ['input'],
			version: 1,
			description: '',
			defaults: {},
			inputs: ['main'],
			outputs: ['main'],
			credentials: [{ name: 'capillaryApi', required: true }],
			properties: [
				{
					displayName: 'Temp',
					name: 'temp',
					type: 'string',
					default: '',
					routing: { request: type.test?.request },
				},
			],
		},
	};
}

interface FailedTest extends Error {
	cause?: { code?: string; response?: { status: number } };
}

/** n8n shows the bare status, or else the bare code, where there is one. */
function messageOf({ cause, message }: FailedTest): string {
	if (cause?.response) return String(cause.response.status);
	return cause?.code ?? message;
}
