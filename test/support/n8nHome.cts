import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const KEY = 'test';

/**
 * A home for n8n-core, which would otherwise write a key below the user's own. Call it before
 * n8n-core is loaded; processes that are started afterwards share it.
 */
export function makeN8nHome(): void {
	const home = mkdtempSync(join(tmpdir(), 'n8n-nodes-capillary-'));
	mkdirSync(join(home, '.n8n'));
	// Written here, because several processes would write it at once.
	const settings = JSON.stringify({ encryptionKey: KEY });
	writeFileSync(join(home, '.n8n', 'config'), settings, { mode: 0o600 });
	Object.assign(process.env, {
		N8N_USER_FOLDER: home,
		N8N_ENCRYPTION_KEY: KEY,
		N8N_LOG_LEVEL: 'silent',
	});
}

/** Removes what `makeN8nHome` has made. */
export function removeN8nHome(): void {
	const home = process.env.N8N_USER_FOLDER;
	if (home?.startsWith(join(tmpdir(), 'n8n-nodes-capillary-'))) {
		rmSync(home, { recursive: true, force: true });
	}
}
