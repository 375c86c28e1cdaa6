import type { FunctionsBase } from 'n8n-workflow';

/** Which saved credential a node uses: rate limits and customers are kept apart by it. */
export function credentialId(context: Pick<FunctionsBase, 'getNode'>): string {
	const credential = context.getNode().credentials?.capillaryApi;
	return credential?.id ?? credential?.name ?? '';
}
