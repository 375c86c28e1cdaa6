'use strict';
// Redis and PostgreSQL of our own: from Debian's packages, on loopback, in a temporary folder.
const { execFileSync, spawnSync } = require('node:child_process');
const { randomBytes } = require('node:crypto');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { Failure, poll, withProgress } = require('../lib/log');
const { CACHE } = require('../lib/paths');
const { cleanEnv, freePort, run, start, tail } = require('../lib/processes');

/** @typedef {import('../lib/log').Log} Log */

/**
 * A running server.
 * @typedef {{ port: number, password: string, stop: () => Promise<void> }} Server
 */

const POSTGRES_FOLDER = '/usr/lib/postgresql';
const DATABASE_USER = 'n8n';

/**
 * Installs Redis and PostgreSQL as far as they are missing.
 * @param {{ log: Log }} options
 * @throws {Failure} with the command to run by hand when this may not or can't install
 */
async function installServers({ log }) {
	/** @type {string[]} */
	const missing = [];
	if (!redisBinary()) missing.push('redis-server');
	if (!postgresFolder()) missing.push('postgresql');
	if (missing.length === 0) return;

	const byHand = `Install ${missing.join(' and ')} and start this again.`;
	if (!isThere('apt-get')) throw new Failure(`Without apt-get nothing is installed. ${byHand}`);
	const isRoot = process.getuid?.() === 0;
	if (!isRoot && spawnSync('sudo', ['-n', 'true']).status !== 0) {
		const command = `sudo apt-get install ${missing.join(' ')}`;
		throw new Failure(`Queue mode needs ${missing.join(' and ')}. Run: ${command}`);
	}
	// RUNLEVEL=1 keeps Debian from starting the servers by itself, on their usual ports.
	const settings = ['DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1'];
	const [command = '', ...prefix] = [...(isRoot ? [] : ['sudo', '-n']), 'env', ...settings];
	const logFile = path.join(CACHE, 'logs', 'apt.log');
	await withProgress(
		log,
		`Installing ${missing.join(' and ')} from Debian's packages`,
		async () => {
			const options = { env: cleanEnv(), logFile };
			// A failed update may still leave lists that are good enough.
			await run(command, [...prefix, 'apt-get', 'update'], options);
			const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...missing];
			const { ok, output } = await run(command, [...prefix, ...install], options);
			if (!ok) throw new Failure(`apt-get failed:\n${tail(output, 6)}\n${byHand} Log: ${logFile}`);
		},
	);
}

/**
 * @param {string} folder
 * @returns {Promise<Server>}
 */
async function startRedis(folder) {
	const port = await freePort();
	const password = randomBytes(12).toString('hex');
	const settings = path.join(folder, 'redis.conf');
	const lines = [
		`port ${port}`,
		'bind 127.0.0.1',
		`dir ${folder}`,
		'save ""',
		'appendonly no',
		`requirepass ${password}`,
	];
	fs.writeFileSync(settings, lines.join('\n'), { mode: 0o600 });
	const logFile = newLog('queue-redis.log');
	const running = start(redisBinary() ?? '', [settings], { cwd: folder, env: cleanEnv(), logFile });
	await untilListening(running, port, 'Redis', logFile);
	return { port, password, stop: running.stop };
}

/**
 * @param {string} folder
 * @returns {Promise<Server>} with the database `postgres` and the user `DATABASE_USER`
 */
async function startPostgres(folder) {
	const port = await freePort();
	const password = randomBytes(12).toString('hex');
	const data = path.join(folder, 'postgres');
	const secret = path.join(folder, 'postgres-password');
	fs.mkdirSync(data, { mode: 0o700 });
	fs.writeFileSync(secret, password, { mode: 0o600 });
	const as = unprivileged([folder, data, secret]);
	const logFile = newLog('queue-postgres.log');
	const options = { cwd: folder, env: cleanEnv(), logFile };
	const bin = postgresFolder() ?? '';

	const init = ['-D', data, '-U', DATABASE_USER, '--auth=scram-sha-256', `--pwfile=${secret}`];
	const [initCommand = '', ...initArgs] = [...as, path.join(bin, 'initdb'), ...init];
	const locale = ['--no-sync', '--encoding=UTF8', '--locale=C'];
	const { ok, output } = await run(initCommand, [...initArgs, ...locale], options);
	if (!ok) throw new Failure(`PostgreSQL's initdb failed:\n${tail(output)}`);

	// The data lives as long as the test: no need to force it to the disk.
	const lean = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
	const settings = [...lean, 'unix_socket_directories=', 'max_connections=100'];
	const server = [path.join(bin, 'postgres'), '-D', data, '-h', '127.0.0.1', '-p', String(port)];
	const [command = '', ...args] = [...as, ...server, ...settings.flatMap((one) => ['-c', one])];
	const running = start(command, args, options);
	await untilListening(running, port, 'PostgreSQL', logFile);
	return { port, password, stop: running.stop };
}

/**
 * PostgreSQL refuses to run as root: what to put in front of its commands, so that another user
 * runs them.
 * @param {string[]} places what this user must be able to read
 * @returns {string[]} nothing when this is not root
 */
function unprivileged(places) {
	if (process.getuid?.() !== 0) return [];
	const user = ['postgres', 'nobody'].find((name) => spawnSync('id', [name]).status === 0);
	if (!user) throw new Failure('PostgreSQL does not run as root, and there is no other user here.');
	const id = (/** @type {string} */ what) =>
		Number(execFileSync('id', [what, user], { encoding: 'utf8' }));
	const [uid, gid] = [id('-u'), id('-g')];
	for (const place of places.slice(1)) fs.chownSync(place, uid, gid);
	fs.chmodSync(places[0] ?? '', 0o711);
	return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
}

/**
 * @param {import('../lib/processes').Running} running
 * @param {number} port
 * @param {string} name
 * @param {string} logFile
 */
async function untilListening(running, port, name, logFile) {
	await poll(
		async () => {
			if (!running.isRunning()) {
				throw new Failure(`${name} ended at once:\n${tail(fs.readFileSync(logFile, 'utf8'))}`);
			}
			return (await isListening(port)) || undefined;
		},
		{ what: `${name} does not answer on port ${port} (log: ${logFile})` },
	);
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
async function isListening(port) {
	return await new Promise((resolve) => {
		const socket = net.connect(port, '127.0.0.1');
		socket.once('error', () => resolve(false));
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
	});
}

function redisBinary() {
	const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/bin', '/usr/local/bin'];
	return folders.map((one) => path.join(one, 'redis-server')).find((one) => fs.existsSync(one));
}

/** The newest version's programs; Debian keeps them off the PATH. */
function postgresFolder() {
	if (!fs.existsSync(POSTGRES_FOLDER)) return undefined;
	const versions = fs.readdirSync(POSTGRES_FOLDER).sort((a, b) => Number(b) - Number(a));
	return versions
		.map((version) => path.join(POSTGRES_FOLDER, version, 'bin'))
		.find((bin) => fs.existsSync(path.join(bin, 'initdb')));
}

/** @param {string} command */
function isThere(command) {
	return spawnSync(command, ['--version']).status === 0;
}

/** @param {string} name */
function newLog(name) {
	const file = path.join(CACHE, 'logs', name);
	fs.rmSync(file, { force: true });
	return file;
}

module.exports = { DATABASE_USER, installServers, startPostgres, startRedis };
