'use strict';
// What the commands here share: the checks before anything else, the log, the orderly end.

/** Ends with a sentence when this Node is too old. Written so that an old Node can read it. */
function requireNode() {
	const version = process.versions.node;
	const parts = version.split('.');
	if (Number(parts[0]) > 20 || (Number(parts[0]) === 20 && Number(parts[1]) >= 15)) return;
	process.stderr.write(`This needs Node 20.15 or newer; here is Node ${version}.\n`);
	process.exit(1);
}

/**
 * Runs a command: prints failures as sentences and stops all it has started before it ends, also
 * after Ctrl-C or kill.
 * @param {(tools: {
 *   log: (line: string) => void,
 *   untilStopped: (exited: Promise<number>, sentence: string) => Promise<void>,
 * }) => Promise<number | void>} command its exit code, 0 unless told; `untilStopped` waits for
 *   Ctrl-C, and fails with the sentence when `exited` comes first
 */
async function main(command) {
	const { Failure } = require('../e2e/lib/log');
	const { stopAll } = require('../e2e/lib/processes');
	/** @param {string} line */
	const log = (line) => void process.stdout.write(`${line}\n`);
	let stopping = false;

	/** @param {number} code */
	const end = async (code) => {
		if (stopping) return;
		stopping = true;
		await stopAll();
		process.exit(code);
	};
	/** @type {Array<[NodeJS.Signals, number]>} */
	const signals = [
		['SIGHUP', 129],
		['SIGINT', 130],
		['SIGTERM', 143],
	];
	for (const [signal, code] of signals) {
		// A terminal and npm each send it: once is enough.
		process.on(signal, () => {
			if (!stopping) log('\nStopping ...');
			void end(code);
		});
	}

	// A killed npm takes its shell along, but not what runs in it: notice that the shell is gone.
	const shell = process.ppid;
	if (process.env['npm_lifecycle_event']) {
		setInterval(() => process.ppid !== shell && void end(143), 1000).unref();
	}

	/** @type {(exited: Promise<number>, sentence: string) => Promise<void>} */
	const untilStopped = async (exited, sentence) => {
		await exited;
		if (!stopping) throw new Failure(sentence);
	};
	try {
		const code = await command({ log, untilStopped });
		await end(code ?? 0);
	} catch (error) {
		if (stopping) return;
		const text = error instanceof Failure ? error.message : String(Object(error).stack ?? error);
		process.stderr.write(`\n${text}\n`);
		await end(1);
	}
}

/**
 * The command line's options, `--help` and `-h` among them.
 * @template {NonNullable<import('node:util').ParseArgsConfig['options']>} T
 * @param {T} options as Node's `parseArgs` takes them
 * @param {string} help follows what is wrong
 * @throws {import('../e2e/lib/log').Failure} for an option that is not known or lacks its value
 */
function readOptions(options, help) {
	const { parseArgs } = require('node:util');
	const { Failure } = require('../e2e/lib/log');
	const helpOption = /** @type {const} */ ({ type: 'boolean', short: 'h', default: false });
	try {
		return parseArgs({ options: { ...options, help: helpOption } }).values;
	} catch (error) {
		throw new Failure(`${error instanceof Error ? error.message : error}\n\n${help}`);
	}
}

module.exports = { main, readOptions, requireNode };
