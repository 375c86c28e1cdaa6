'use strict';
const { Failure, poll } = require('./log');

/**
 * @typedef {{ email: string, password: string, firstName?: string, lastName?: string }} Login
 * @typedef {{ id: string, name: string, type: string, data?: Record<string, unknown> }} Credential
 * @typedef {{ json: Record<string, any>, pairedItem?: any, error?: any }} Item
 * @typedef {{ data?: { main?: Array<Item[] | null> }, error?: any, executionStatus?: string }} NodeRun
 * @typedef {{ resultData: { error?: any, runData: Record<string, NodeRun[]> } }} RunData
 * @typedef {{ id: string, status: string, mode: string, data: RunData }} Execution
 * @typedef {{ status: number, body: any, text: string }} Answer
 * @typedef {{ name: string, nodes: any[], connections: any, settings?: any }} WorkflowFile
 * @typedef {WorkflowFile & { id: string, versionId: string, active: boolean }} Workflow
 */

/** n8n's REST API, as its editor speaks it, and its webhooks. */
class N8nClient {
	/** @param {string} url n8n's address, without a slash at the end */
	constructor(url) {
		this.url = url;
		this.cookie = '';
	}

	/**
	 * One call of n8n's internal REST API.
	 * @param {string} method
	 * @param {string} path below `/rest`
	 * @param {unknown} [body]
	 * @returns {Promise<any>} the `data` of the answer
	 * @throws {Failure} with n8n's message when the answer is not 2xx
	 */
	async rest(method, path, body) {
		const response = await fetch(`${this.url}/rest${path}`, {
			method,
			// n8n closes idle connections, and a request on one just closed fails.
			headers: { 'content-type': 'application/json', connection: 'close', cookie: this.cookie },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		for (const cookie of response.headers.getSetCookie()) {
			if (cookie.startsWith('n8n-auth=')) this.cookie = cookie.split(';')[0] ?? '';
		}
		const text = await response.text();
		const answer = parse(text);
		if (!response.ok) {
			const why = answer?.message ?? text.slice(0, 300);
			throw new Failure(`n8n answered ${method} /rest${path} with ${response.status}: ${why}`);
		}
		return answer?.data ?? answer;
	}

	/**
	 * Signs in; on a fresh n8n the login becomes its owner.
	 * @param {Login} login the password needs 8 characters, a digit and a capital letter
	 */
	async signIn({ email, password, firstName = 'Sandbox', lastName = 'Owner' }) {
		const settings = await this.rest('GET', '/settings');
		if (settings.userManagement.showSetupOnFirstLoad) {
			await this.rest('POST', '/owner/setup', { email, password, firstName, lastName });
		} else {
			await this.rest('POST', '/login', { emailOrLdapLoginId: email, password });
		}
	}

	/** @returns {Promise<Credential[]>} without their data */
	async credentials() {
		return await this.rest('GET', '/credentials');
	}

	/**
	 * @param {{ name: string, type: string, data: Record<string, unknown> }} credential
	 * @returns {Promise<Credential>} with its id
	 */
	async createCredential(credential) {
		return { ...credential, id: (await this.rest('POST', '/credentials', credential)).id };
	}

	/**
	 * Changes a stored credential's data.
	 * @param {Credential} credential
	 */
	async updateCredential({ id, ...rest }) {
		await this.rest('PATCH', `/credentials/${id}`, rest);
	}

	/**
	 * The editor's "Test" of a stored credential, with the data given here.
	 * @param {Credential} credential
	 * @returns {Promise<{ status: 'OK' | 'Error', message: string }>}
	 */
	async testCredential({ id, name, type, data }) {
		return await this.rest('POST', '/credentials/test', { credentials: { id, name, type, data } });
	}

	/** @param {string} id */
	async deleteCredential(id) {
		await this.rest('DELETE', `/credentials/${id}`);
	}

	/** @returns {Promise<Workflow[]>} without their nodes */
	async workflows() {
		return await this.rest('GET', '/workflows');
	}

	/**
	 * @param {string} id
	 * @returns {Promise<Workflow>}
	 */
	async workflow(id) {
		return await this.rest('GET', `/workflows/${id}`);
	}

	/**
	 * Imports a workflow; nodes that use one of the credential types given here get that credential.
	 * @param {WorkflowFile} workflow
	 * @param {Credential[]} [credentials]
	 * @returns {Promise<Workflow>}
	 */
	async importWorkflow({ name, nodes, connections, settings = {} }, credentials = []) {
		const linked = nodes.map((node) => withCredentials(node, credentials));
		const body = { name, nodes: linked, connections, settings };
		return await this.rest('POST', '/workflows', body);
	}

	/**
	 * Publishes the workflow's newest version. Its webhooks answer some moments later.
	 * @param {{ id: string, versionId: string }} workflow
	 */
	async activate({ id, versionId }) {
		await this.rest('POST', `/workflows/${id}/activate`, { versionId });
	}

	/** @param {{ id: string }} workflow */
	async deactivate({ id }) {
		await this.rest('POST', `/workflows/${id}/deactivate`, {});
	}

	/**
	 * Deletes a workflow. n8n wants it archived first, and its webhooks gone, which takes it a moment.
	 * @param {{ id: string }} workflow
	 */
	async deleteWorkflow({ id }) {
		await this.rest('POST', `/workflows/${id}/archive`, {});
		await poll(
			async () => {
				try {
					return await this.rest('DELETE', `/workflows/${id}`);
				} catch (error) {
					if (String(error).includes('still being unpublished')) return undefined;
					throw error;
				}
			},
			{ what: `n8n does not delete workflow ${id}` },
		);
	}

	/**
	 * "Execute workflow" from a trigger that needs no call from outside.
	 * @param {{ id: string }} workflow
	 * @param {string} trigger the trigger node's name
	 * @returns {Promise<string>} the execution's id
	 */
	async runManually({ id }, trigger) {
		const start = { triggerToStartFrom: { name: trigger } };
		return (await this.rest('POST', `/workflows/${id}/run`, start)).executionId;
	}

	/**
	 * Waits for the end of an execution.
	 * @param {string} id
	 * @param {number} [timeoutMs]
	 * @returns {Promise<Execution>}
	 */
	async execution(id, timeoutMs = 120_000) {
		const running = ['new', 'running', 'waiting'];
		return await poll(
			async () => {
				const found = await this.rest('GET', `/executions/${id}`);
				if (!found || running.includes(found.status)) return undefined;
				return { ...found, data: unflatten(found.data) };
			},
			{ timeoutMs, what: `execution ${id} has not ended` },
		);
	}

	/**
	 * @param {string} workflowId
	 * @returns {Promise<Array<{ id: string, status: string }>>} the newest first, at most 100
	 */
	async executions(workflowId) {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		return (await this.rest('GET', `/executions?limit=100&filter=${filter}`)).results;
	}

	/** @param {string} id of a running execution */
	async stopExecution(id) {
		await this.rest('POST', `/executions/${id}/stop`);
	}

	/**
	 * Calls a production webhook, again and again while n8n says that it isn't registered (yet).
	 * @param {string} path the webhook node's path
	 * @param {unknown} [body] sent as JSON
	 * @param {{ method?: string, timeoutMs?: number }} [options] `timeoutMs`: how long to wait for it
	 * @returns {Promise<Answer>}
	 */
	async webhook(path, body, { method = 'POST', timeoutMs = 60_000 } = {}) {
		const url = `${this.url}/webhook/${path}`;
		return await poll(
			async () => {
				const response = await fetch(url, {
					method,
					headers: { 'content-type': 'application/json', connection: 'close' },
					body: body === undefined ? undefined : JSON.stringify(body),
				});
				const text = await response.text();
				if (response.status === 404 && text.includes('not registered')) return undefined;
				return { status: response.status, body: parse(text), text };
			},
			{ timeoutMs, what: `n8n has not registered the webhook ${url}` },
		);
	}

	/**
	 * What the editor shows in a resource locator's list.
	 * @param {object} request
	 * @param {string} request.nodeType with the package's name
	 * @param {string} request.parameter
	 * @param {string} request.method the list search method's name
	 * @param {Record<string, unknown>} request.parameters the node's parameters
	 * @param {Credential} request.credential
	 * @param {string} [request.filter]
	 * @param {string} [request.paginationToken]
	 * @returns {Promise<{ results: Array<{ name: string, value: unknown }>, paginationToken?: unknown }>}
	 */
	async resourceLocatorResults({ nodeType, parameter, method, parameters, credential, ...rest }) {
		return await this.rest('POST', '/dynamic-node-parameters/resource-locator-results', {
			path: `parameters.${parameter}`,
			methodName: method,
			nodeTypeAndVersion: { name: nodeType, version: 1 },
			currentNodeParameters: parameters,
			credentials: { [credential.type]: { id: credential.id, name: credential.name } },
			...rest,
		});
	}
}

/**
 * @param {any} node
 * @param {Credential[]} credentials
 */
function withCredentials(node, credentials) {
	const entries = Object.keys(node.credentials ?? {}).map((type) => {
		const found = credentials.find((credential) => credential.type === type);
		return [type, found ? { id: found.id, name: found.name } : node.credentials[type]];
	});
	return entries.length > 0 ? { ...node, credentials: Object.fromEntries(entries) } : node;
}

/**
 * JSON, or undefined for anything else.
 * @param {string} text
 */
function parse(text) {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/**
 * Restores n8n's form of an execution's data: one flat list in which each string inside an object
 * or list is the index of the value that stands for it.
 * @param {string} text
 * @returns {any}
 */
function unflatten(text) {
	/** @type {unknown[]} */
	const values = JSON.parse(text);
	/** @type {Map<number, any>} */
	const done = new Map();
	/** @param {number} index @returns {any} */
	const revive = (index) => {
		const value = values[index];
		if (typeof value !== 'object' || value === null) return value;
		if (done.has(index)) return done.get(index);
		/** @type {any} */
		const result = Array.isArray(value) ? [] : {};
		done.set(index, result);
		for (const [key, part] of Object.entries(value)) {
			result[key] = typeof part === 'string' ? revive(Number(part)) : part;
		}
		return result;
	};
	return revive(0);
}

module.exports = { N8nClient };
