import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { CACHE, E2E, PACKAGE, ROOT } from './paths.cts';
import { step } from './processes.cts';

/**
 * Builds and packs the node as it would be published.
 * @returns path of the tarball
 * @throws {Failure} when the build or the packing fails
 */
export async function pack(): Promise<string> {
	const folder = path.join(CACHE, 'pack');
	fs.rmSync(folder, { recursive: true, force: true });
	fs.mkdirSync(folder, { recursive: true });
	const script = `npm run build && npm pack --pack-destination '${folder}'`;
	await step('Building and packing the node', 'sh', ['-c', script], { cwd: ROOT, log: 'pack.log' });
	return path.join(folder, fs.readdirSync(folder)[0] ?? '');
}

/** Unpacks a tarball into a folder, which is emptied before. */
export function unpack(tarball: string, folder: string): void {
	fs.rmSync(folder, { recursive: true, force: true });
	fs.mkdirSync(folder, { recursive: true });
	execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
}

/**
 * Installs a tarball where n8n's own installer puts a community node.
 * @param userFolder what `N8N_USER_FOLDER` says
 */
export function installNode(userFolder: string, tarball: string): void {
	const nodes = path.join(userFolder, '.n8n', 'nodes');
	unpack(tarball, path.join(nodes, 'node_modules', PACKAGE));
	fs.writeFileSync(
		path.join(nodes, 'package.json'),
		'{ "name": "installed-nodes", "private": true }',
	);
	// In the checkout, the node would find the checkout's n8n-workflow before n8n's own.
	const link = path.join(userFolder, 'node_modules');
	if (!userFolder.startsWith(ROOT) || fs.existsSync(link)) return;
	fs.symlinkSync(path.join(E2E, 'node_modules'), link);
}
