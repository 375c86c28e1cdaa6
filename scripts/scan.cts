// `npm run scan`: what n8n's scanner of community packages does to a published package, done to this
// checkout and to its tarball: same rules, same files, inline disables ignored. Warnings count as well.
import { createRequire } from 'node:module';

import { Command } from '@commander-js/extra-typings';
import type { ESLint } from 'eslint';

import { log } from '../e2e/lib/log.cts';
import { pack, unpack } from '../e2e/lib/pack.cts';
import { ROOT, temporaryFolder } from '../e2e/lib/paths.cts';
import { runCommand } from './cli.cts';

const SCANNER = require.resolve('@n8n/scan-community-package/scanner/scanner.mjs');

/** What the scanner's module gives. */
interface Scanner {
	buildScanConfig: () => Promise<ESLint.Options['overrideConfig']>;
	SOURCE_FILE_PATTERNS: string[];
}

/**
 * Lints files of a folder by the scanner's rules.
 * @returns how many errors and warnings
 */
async function scan(folder: string, patterns: string[], { buildScanConfig }: Scanner) {
	// The scanner's own ESLint: another version could read its configuration in another way.
	const { ESLint: Linter } = createRequire(SCANNER)('eslint') as typeof import('eslint');
	const eslint = new Linter({
		cwd: folder,
		allowInlineConfig: false,
		errorOnUnmatchedPattern: false,
		overrideConfigFile: true,
		overrideConfig: await buildScanConfig(),
	});
	const results = await eslint.lintFiles(patterns);
	const findings = results.reduce((sum, one) => sum + one.errorCount + one.warningCount, 0);
	log(`${results.length} files, ${findings} findings`);
	if (findings > 0) log(await (await eslint.loadFormatter('stylish')).format(results));
	return findings;
}

const command = new Command('npm run scan')
	.description(
		"Lints the sources and the packed files by the rules of n8n's scanner of community packages.",
	)
	.action(async () => {
		const scanner: Scanner = await import(SCANNER);
		log('Sources:');
		let findings = await scan(ROOT, scanner.SOURCE_FILE_PATTERNS, scanner);

		const folder = temporaryFolder('scan');
		unpack(await pack(), folder);
		log('Tarball:');
		findings += await scan(folder, ['**/*.js', 'package.json'], scanner);
		process.exitCode = findings > 0 ? 1 : 0;
	});

void runCommand(command);
