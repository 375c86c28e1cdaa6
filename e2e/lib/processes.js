'use strict';
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { Failure } = require('./log');

/**
 * A running command.
 * @typedef {object} Running
 * @property {Promise<number | undefined>} pid the command's own process id, once it runs
 * @property {Promise<number>} exited its exit code
 * @property {() => boolean} isRunning
 * @property {() => Promise<void>} stop ends the command and everything it started
 */

/** @type {Set<Running>} */
const everything = new Set();

/** How long a command has between SIGTERM and SIGKILL. */
const GRACE_MS = 8000;

/**
 * Starts a command in its own process group, which ends with this process, also when this process
 * is killed.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, logFile?: string }} options `logFile`: what the
 *   output is appended to; it goes to the terminal unless told
 * @returns {Running}
 */
function start(command, args, { cwd, env = process.env, logFile }) {
	const output = logFile ? openLog(logFile) : 'inherit';
	const leash = spawn(process.execPath, [path.join(__dirname, 'leash.js'), command, ...args], {
		cwd,
		env,
		detached: true,
		stdio: ['ignore', output, output, 'ipc'],
	});
	if (typeof output === 'number') fs.closeSync(output);
	/** @type {Promise<number>} */
	const exited = new Promise((resolve) => {
		leash.once('error', () => resolve(127));
		leash.once('exit', (code) => resolve(code ?? 1));
	});
	/** @type {Promise<number | undefined>} */
	const pid = new Promise((resolve) => {
		leash.once('message', (/** @type {{ pid: number }} */ message) => resolve(message.pid));
		void exited.then(() => resolve(undefined));
	});
	const isRunning = () => leash.exitCode === null && leash.signalCode === null;

	/** @param {NodeJS.Signals} signal */
	const killGroup = (signal) => {
		try {
			if (leash.pid !== undefined) process.kill(-leash.pid, signal);
		} catch {
			// The group is gone.
		}
	};

	/** @type {Running} */
	const running = {
		pid,
		exited,
		isRunning,
		async stop() {
			if (isRunning()) {
				killGroup('SIGTERM');
				const timer = setTimeout(() => killGroup('SIGKILL'), GRACE_MS);
				await exited;
				clearTimeout(timer);
			}
			// What the command itself left behind.
			killGroup('SIGKILL');
			everything.delete(running);
		},
	};
	everything.add(running);
	void exited.then(() => everything.delete(running));
	return running;
}

/** @param {string} logFile */
function openLog(logFile) {
	fs.mkdirSync(path.dirname(logFile), { recursive: true });
	return fs.openSync(logFile, 'a');
}

/** Stops all that was started here and still runs. */
async function stopAll() {
	await Promise.all([...everything].map(async (running) => await running.stop()));
}

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, logFile: string }} options
 * @returns {Promise<{ ok: boolean, output: string }>} `output`: what the command wrote
 */
async function run(command, args, options) {
	const before = fs.existsSync(options.logFile) ? fs.statSync(options.logFile).size : 0;
	const code = await start(command, args, options).exited;
	const output = fs.readFileSync(options.logFile).subarray(before).toString('utf8');
	return { ok: code === 0, output };
}

/**
 * The last lines of a log.
 * @param {string} text
 * @param {number} lines
 */
function tail(text, lines = 15) {
	return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/** @returns {Promise<number>} a loopback port nobody listens on */
async function freePort() {
	return await new Promise((resolve, reject) => {
		const server = net.createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			const port = typeof address === 'object' && address ? address.port : 0;
			server.close(() => resolve(port));
		});
	});
}

/**
 * @param {number} port
 * @param {string} what who wants it, for the message
 * @param {string} advice how to choose another one, for the message
 * @throws {Failure} when somebody listens on the port already
 */
async function requireFreePort(port, what, advice) {
	await new Promise((resolve, reject) => {
		const server = net.createServer();
		server.once('error', (error) => {
			const taken = 'code' in error && error.code === 'EADDRINUSE';
			const why = taken ? 'is taken by another program' : `cannot be used (${error.message})`;
			reject(new Failure(`Port ${port}, wanted by ${what}, ${why}. ${advice}`));
		});
		server.listen(port, '127.0.0.1', () => server.close(resolve));
	});
}

/**
 * This process's environment without what npm adds for a running script: a second npm in another
 * folder would take it for its own settings.
 * @returns {NodeJS.ProcessEnv}
 */
function cleanEnv() {
	const ours =
		/^(npm_(lifecycle|package|command|config_(local_)?prefix|config_ignore_scripts)|INIT_CWD)/;
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

module.exports = { cleanEnv, freePort, requireFreePort, run, start, stopAll, tail };
