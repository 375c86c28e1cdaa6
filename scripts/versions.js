'use strict';
// `npm run test:versions [-- options] [n8n-core version ...]`: runs the packed node's checks by the
// engines of several n8n versions, prints a table and writes it to .cache/versions.json. Each engine
// is about 300 MB from the npm registry.
const fs = require('node:fs');
const path = require('node:path');
const { requireNode, main } = require('./cli');

requireNode();
const { installTools, nodeForN8n } = require('../e2e/lib/install');
const { Failure, withProgress } = require('../e2e/lib/log');
const { installNode, pack } = require('../e2e/lib/pack');
const { CACHE, PACKAGE, ROOT } = require('../e2e/lib/paths');
const { cleanEnv, run, tail } = require('../e2e/lib/processes');
const { startSandbox } = require('../e2e/lib/sandbox');

const HELP = `Usage: npm run test:versions -- [options] [version ...]

Runs the packed node by n8n's own engine (the npm package n8n-core) in the versions given: unless
told, the newest and the oldest 2.x, the newest 1.x and two in between.

  --keep  leave the engines in .cache/versions/
  --help  show this`;

const FOLDER = path.join(CACHE, 'versions');
const LOGS = path.join(CACHE, 'logs');

/**
 * @typedef {{ name: string, ok: boolean, error?: string }} Check
 * @typedef {{ core: string, workflow?: string, node: string, ok: boolean, checks: Check[] }} Result
 */

/**
 * @param {string[]} args
 * @param {string} logName
 * @param {string} cwd
 */
async function npm(args, logName, cwd) {
	const logFile = path.join(LOGS, logName);
	fs.rmSync(logFile, { force: true });
	const command = process.platform === 'win32' ? 'npm.cmd' : 'npm';
	return await run(command, args, { cwd, env: cleanEnv(), logFile });
}

/** @returns {Promise<string[]>} released versions of n8n-core, the oldest first */
async function released() {
	const { ok, output } = await npm(['view', 'n8n-core', 'versions', '--json'], 'view.log', ROOT);
	if (!ok) throw new Failure(`npm could not list the versions of n8n-core:\n${tail(output)}`);
	/** @type {string[]} */
	const all = JSON.parse(output.slice(output.indexOf('['), output.lastIndexOf(']') + 1));
	return all.filter((version) => /^\d+\.\d+\.\d+$/.test(version));
}

/**
 * @param {string[]} all
 * @returns {string[][]} what to test; of each list the first one that can be installed
 */
function chosen(all) {
	const second = all.filter((version) => version.startsWith('2.'));
	const minors = second.filter((version) => version.split('.')[1] !== '0');
	const at = (/** @type {number} */ part) => minors.slice(Math.floor(minors.length * part));
	return [
		[...second].reverse(),
		at(0.4),
		at(0.15),
		second,
		all.filter((version) => version.startsWith('1.')).reverse(),
	].map((candidates) => candidates.slice(0, 3));
}

/**
 * Installs an engine and puts the packed node into it.
 * @param {string} version
 * @param {string} tarball
 * @param {import('../e2e/lib/log').Log} log
 * @returns {Promise<string | undefined>} its folder; undefined when it cannot be installed
 */
async function install(version, tarball, log) {
	const folder = path.join(FOLDER, version);
	const dependencies = { 'n8n-core': version, 'reflect-metadata': '0.2.2' };
	fs.mkdirSync(folder, { recursive: true });
	fs.writeFileSync(
		path.join(folder, 'package.json'),
		JSON.stringify({ private: true, dependencies }),
	);
	if (!versionOf(folder, 'n8n-core')) {
		const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
		const work = async () => await npm(args, `versions-${version}.log`, folder);
		const { ok, output } = await withProgress(log, `Installing n8n-core ${version}`, work);
		if (!ok) {
			log(`n8n-core ${version} cannot be installed here:\n${tail(output, 4)}`);
			fs.rmSync(folder, { recursive: true, force: true });
			return undefined;
		}
	}
	// As n8n unpacks it, but where Node finds this engine's modules.
	const node = path.join(folder, 'node_modules', PACKAGE);
	const installed = path.join(folder, 'installed');
	installNode(installed, tarball);
	fs.rmSync(node, { recursive: true, force: true });
	fs.cpSync(path.join(installed, '.n8n', 'nodes', 'node_modules', PACKAGE), node, {
		recursive: true,
	});
	return folder;
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {string | undefined}
 */
function versionOf(folder, name) {
	const file = path.join(folder, 'node_modules', name, 'package.json');
	return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).version : undefined;
}

/**
 * @param {string} folder
 * @param {string} node the Node to run it with
 * @param {string} url the sandbox's
 * @returns {Promise<Result>}
 */
async function check(folder, node, url) {
	const core = path.basename(folder);
	const version = await run(node, ['--version'], { logFile: path.join(LOGS, 'node.log') });
	const script = path.join(ROOT, 'test', 'versions', 'run.ts');
	const logFile = path.join(LOGS, `versions-run-${core}.log`);
	const { ok, output } = await run(node, ['--import', 'tsx', script, folder, url], {
		cwd: ROOT,
		env: cleanEnv(),
		logFile,
	});
	/** @type {Check[]} */
	const checks = output
		.split('\n')
		.filter((line) => line.startsWith('{"name":'))
		.map((line) => JSON.parse(line));
	if (!ok && checks.every((one) => one.ok)) {
		checks.push({ name: 'start', ok: false, error: tail(output) });
	}
	return {
		core,
		workflow: versionOf(folder, 'n8n-workflow'),
		node: version.output.trim(),
		ok: checks.length > 0 && checks.every((one) => one.ok),
		checks,
	};
}

/** @returns {string[]} this Node, and n8n's own where it is installed */
function nodes() {
	try {
		return [process.execPath, nodeForN8n()];
	} catch {
		return [process.execPath];
	}
}

/** @param {Result} result */
function line({ core, workflow = '', node, checks }) {
	const passed = checks.filter(({ ok }) => ok).length;
	return `${core.padEnd(10)}${workflow.padEnd(14)}${node.padEnd(10)}${passed} of ${checks.length}`;
}

void main(async ({ log }) => {
	const args = process.argv.slice(2);
	if (args.includes('--help')) return log(HELP);
	const given = args.filter((arg) => !arg.startsWith('--'));
	await installTools({ log });
	const tarball = await pack({ log });
	const sandbox = await startSandbox({ log });
	const wanted = given.length > 0 ? given.map((one) => [one]) : chosen(await released());

	/** @type {Result[]} */
	const results = [];
	let missing = 0;
	for (const candidates of wanted) {
		let folder;
		for (const version of candidates) {
			if (folder || results.some(({ core }) => core === version)) continue;
			folder = await install(version, tarball, log);
		}
		if (!folder) {
			missing += 1;
			continue;
		}
		for (const node of nodes()) {
			const result = await check(folder, node, sandbox.url);
			results.push(result);
			log(line(result));
			for (const { name, ok, error } of result.checks) if (!ok) log(`  ${name}: ${error}`);
		}
		if (!args.includes('--keep')) fs.rmSync(folder, { recursive: true, force: true });
	}

	fs.writeFileSync(path.join(CACHE, 'versions.json'), JSON.stringify(results, null, 2));
	log(['\nn8n-core  n8n-workflow  Node      checks', ...results.map(line)].join('\n'));
	return missing === 0 && results.every(({ ok }) => ok) ? 0 : 1;
});
