// Runs the node twice in n8n-core, as the JSON on its input says, and writes when the second run was.
import { json } from 'node:stream/consumers';

import { makeN8nHome, removeN8nHome } from '../../test/support/n8nHome.cts';
import { now } from './profileParts.cts';

async function main(): Promise<void> {
	makeN8nHome();
	process.once('exit', removeN8nHome);
	await import('reflect-metadata');
	const { runNode } = await import('../../test/support/engine');
	const run = (await json(process.stdin)) as Parameters<typeof runNode>[0];
	await runNode(run);
	const from = now();
	await runNode(run);
	process.stdout.write(`${JSON.stringify({ from, to: now() })}\n`);
}

void main().then(() => process.exit(0));
