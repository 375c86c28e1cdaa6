import { type Credential, N8nClient } from './client.cts';
import { witnessOf } from './sandbox.cts';

/** Tests run in jest's own globals: the environment is what they share with the set-up. */
const VARIABLE = 'CAPILLARY_E2E_WORLD';

interface Published {
	/** n8n's address, and the session of its owner. */
	url: string;
	cookie: string;
	sandboxUrl: string;
	/** The packed node. */
	tarball: string;
	/** A stored one for each way to log in. */
	credentials: Record<'basic' | 'oauth', Credential>;
}

/** Makes the world known to the tests; for the set-up. */
export function publish(world: Published): void {
	process.env[VARIABLE] = JSON.stringify(world);
}

/**
 * What the end-to-end tests share: one n8n, one sandbox, two credentials.
 * @throws {Error} outside `npm run test:e2e`
 */
export function world() {
	const text = process.env[VARIABLE];
	if (!text) throw new Error('These tests need a running n8n: npm run test:e2e');
	const { url, cookie, sandboxUrl, ...rest } = JSON.parse(text) as Published;
	return { client: new N8nClient(url, cookie), sandbox: witnessOf(sandboxUrl), ...rest };
}
