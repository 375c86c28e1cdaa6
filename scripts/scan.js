'use strict';
// `npm run scan`: what n8n's scanner of community packages does to a published package, done to this
// checkout and to its tarball: same rules, same files, inline disables ignored. Warnings count as well.
const { spawnSync } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const { createRequire } = require('node:module');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const ROOT = join(__dirname, '..');
const SCANNER = require.resolve('@n8n/scan-community-package/scanner/scanner.mjs');

/**
 * Lints files of a folder by the scanner's rules.
 *
 * @param {string} folder
 * @param {string[]} patterns
 * @param {any} config
 * @returns {Promise<number>} how many errors and warnings
 */
async function scan(folder, patterns, config) {
	// The scanner's own ESLint: another version could read its configuration in another way.
	const { ESLint } = createRequire(SCANNER)('eslint');
	const eslint = new ESLint({
		cwd: folder,
		allowInlineConfig: false,
		errorOnUnmatchedPattern: false,
		overrideConfigFile: true,
		overrideConfig: config,
	});
	/** @type {Array<{ errorCount: number, warningCount: number }>} */
	const results = await eslint.lintFiles(patterns);
	const findings = results.reduce((sum, one) => sum + one.errorCount + one.warningCount, 0);
	console.log(`${results.length} files, ${findings} findings`);
	if (findings > 0) console.log(await (await eslint.loadFormatter('stylish')).format(results));
	return findings;
}

/** @param {string} command @param {string[]} args @param {string} cwd */
function run(command, args, cwd) {
	const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
	if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
	return stdout;
}

async function main() {
	const { buildScanConfig, SOURCE_FILE_PATTERNS } = await import(SCANNER);
	const config = await buildScanConfig();
	console.log('Sources:');
	let findings = await scan(ROOT, SOURCE_FILE_PATTERNS, config);

	console.log('Tarball:');
	const folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-capillary-scan-'));
	try {
		run('npm', ['run', 'build'], ROOT);
		const packed = run('npm', ['pack', '--json', '--pack-destination', folder], ROOT);
		run('tar', ['-xzf', JSON.parse(packed)[0].filename], folder);
		findings += await scan(join(folder, 'package'), ['**/*.js', 'package.json'], config);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	process.exitCode = findings > 0 ? 1 : 0;
}

void main();
