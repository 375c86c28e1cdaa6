import type { FunctionsBase } from 'n8n-workflow';

import { baseUrl } from '../auth/host';
import { BoundedMap } from '../BoundedMap';

type Context = Pick<FunctionsBase, 'getNode' | 'getCredentials'>;

const GOOD_FOR_MS = 60_000;

/** Which saved credential a node uses: rate limits are kept apart by it. */
export function credentialId(context: Pick<FunctionsBase, 'getNode'>): string {
	const credential = context.getNode().credentials?.capillaryApi;
	return credential?.id ?? credential?.name ?? '';
}

const hosts = new BoundedMap<string, { host: Promise<string>; readAt: number }>(1_000);

/**
 * The host of a credential in one spelling, read once a minute: two credentials of one organization
 * have the same.
 *
 * @returns the one before when it cannot be read now, and '' when there is none, or when it cannot be
 * used, as the first call will say
 */
export async function hostOf(context: Context): Promise<string> {
	const id = credentialId(context);
	const known = hosts.get(id);
	if (known && known.readAt > Date.now() - GOOD_FOR_MS) return await known.host;
	const host = context.getCredentials<{ host?: unknown }>('capillaryApi').then(
		({ host: given }) => usable(given),
		async () => {
			const before = known?.host ?? Promise.resolve('');
			// To be read again: what Issue Once remembers stands under the host.
			hosts.set(id, { host: before, readAt: 0 });
			return await before;
		},
	);
	hosts.set(id, { host, readAt: Date.now() });
	return await host;
}

function usable(host: unknown): string {
	try {
		return baseUrl(host);
	} catch {
		return '';
	}
}
