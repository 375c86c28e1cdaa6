import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { E2E, nodeForN8n } from './n8n.cts';

/** Run by n8n's Node: what n8n has loaded before any community node does not count. */
const SCRIPT = `
	const { createRequire } = require('node:module');
	const [folder, e2e] = process.argv.slice(1);
	createRequire(e2e + '/')('n8n-workflow');
	const manifest = require(folder + '/package.json');
	const started = process.hrtime.bigint();
	for (const file of [...manifest.n8n.nodes, ...manifest.n8n.credentials]) {
		const loaded = require(folder + '/' + file);
		for (const Class of Object.values(loaded)) new Class();
	}
	console.log(Number(process.hrtime.bigint() - started) / 1e6);
`;

/**
 * Milliseconds that requiring the node's and the credential's files and making one of each costs n8n.
 *
 * @param installed the installed package's folder
 */
export function loadTimes(installed: string, times: number): number[] {
	return Array.from({ length: times }, () => {
		const args = ['-e', SCRIPT, installed, E2E];
		// As in n8n, the node finds the one copy of n8n-workflow that is loaded already.
		const env = { ...process.env, NODE_PATH: join(E2E, 'node_modules') };
		return Number(execFileSync(nodeForN8n(), args, { env, encoding: 'utf8' }));
	});
}
