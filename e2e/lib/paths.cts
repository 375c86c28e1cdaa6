import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The checkout. */
export const ROOT = path.resolve(__dirname, '..', '..');

/** The folder with a real n8n and its own Node (own package.json, own lockfile). */
export const E2E = path.join(ROOT, 'e2e');

/** Logs, tarballs and reports; git-ignored, safe to delete. */
export const CACHE = path.join(ROOT, '.cache');

/** The name of the package this repository publishes. */
export const PACKAGE = 'n8n-nodes-capillary';

/** A new folder outside of the checkout, removed when this process ends. @param use part of its name */
export function temporaryFolder(use: string): string {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), `n8n-capillary-${use}-`));
	process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
	return folder;
}
