import { PackageDirectoryLoader, RoutingNode } from 'n8n-core';
import { type IExecuteFunctions, type INodeType, type INodeTypes, NodeHelpers } from 'n8n-workflow';
import { resolve } from 'node:path';

/** The folder whose `dist/` is tested. */
export const PACKAGE = resolve(__dirname, '../../..');

/** Hands its input on; the workflow has to begin somewhere. */
const start: INodeType = {
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
	async execute(this: IExecuteFunctions) {
		return [this.getInputData()];
	},
};

export const START = 'test.start';

/** Loads a package from a folder, as n8n does: node, credential, icons, codex. */
export async function loadPackage(folder = PACKAGE): Promise<PackageDirectoryLoader> {
	const loader = new PackageDirectoryLoader(folder);
	await loader.loadAll();
	return loader;
}

let loading: Promise<PackageDirectoryLoader> | undefined;

/** The package under test, loaded once. */
export async function testedPackage(): Promise<PackageDirectoryLoader> {
	return await (loading ??= loadPackage());
}

/** The node types of the test's workflow: our node, run by n8n-core's RoutingNode, and Start. */
export function nodeTypesOf(loader: PackageDirectoryLoader): INodeTypes {
	const get = (name: string) =>
		name === START ? start : loader.getNode(name.split('.').pop() ?? '').type;
	return {
		getByName: get,
		getKnownTypes: () => ({}),
		getByNameAndVersion(name, version) {
			const type = NodeHelpers.getVersionedNodeType(get(name), version);
			// n8n's own rule: a node with `methods` is only declarative when it has `requestDefaults`.
			if (!type.execute && (!type.methods || type.description.requestDefaults !== undefined)) {
				type.execute = async function () {
					return (await new RoutingNode(this as never, type).runNode()) ?? [];
				};
			}
			return type;
		},
	};
}
