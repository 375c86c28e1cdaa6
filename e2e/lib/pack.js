'use strict';
const { execFileSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { Failure, withProgress } = require('./log');
const { CACHE, E2E, PACKAGE, ROOT } = require('./paths');
const { cleanEnv, run, tail } = require('./processes');

/** @typedef {import('./log').Log} Log */

/** All that can change the tarball. */
const SOURCES = [
	'credentials',
	'icons',
	'nodes',
	'gulpfile.js',
	'LICENSE.md',
	'package-lock.json',
	'package.json',
	'README.md',
	'tsconfig.json',
];

/**
 * Builds and packs the node as it would be published. A tarball of the same sources is taken again.
 * @param {{ log?: Log }} [options]
 * @returns {Promise<string>} path of the tarball
 * @throws {Failure} when the build or the packing fails
 */
async function pack({ log = () => {} } = {}) {
	const folder = path.join(CACHE, 'pack', hashOfSources());
	const ready = findTarball(folder);
	if (ready) {
		log(`Packed before: ${path.relative(ROOT, ready)}`);
		return ready;
	}
	await withProgress(log, 'Building and packing the node', async () => {
		await step(['run', 'build'], 'build.log');
		// Moved there when it is whole: another program may be packing, or installing an older one.
		const making = `${folder}.${process.pid}`;
		fs.mkdirSync(making, { recursive: true });
		await step(['pack', '--pack-destination', making], 'pack.log');
		if (!findTarball(folder)) fs.renameSync(making, folder);
		fs.rmSync(making, { recursive: true, force: true });
	});
	const tarball = findTarball(folder);
	if (!tarball) throw new Failure(`"npm pack" left no tarball in ${folder}.`);
	return tarball;
}

/**
 * Installs a tarball as n8n's own installer of community nodes does: unpacked under the user
 * folder's `nodes/node_modules`, with the dependencies that n8n itself brings struck from its
 * package.json, and written into the list beside it.
 * @param {string} userFolder what `N8N_USER_FOLDER` says
 * @param {string} tarball
 * @returns {boolean} false when this very tarball was installed there already
 * @throws {Failure} when the package asks for dependencies of its own
 */
function installNode(userFolder, tarball) {
	const nodes = path.join(userFolder, '.n8n', 'nodes');
	const target = path.join(nodes, 'node_modules', PACKAGE);
	const stamp = path.join(nodes, `.${PACKAGE}.sha256`);
	const hash = createHash('sha256').update(fs.readFileSync(tarball)).digest('hex');
	if (fs.existsSync(target) && fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === hash) {
		return false;
	}
	fs.rmSync(target, { recursive: true, force: true });
	fs.mkdirSync(target, { recursive: true });
	execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);

	const manifest = path.join(target, 'package.json');
	const content = JSON.parse(fs.readFileSync(manifest, 'utf8'));
	for (const key of ['devDependencies', 'peerDependencies', 'optionalDependencies']) {
		delete content[key];
	}
	if (Object.keys(content.dependencies ?? {}).length > 0) {
		throw new Failure(`${PACKAGE} must have no runtime dependencies, but package.json names some.`);
	}
	fs.writeFileSync(manifest, JSON.stringify(content, null, 2));

	const list = path.join(nodes, 'package.json');
	const dependencies = { [PACKAGE]: content.version };
	const ledger = { name: 'installed-nodes', private: true, dependencies };
	fs.writeFileSync(list, JSON.stringify(ledger, null, 2));
	if (!path.relative(ROOT, userFolder).startsWith('..')) shadowOurModules(userFolder);
	fs.writeFileSync(stamp, hash);
	return true;
}

/**
 * A user folder inside the checkout would see the checkout's own n8n-workflow before n8n's. The link
 * puts n8n's in front, so that the node shares the one copy, as it does everywhere else.
 * @param {string} userFolder
 */
function shadowOurModules(userFolder) {
	const link = path.join(userFolder, 'node_modules');
	fs.rmSync(link, { force: true });
	fs.symlinkSync(path.join(E2E, 'node_modules'), link);
}

/**
 * @param {string[]} args
 * @param {string} logName
 */
async function step(args, logName) {
	const logFile = path.join(CACHE, 'logs', logName);
	fs.rmSync(logFile, { force: true });
	const { ok, output } = await run('npm', args, { cwd: ROOT, env: cleanEnv(), logFile });
	if (!ok) throw new Failure(`"npm ${args.slice(0, 2).join(' ')}" failed:\n${tail(output)}`);
}

/** @param {string} folder */
function findTarball(folder) {
	const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
	const name = names.find((file) => file.endsWith('.tgz'));
	return name && path.join(folder, name);
}

function hashOfSources() {
	const hash = createHash('sha256');
	for (const source of SOURCES) addToHash(hash, path.join(ROOT, source));
	return hash.digest('hex').slice(0, 16);
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} place file or folder; a missing one counts as empty
 */
function addToHash(hash, place) {
	const stat = fs.statSync(place, { throwIfNoEntry: false });
	if (stat?.isDirectory()) {
		for (const name of fs.readdirSync(place).sort()) addToHash(hash, path.join(place, name));
	} else if (stat) {
		hash.update(`${path.relative(ROOT, place)}\0`).update(fs.readFileSync(place));
	}
}

module.exports = { installNode, pack };
