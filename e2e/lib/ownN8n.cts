import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { N8nClient, OWNER } from './client.cts';
import { type N8n, startN8n } from './n8n.cts';
import { installNode } from './pack.cts';

/**
 * An n8n of its own, for a test that ends it without warning.
 * @param tarball the packed node
 */
export function ownN8n(tarball: string) {
	const userFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-capillary-own-'));
	installNode(userFolder, tarball);
	let running: N8n | undefined;
	return {
		/** Starts it, also once more after its end. @returns a client that is signed in */
		async start(): Promise<N8nClient> {
			running = await startN8n({ userFolder, name: 'e2e-own-n8n' });
			const client = new N8nClient(running.url);
			await client.signIn(OWNER);
			return client;
		},
		/** `kill -9`. */
		async kill(): Promise<void> {
			if (running?.pid !== undefined) process.kill(running.pid, 'SIGKILL');
			await running?.exited;
		},
		async remove(): Promise<void> {
			await running?.stop();
			fs.rmSync(userFolder, { recursive: true, force: true });
		},
	};
}
