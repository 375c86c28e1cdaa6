import { LoadOptionsContext } from 'n8n-core';
import type { INodeListSearchResult } from 'n8n-workflow';

import { Credentials } from './Credentials';
import { nodeTypesOf, testedPackage } from './loadPackage.cts';
import { additionalDataOf, couponsNode, workflowOf } from './workflow';

export interface ListSearch {
	/** Name of the node's list search method. */
	method: string;
	/** Data of the credential. */
	credentials: object;
	/** What the user has typed. */
	filter?: string;
	/** Which saved credential it is: a new one unless told. */
	credentialId?: string;
}

/** What a list of the editor shows, in the context that n8n calls its method in. */
export async function searchList(search: ListSearch): Promise<INodeListSearchResult> {
	const loader = await testedPackage();
	const credentials = new Credentials(loader, search.credentials, search.credentialId);
	const nodeTypes = nodeTypesOf(loader);
	const node = couponsNode(credentials);
	const workflow = workflowOf(node, nodeTypes);
	const context = new LoadOptionsContext(
		workflow,
		node,
		additionalDataOf(credentials, workflow, 'list'),
		'parameters.seriesId',
	);
	const { methods } = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const method = methods?.listSearch?.[search.method];
	if (!method) throw new Error(`The node has no list search method ${search.method}`);
	return await method.call(context, search.filter);
}
