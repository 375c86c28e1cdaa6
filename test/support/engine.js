/**
 * The real engine: the built package, loaded as n8n loads it, in a workflow Start -> Capillary Coupons
 * run by n8n-core's WorkflowExecute over real HTTP. Only the credential store is ours, with n8n's rules.
 */
const { resolve } = require('node:path');
const core = require('n8n-core');
const {
	createRunExecutionData,
	ICredentialsHelper,
	NodeHelpers,
	Workflow,
} = require('n8n-workflow');

const PACKAGE = resolve(__dirname, '../..');
const NODE = 'n8n-nodes-capillary.capillaryCoupons';

const start = {
	description: {
		displayName: 'Start',
		name: 'start',
		group: ['trigger'],
		version: 1,
		description: '',
		defaults: {},
		inputs: [],
		outputs: ['main'],
		properties: [],
	},
	/** @this {any} */
	async execute() {
		return [this.getInputData()];
	},
};

/** Loads a package from a folder, as n8n does: node, credential, icons, codex. */
async function loadPackage(folder = PACKAGE) {
	const loader = new core.PackageDirectoryLoader(folder);
	await loader.loadAll();
	return loader;
}

/** @type {Promise<any> | undefined} */
let loading;

/** @param {any} loader */
function nodeTypesOf(loader) {
	/** @param {string} name */
	const get = (name) =>
		name === 'test.start' ? start : loader.getNode(name.split('.').pop()).type;
	return {
		getByName: get,
		getKnownTypes: () => ({}),
		/** @param {string} name @param {number} version */
		getByNameAndVersion(name, version) {
			const type = /** @type {any} */ (NodeHelpers.getVersionedNodeType(get(name), version));
			// n8n's own rule: a node with `methods` is only declarative when it has `requestDefaults`.
			if (!type.execute && (!type.methods || type.description.requestDefaults !== undefined)) {
				type.execute = async function () {
					return (await new core.RoutingNode(/** @type {any} */ (this), type).runNode()) ?? [];
				};
			}
			return type;
		},
	};
}

/** Credentials by n8n's rules, with a Map in place of the database. */
class Credentials extends ICredentialsHelper {
	/**
	 * @param {any} loader
	 * @param {Record<string, any>} data
	 */
	constructor(loader, data) {
		super();
		this.type = loader.getCredential('capillaryApi').type;
		this.stored = { ...data };
		this.reads = 0;
	}
	getParentTypes() {
		return [];
	}
	isCredentialUsableByNode() {
		return true;
	}
	getCredentialsProperties() {
		return this.type.properties;
	}
	/**
	 * @param {any} _a @param {any} _n @param {any} _t @param {any} mode @param {any} executeData
	 * @param {any} [raw] @param {any} [run] which workflow and item it is read for
	 * @returns {Promise<any>}
	 */
	async getDecrypted(_a, _n, _t, mode, executeData, raw, run) {
		this.reads += 1;
		const stored = { ...this.stored };
		if (raw) return stored;
		const { properties } = this.type;
		const data = NodeHelpers.getNodeParameters(properties, stored, true, false, null, null);
		if (!run) return data;
		const { workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData } = run;
		return workflow.expression.getParameterValue(
			data,
			runExecutionData,
			runIndex,
			itemIndex,
			node.name,
			connectionInputData,
			mode,
			{},
			executeData,
		);
	}
	/** @param {any} credentials @param {any} _type @param {any} request */
	async authenticate(credentials, _type, request) {
		return await this.type.authenticate(credentials, request);
	}
	/** @param {any} context @param {any} credentials @param {any} _type @param {any} node @param {any} expired */
	async preAuthentication(context, credentials, _type, node, expired) {
		const isTest = node?.parameters?.temp === '' && node?.type === 'n8n-nodes-base.noOp';
		if (!(credentials.accessToken === '' || expired || isTest)) return undefined;
		const { httpRequest } = context.helpers;
		const output = await this.type.preAuthentication.call(
			{ helpers: { httpRequest } },
			credentials,
		);
		if (output.accessToken === undefined) return undefined;
		Object.assign(this.stored, output);
		return Object.assign(credentials, output);
	}
	async runPreAuthentication() {
		return undefined;
	}
	/** @returns {Promise<any>} */
	async getCredentials() {
		throw new Error('not used');
	}
	async updateCredentials() {}
	async updateCredentialsOauthTokenData() {}
}

/** @param {any} credentials @param {any[]} nodes @param {string} executionId */
function additionalDataOf(credentials, nodes, executionId) {
	const url = 'http://n8n.test/';
	return {
		executionId,
		currentNodeExecutionIndex: 0,
		credentialsHelper: credentials,
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
		hooks: new core.ExecutionLifecycleHooks(
			'manual',
			executionId,
			/** @type {any} */ ({
				id: 'workflow',
				name: 'workflow',
				nodes,
				connections: {},
				active: false,
				settings: {},
				createdAt: new Date(),
				updatedAt: new Date(),
			}),
		),
	};
}

let executions = 0;

/**
 * Runs the node once over a list of items.
 *
 * @param {object} run
 * @param {Record<string, any>} run.parameters the node's parameters
 * @param {Array<Record<string, any>>} run.items the json of the input items
 * @param {Record<string, any> | Credentials} run.credentials data of the credential, or one of an earlier run
 * @param {Record<string, any>} [run.settings] node settings such as onError and retryOnFail
 * @param {string} [run.credentialId] which saved credential it is
 * @param {(execution: any) => void} [run.onStart] gets the execution, for cancelling it
 * @returns {Promise<{ items: any[], errors: any[], error: any, credentials: Credentials, runData: any, input: any[] }>}
 *   first output, second output (error output), the error of a stopped run
 */
async function runNode({
	parameters,
	items,
	credentials,
	settings = {},
	credentialId = 'credential',
	onStart = () => {},
}) {
	loading ??= loadPackage();
	const loader = await loading;
	const helper =
		credentials instanceof Credentials ? credentials : new Credentials(loader, credentials);
	const nodes = [
		{
			id: '1',
			name: 'Start',
			type: 'test.start',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		},
		{
			id: '2',
			name: 'Coupons',
			type: NODE,
			typeVersion: 1,
			position: [0, 0],
			parameters,
			credentials: { capillaryApi: { id: credentialId, name: 'Capillary' } },
			...settings,
		},
	];
	const workflow = new Workflow(
		/** @type {any} */ ({
			id: 'workflow',
			nodes,
			connections: { Start: { main: [[{ node: 'Coupons', type: 'main', index: 0 }]] } },
			active: false,
			nodeTypes: nodeTypesOf(loader),
			settings: { executionOrder: 'v1' },
		}),
	);
	executions += 1;
	const data = createRunExecutionData(
		/** @type {any} */ ({
			executionData: {
				nodeExecutionStack: [
					{
						node: workflow.getNode('Start'),
						data: { main: [items.map((json) => ({ json }))] },
						source: null,
					},
				],
			},
		}),
	);
	const execute = new core.WorkflowExecute(
		/** @type {any} */ (additionalDataOf(helper, nodes, String(executions))),
		'manual',
		data,
	);
	const execution = execute.processRunExecutionData(workflow);
	onStart(execution);
	const result = await execution;
	const { runData, error } = result.data.resultData;
	const [first = [], second = []] = runData.Coupons?.[0]?.data?.main ?? [];
	return {
		items: first ?? [],
		errors: second ?? [],
		error: error ?? runData.Coupons?.[0]?.error,
		credentials: helper,
		runData: result,
		input: items,
	};
}

/**
 * The credential test as n8n makes it: a throw-away node whose only property is the test's request.
 *
 * @param {Record<string, any>} data
 * @returns {Promise<{ status: 'OK' | 'Error', message: string }>}
 */
async function testCredential(data) {
	loading ??= loadPackage();
	const loader = await loading;
	const helper = new Credentials(loader, data);
	const { type } = loader.getCredential('capillaryApi');
	const node = {
		id: 'temp',
		name: 'Temp-Node',
		type: 'n8n-nodes-base.noOp',
		typeVersion: 1,
		position: [0, 0],
		parameters: { temp: '' },
		credentials: { capillaryApi: { id: 'credential', name: 'Capillary' } },
	};
	const nodeType = {
		description: {
			...start.description,
			name: node.type,
			inputs: ['main'],
			credentials: [{ name: 'capillaryApi', required: true }],
			properties: [
				{
					displayName: 'Temp',
					name: 'temp',
					type: 'string',
					default: '',
					routing: { request: type.test.request },
				},
			],
		},
	};
	const nodeTypes = /** @type {any} */ ({
		getByName: () => nodeType,
		getByNameAndVersion: () => nodeType,
		getKnownTypes: () => ({}),
	});
	const workflow = new Workflow(
		/** @type {any} */ ({
			nodes: [node],
			connections: {},
			active: false,
			nodeTypes,
		}),
	);
	const context = new core.ExecuteContext(
		workflow,
		/** @type {any} */ (node),
		/** @type {any} */ (additionalDataOf(helper, [node], 'test')),
		'internal',
		createRunExecutionData({}),
		0,
		[],
		{ main: [[{ json: {} }]] },
		/** @type {any} */ ({ node, data: {}, source: null }),
		[],
	);
	const decrypted = await helper.getDecrypted(null, null, null, null, null, false);
	const routing = new core.RoutingNode(
		context,
		/** @type {any} */ (nodeType),
		/** @type {any} */ ({
			id: 'credential',
			name: 'Capillary',
			type: 'capillaryApi',
			data: decrypted,
		}),
	);
	try {
		await routing.runNode();
		return { status: 'OK', message: 'Connection successful!' };
	} catch (thrown) {
		const error = /** @type {any} */ (thrown);
		// n8n shows the status text or the bare code in these two cases.
		if (error.cause?.response)
			return { status: 'Error', message: String(error.cause.response.status) };
		if (error.cause?.code) return { status: 'Error', message: error.cause.code };
		return { status: 'Error', message: error.message };
	}
}

/**
 * What a list of the editor shows, in the context that n8n calls its method in.
 *
 * @param {object} search
 * @param {string} search.method name of the node's list search method
 * @param {Record<string, any>} search.credentials data of the credential
 * @param {string} [search.filter] what the user has typed
 * @param {string} [search.credentialId] which saved credential it is
 * @returns {Promise<{ results: Array<{ name: string, value: string | number }>, paginationToken?: any }>}
 */
async function searchList({ method, credentials, filter, credentialId = 'credential' }) {
	loading ??= loadPackage();
	const loader = await loading;
	const helper = new Credentials(loader, credentials);
	const node = {
		id: '1',
		name: 'Coupons',
		type: NODE,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: { capillaryApi: { id: credentialId, name: 'Capillary' } },
	};
	const workflow = new Workflow(
		/** @type {any} */ ({
			nodes: [node],
			connections: {},
			active: false,
			nodeTypes: nodeTypesOf(loader),
		}),
	);
	const context = new core.LoadOptionsContext(
		workflow,
		/** @type {any} */ (node),
		/** @type {any} */ (additionalDataOf(helper, [node], 'list')),
		'parameters.seriesId',
	);
	const { type } = loader.getNode('capillaryCoupons');
	return await type.methods.listSearch[method].call(context, filter);
}

module.exports = { loadPackage, runNode, testCredential, searchList, Credentials, PACKAGE };
