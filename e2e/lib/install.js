'use strict';
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { Failure, withProgress } = require('./log');
const { CACHE, E2E, ROOT } = require('./paths');
const { cleanEnv, run, tail } = require('./processes');

/** @typedef {import('./log').Log} Log */
/** @typedef {{ version?: string, optional?: boolean, link?: boolean, extraneous?: boolean }} LockEntry */

/** What npm prints when it can't reach its registry, or may not and has no copy. */
const NO_NETWORK =
	/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED/;

/** What n8n 2.41 asks for. */
const N8N_NODE_MAJOR = 24;

/**
 * Installs a real n8n, its Node and its database driver into `e2e/`, as far as they are missing.
 * @param {{ log?: Log }} [options]
 * @throws {Failure} with what to do: no network, no compiler, an unsupported machine
 */
async function installN8n({ log = () => {} } = {}) {
	if (!isInstalled(E2E)) {
		await npmCi(E2E, 'Installing n8n with its own Node (about 3 GB, a few minutes)', log);
	}
	nodeForN8n();
	if (!driverLoads()) await buildDriver(log);
}

/**
 * Installs the root's development tools if they are missing or older than the lockfile.
 * @param {{ log?: Log }} [options]
 * @throws {Failure} with what to do
 */
async function installTools({ log = () => {} } = {}) {
	if (!isInstalled(ROOT)) await npmCi(ROOT, 'Installing the build tools', log);
}

/**
 * Tells whether `node_modules` holds what `package-lock.json` asks for, by the list that npm leaves
 * behind at the end of an install. Packages for other machines may be absent.
 * @param {string} folder
 * @returns {boolean}
 */
function isInstalled(folder) {
	const wanted = readPackages(path.join(folder, 'package-lock.json'));
	const found = readPackages(path.join(folder, 'node_modules', '.package-lock.json'));
	return Object.entries(wanted).every(([place, entry]) => {
		const there = found[place];
		if (there) return there.version === entry.version;
		return place === '' || [entry.optional, entry.link, entry.extraneous].includes(true);
	});
}

/**
 * @param {string} lockfile
 * @returns {Record<string, LockEntry>}
 */
function readPackages(lockfile) {
	try {
		return JSON.parse(fs.readFileSync(lockfile, 'utf8')).packages ?? {};
	} catch {
		return {};
	}
}

/**
 * The Node that runs n8n: the one pinned in `e2e/package.json`, else this process's own.
 * @returns {string} path of the executable
 * @throws {Failure} when neither is new enough
 */
function nodeForN8n() {
	const pinned = path.join(E2E, 'node_modules', '.bin', 'node');
	if (fs.existsSync(pinned)) return pinned;
	if (Number(process.versions.node.split('.')[0]) >= N8N_NODE_MAJOR) return process.execPath;
	throw new Failure(
		`n8n needs Node ${N8N_NODE_MAJOR}, and no ready-made one is pinned for ${process.platform} on ` +
			`${process.arch}. Start this again with Node ${N8N_NODE_MAJOR} or newer.`,
	);
}

/** Whether n8n's database driver was built for this machine. */
function driverLoads() {
	return spawnSync(nodeForN8n(), ['-e', "require('sqlite3')"], { cwd: E2E }).status === 0;
}

/** @param {Log} log */
async function buildDriver(log) {
	const logFile = newLog('sqlite3.log');
	/** @type {NodeJS.ProcessEnv} */
	const env = { ...cleanEnv() };
	// The driver speaks Node-API, so the headers beside any Node serve it, also without a network.
	const prefix = path.resolve(path.dirname(process.execPath), '..');
	if (fs.existsSync(path.join(prefix, 'include', 'node', 'node_api.h'))) {
		env['npm_config_nodedir'] ??= prefix;
	}
	const { output } = await withProgress(
		log,
		"Building n8n's database driver (about a minute)",
		() =>
			run('npm', ['rebuild', 'sqlite3', '--ignore-scripts=false', '--foreground-scripts'], {
				cwd: E2E,
				env,
				logFile,
			}),
	);
	if (driverLoads()) return;
	const missing = ['python3', 'make', 'g++'].filter((tool) => !isThere(tool));
	const advice = missing.length
		? `It needs python3, make and g++; not found here: ${missing.join(', ')}.`
		: explainNpm(output);
	throw new Failure(
		`n8n's database driver (sqlite3) could not be built. ${advice} Log: ${logFile}`,
	);
}

/** @param {string} tool */
function isThere(tool) {
	try {
		execFileSync(tool, ['--version'], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
}

/**
 * @param {string} folder
 * @param {string} text
 * @param {Log} log
 */
async function npmCi(folder, text, log) {
	const logFile = newLog(`npm-ci-${path.basename(folder)}.log`);
	const options = { cwd: folder, env: cleanEnv(), logFile };
	const args = ['ci', '--no-audit', '--no-fund'];
	const { ok, output } = await withProgress(log, text, async () => {
		// Without a network npm would try on for many minutes: only its cache can help then.
		const ping = await run('npm', ['ping', '--fetch-retries=0'], options);
		if (!ping.ok && NO_NETWORK.test(ping.output)) args.push('--offline');
		return await run('npm', args, options);
	});
	if (!ok) {
		const where = path.relative(ROOT, folder) || 'the repository';
		throw new Failure(`"npm ci" in ${where} failed. ${explainNpm(output)} Log: ${logFile}`);
	}
}

/**
 * One sentence for what npm printed.
 * @param {string} output
 * @returns {string}
 */
function explainNpm(output) {
	if (NO_NETWORK.test(output)) {
		return "The package registry can't be reached: check the network or npm's proxy settings.";
	}
	if (/ENOSPC/.test(output)) return 'The disk is full: about 4 GB are needed.';
	if (/EACCES|EPERM/.test(output)) return 'A file may not be written: check who owns the folder.';
	if (/spawn npm ENOENT/.test(output)) return 'npm is not installed.';
	const errors = output.split('\n').filter((line) => /^npm error ./.test(line));
	return `It said:\n${errors.slice(0, 8).join('\n') || tail(output, 8)}\n`;
}

/** @param {string} name */
function newLog(name) {
	const file = path.join(CACHE, 'logs', name);
	fs.rmSync(file, { force: true });
	return file;
}

module.exports = { installN8n, installTools, isInstalled, nodeForN8n };
