// `node --import tsx test/versions/run.cts <folder> <sandbox>`: the checks by the n8n-core that is
// installed in a folder, with the packed node. Writes one line of JSON for each check.
import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { controlOf } from '../../e2e/lib/sandbox.cts';
import { makeN8nHome, removeN8nHome } from '../support/n8nHome.cts';
import { checks, type World } from './checks.cts';

const PACKAGE = 'n8n-nodes-capillary';
/** A check that waits for what never comes is not to hold up the others. */
const LONGEST_CHECK_MS = 60_000;
const [folder = '', url = ''] = process.argv.slice(2);

function write(line: { name: string; ok: boolean; error?: string }): void {
	process.stdout.write(`${JSON.stringify(line)}\n`);
}

const textOf = (thrown: unknown) => String(thrown instanceof Error ? thrown.stack : thrown);

/** The test engine, beside the packed node: there it finds that folder's n8n-core. */
function engineThere(): World['engine'] {
	const engine = join('test', 'support', 'engine');
	const there = join(folder, 'node_modules', PACKAGE, engine);
	cpSync(join(__dirname, '../support/engine'), there, { recursive: true });
	const requireThere = createRequire(join(folder, 'package.json'));
	requireThere('reflect-metadata');
	return requireThere(there);
}

async function main(): Promise<void> {
	const engine = engineThere();
	const control = controlOf(url);
	const { credentials } = await control('GET', '');
	const accounts = {
		basic: { host: url, authentication: 'basic', ...credentials.basic },
		oauth: { host: url, authentication: 'oauth', ...credentials.oauth },
	};
	for (const [name, check] of Object.entries(checks)) {
		await control('POST', '/reset');
		const checked = check({ engine, control, accounts }).then(() => undefined, textOf);
		const tooLate = setTimeout(LONGEST_CHECK_MS, 'It did not end within a minute');
		const error = await Promise.race([checked, tooLate]);
		write({ name, ok: error === undefined, error });
	}
}

makeN8nHome();
process.once('exit', removeN8nHome);
main().then(
	() => process.exit(0),
	(thrown) => {
		write({ name: 'start', ok: false, error: textOf(thrown) });
		process.exit(1);
	},
);
