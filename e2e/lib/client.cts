import { parse as unflatten } from 'flatted';
import type { IDataObject, INode, IRunExecutionData } from 'n8n-workflow';

import { Failure, poll } from './log.cts';
import type { WorkflowFile } from './workflow.cts';

export interface Login {
	email: string;
	/** Needs 8 characters, a digit and a capital letter. */
	password: string;
}

/** Who owns the n8ns that are started here. */
export const OWNER = { email: 'owner@sandbox.example', password: 'Sandbox-1234' };

export interface Credential {
	id: string;
	name: string;
	type: string;
	data?: Record<string, unknown>;
}

export type Workflow = WorkflowFile & { id: string; versionId: string; active: boolean };

export interface Execution {
	id: string;
	status: string;
	data: IRunExecutionData;
}

/** What a webhook's caller gets; `body` when it is JSON. */
export interface Answer {
	status: number;
	body: IDataObject | undefined;
	text: string;
}

interface ListRequest {
	/** With the package's name. */
	nodeType: string;
	/** Name of the resource locator. */
	parameter: string;
	/** Name of the list search method. */
	method: string;
	/** The node's parameters. */
	parameters: Record<string, unknown>;
	credential: Credential;
	filter?: string;
}

/** n8n's REST API, as its editor speaks it, and its webhooks. */
export class N8nClient {
	/**
	 * @param url n8n's address, without a slash at the end
	 * @param cookie of a session that was begun before
	 */
	constructor(
		readonly url: string,
		public cookie = '',
	) {}

	/**
	 * One call of n8n's internal REST API.
	 * @param path below `/rest`
	 * @returns the `data` of the answer
	 * @throws {Failure} with n8n's message when the answer is not 2xx
	 */
	async rest<T>(method: string, path: string, body?: unknown): Promise<T> {
		const response = await fetch(`${this.url}/rest${path}`, {
			method,
			// n8n closes idle connections, and a request on one just closed fails.
			headers: { 'content-type': 'application/json', connection: 'close', cookie: this.cookie },
			body: JSON.stringify(body),
		});
		const session = response.headers.getSetCookie().find((one) => one.startsWith('n8n-auth='));
		this.cookie = session?.split(';')[0] ?? this.cookie;
		const text = await response.text();
		const answer = parse(text);
		if (response.ok) return (answer?.['data'] ?? answer) as T;
		const why = answer?.['message'] ?? text.slice(0, 300);
		throw new Failure(`n8n answered ${method} /rest${path} with ${response.status}: ${why}`);
	}

	/** Signs in; on a fresh n8n the login becomes its owner. */
	async signIn({ email, password }: Login): Promise<void> {
		const { userManagement } = await this.rest<{
			userManagement: { showSetupOnFirstLoad: boolean };
		}>('GET', '/settings');
		if (userManagement.showSetupOnFirstLoad) {
			const names = { firstName: 'Sandbox', lastName: 'Owner' };
			await this.rest('POST', '/owner/setup', { email, password, ...names });
		} else {
			await this.rest('POST', '/login', { emailOrLdapLoginId: email, password });
		}
	}

	/** All credentials, without their data. */
	async credentials(): Promise<Credential[]> {
		return await this.rest('GET', '/credentials');
	}

	async createCredential(credential: Omit<Credential, 'id'>): Promise<Credential> {
		const { id } = await this.rest<{ id: string }>('POST', '/credentials', credential);
		return { ...credential, id };
	}

	/** Changes a stored credential's data. */
	async updateCredential({ id, ...rest }: Credential): Promise<void> {
		await this.rest('PATCH', `/credentials/${id}`, rest);
	}

	/** The editor's "Test" of a stored credential, with the data given here. */
	async testCredential({
		id,
		name,
		type,
		data,
	}: Credential): Promise<{ status: 'OK' | 'Error'; message: string }> {
		return await this.rest('POST', '/credentials/test', { credentials: { id, name, type, data } });
	}

	async deleteCredential(id: string): Promise<void> {
		await this.rest('DELETE', `/credentials/${id}`);
	}

	/** All workflows, without their nodes. */
	async workflows(): Promise<Workflow[]> {
		return await this.rest('GET', '/workflows');
	}

	async workflow(id: string): Promise<Workflow> {
		return await this.rest('GET', `/workflows/${id}`);
	}

	/** Imports a workflow; nodes that use one of the credential types given here get that credential. */
	async importWorkflow(
		{ name, nodes, connections, settings = {} }: WorkflowFile,
		credentials: Credential[] = [],
	): Promise<Workflow> {
		const linked = nodes.map((node) => withCredentials(node, credentials));
		// As the editor saves it: without pinned data, n8n fails when a single step is run after another.
		const body = { name, nodes: linked, connections, settings, pinData: {} };
		return await this.rest('POST', '/workflows', body);
	}

	/** Publishes the workflow's newest version. Its webhooks answer some moments later. */
	async activate({ id, versionId }: Pick<Workflow, 'id' | 'versionId'>): Promise<void> {
		await this.rest('POST', `/workflows/${id}/activate`, { versionId });
	}

	/** Deletes a workflow. n8n wants it archived first, and its webhooks gone, which takes a moment. */
	async deleteWorkflow({ id }: { id: string }): Promise<void> {
		await this.rest('POST', `/workflows/${id}/archive`, {});
		const attempt = async () => {
			try {
				await this.rest('DELETE', `/workflows/${id}`);
				return true;
			} catch (error) {
				if (String(error).includes('still being unpublished')) return undefined;
				throw error;
			}
		};
		await poll(attempt, { what: `n8n does not delete workflow ${id}` });
	}

	/**
	 * "Execute workflow" from one of its triggers, to its end.
	 * @param trigger the trigger node's name
	 * @param json what the trigger gives, when it waits for something from outside, such as a chat
	 */
	async runFrom(workflow: { id: string }, trigger: string, json?: IDataObject): Promise<Execution> {
		return await this.execution(await this.startFrom(workflow, trigger, json));
	}

	/** Like `runFrom`, without waiting. @returns the execution's id */
	async startFrom({ id }: { id: string }, trigger: string, json?: IDataObject): Promise<string> {
		const data = json && {
			startTime: Date.now(),
			executionTime: 0,
			executionIndex: 0,
			executionStatus: 'success',
			source: [],
			data: { main: [[{ json }]] },
		};
		const start = { triggerToStartFrom: { name: trigger, data } };
		const path = `/workflows/${id}/run`;
		const { executionId } = await this.rest<{ executionId: string }>('POST', path, start);
		return executionId;
	}

	/** The "Stop" button; waits for the end of the execution. */
	async stop(id: string): Promise<Execution> {
		await this.rest('POST', `/executions/${id}/stop`);
		return await this.execution(id);
	}

	/** Waits for the end of an execution. */
	async execution(id: string): Promise<Execution> {
		return await this.whenNot(id, ['new', 'running', 'waiting'], 'ended');
	}

	/** Waits until an execution itself waits, for a form or a webhook. */
	async waitingExecution(id: string): Promise<Execution> {
		return await this.whenNot(id, ['new', 'running'], 'come to wait');
	}

	private async whenNot(id: string, statuses: string[], done: string): Promise<Execution> {
		const attempt = async () => {
			const path = `/executions/${id}`;
			const found = await this.rest<Execution & { data: string }>('GET', path);
			if (!found || statuses.includes(found.status)) return undefined;
			return { ...found, data: unflatten(found.data) };
		};
		return await poll(attempt, {
			timeoutMs: 120_000,
			what: `execution ${id} has not ${done}`,
		});
	}

	/** Deletes all data tables. */
	async deleteTables(): Promise<void> {
		const { id } = await this.rest<{ id: string }>('GET', '/projects/personal');
		const path = `/projects/${id}/data-tables`;
		const { data } = await this.rest<{ data: Array<{ id: string }> }>('GET', path);
		for (const table of data) await this.rest('DELETE', `${path}/${table.id}`);
	}

	/**
	 * The newest executions of a workflow, the last one first, at most 100.
	 * @param status only those of one of these
	 */
	async executions(
		workflowId: string,
		status?: string[],
	): Promise<Array<{ id: string; status: string }>> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId, status }));
		const path = `/executions?limit=100&filter=${filter}`;
		return (await this.rest<{ results: Execution[] }>('GET', path)).results;
	}

	/** The last execution of a workflow, at its end. */
	async lastExecution({ id: workflow }: { id: string }): Promise<Execution> {
		const id = await poll(async () => (await this.executions(workflow))[0]?.id, {
			what: 'n8n shows no execution of the workflow',
		});
		return await this.execution(id);
	}

	/**
	 * Calls a production webhook, again and again while n8n says that it isn't registered (yet).
	 * @param path the webhook node's path
	 * @param body sent as JSON
	 */
	async webhook(path: string, body?: unknown, { method = 'POST' } = {}): Promise<Answer> {
		const url = `${this.url}/webhook/${path}`;
		const attempt = async () => {
			const headers = { 'content-type': 'application/json', connection: 'close' };
			const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
			const text = await response.text();
			if (response.status === 404 && text.includes('not registered')) return undefined;
			return { status: response.status, body: parse(text), text };
		};
		return await poll(attempt, { what: `n8n has not registered the webhook ${url}` });
	}

	/** What the editor shows in a resource locator's list. */
	async resourceLocatorResults({
		nodeType,
		parameter,
		method,
		parameters,
		credential: { id, name, type },
		filter,
	}: ListRequest): Promise<{ results: Array<{ name: string; value: unknown }> }> {
		return await this.rest('POST', '/dynamic-node-parameters/resource-locator-results', {
			path: `parameters.${parameter}`,
			methodName: method,
			nodeTypeAndVersion: { name: nodeType, version: 1 },
			currentNodeParameters: parameters,
			credentials: { [type]: { id, name } },
			filter,
		});
	}
}

function withCredentials(node: INode, credentials: Credential[]): INode {
	const entries = Object.entries(node.credentials ?? {}).map(([type, own]) => {
		const found = credentials.find((credential) => credential.type === type);
		return [type, found ? { id: found.id, name: found.name } : own];
	});
	return entries.length > 0 ? { ...node, credentials: Object.fromEntries(entries) } : node;
}

/** An object of JSON, or undefined for anything else. */
function parse(text: string): IDataObject | undefined {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
