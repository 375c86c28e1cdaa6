import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

import { Failure, poll, withProgress } from './log.cts';
import { CACHE } from './paths.cts';

interface Options {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	/** Name of the log below `.cache/logs/`, begun anew; without one the output goes to the terminal. */
	log?: string;
}

/** A running command. */
export interface Running {
	pid: number | undefined;
	/** Path of its log; empty when it has none. */
	logFile: string;
	/** Its exit code. */
	exited: Promise<number>;
	isRunning: () => boolean;
	/** Ends the command and everything it started. */
	stop: () => Promise<void>;
}

const everything = new Set<Running>();

/** How long a command has between SIGTERM and SIGKILL. */
const GRACE_SECONDS = 8;

/**
 * Starts a command in its own process group, which ends with this process, also when this process
 * is killed.
 */
export function start(
	command: string,
	args: string[],
	{ cwd, env = process.env, log }: Options = {},
): Running {
	const logFile = log ? path.join(CACHE, 'logs', log) : '';
	const output = logFile ? openLog(logFile) : 'inherit';
	const stdio = ['ignore', output, output] as const;
	const child = spawn(command, args, { cwd, env, detached: true, stdio: [...stdio] });
	if (typeof output === 'number') fs.closeSync(output);
	const { pid } = child;
	const release = pid === undefined ? () => {} : guard(pid);
	const kill = (signal: NodeJS.Signals) => {
		try {
			if (pid !== undefined) process.kill(-pid, signal);
		} catch {
			// The group is gone.
		}
	};
	const exited = new Promise<number>((resolve) => {
		child.once('exit', (code) => resolve(code ?? 1));
		child.once('error', ({ message }) => {
			if (logFile) fs.appendFileSync(logFile, `${message}\n`);
			resolve(127);
		});
	});
	const running: Running = {
		pid,
		logFile,
		exited,
		isRunning: () => everything.has(running),
		async stop() {
			if (!everything.has(running)) return;
			kill('SIGTERM');
			const timer = setTimeout(kill, GRACE_SECONDS * 1000, 'SIGKILL');
			await exited;
			clearTimeout(timer);
		},
	};
	everything.add(running);
	void exited.then(() => {
		everything.delete(running);
		release();
		// What the command itself left behind.
		kill('SIGKILL');
	});
	return running;
}

function openLog(file: string): number {
	fs.mkdirSync(path.dirname(file), { recursive: true });
	return fs.openSync(file, 'w');
}

/**
 * Ends a process group as soon as this process is gone, however that happens: the pipe to the guard
 * closes then.
 * @returns ends the guard
 */
function guard(group: number): () => void {
	const script = `read line; kill -s TERM -- -${group}; sleep ${GRACE_SECONDS}; kill -s KILL -- -${group}`;
	const shell = spawn('sh', ['-c', script], {
		detached: true,
		stdio: ['pipe', 'ignore', 'ignore'],
	});
	shell.unref();
	return () => void shell.kill('SIGKILL');
}

/** Stops all that was started here and still runs. */
export async function stopAll(): Promise<void> {
	await Promise.all([...everything].map(async (running) => await running.stop()));
}

/** Runs a command to its end. */
export async function run(
	command: string,
	args: string[],
	options: Options & { log: string },
): Promise<{ ok: boolean; output: string }> {
	const { exited, logFile } = start(command, args, options);
	const code = await exited;
	return { ok: code === 0, output: fs.readFileSync(logFile, 'utf8') };
}

/**
 * One step of a longer work: says what is being done, and runs a command for it.
 * @param options `advice`: what to do when it fails
 * @returns what the command wrote
 * @throws {Failure} with the end of its log
 */
export async function step(
	text: string,
	command: string,
	args: string[],
	{ advice = '', ...options }: Options & { log: string; advice?: string },
): Promise<string> {
	const { ok, output } = await withProgress(text, async () => await run(command, args, options));
	if (ok) return output;
	const what = `"${command} ${args.slice(0, 2).join(' ')}" failed`;
	const logFile = path.join(CACHE, 'logs', options.log);
	throw new Failure(
		[`${what}:`, tail(output), advice, `Log: ${logFile}`].filter(Boolean).join('\n'),
	);
}

/**
 * Waits until a command that was started is ready, and stops it when it does not get there.
 * @throws {Failure} when it ends or stays silent, with the end of its log
 */
export async function untilReady(
	{ logFile, isRunning, stop }: Running,
	name: string,
	isReady: () => Promise<boolean>,
): Promise<void> {
	const attempt = async () => {
		if (await isReady()) return true;
		if (isRunning()) return undefined;
		const said = tail(fs.readFileSync(logFile, 'utf8'));
		throw new Failure(`${name} ended before it was ready. It said:\n${said}\nLog: ${logFile}`);
	};
	try {
		await poll(attempt, { timeoutMs: 120_000, what: `${name} does not answer (log: ${logFile})` });
	} catch (error) {
		await stop();
		throw error;
	}
}

/** Whether all addresses answer with success. */
export async function answers(...urls: string[]): Promise<boolean> {
	for (const url of urls) {
		const response = await fetch(url).catch(() => undefined);
		await response?.arrayBuffer();
		if (!response?.ok) return false;
	}
	return true;
}

/** The last lines of a log. */
export function tail(text: string, lines = 15): string {
	return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/**
 * @param port any unless told
 * @returns a loopback port that nobody listens on
 * @throws {Error} with the system's `code` when the port can't be had
 */
export async function freePort(port = 0): Promise<number> {
	const server = net.createServer().listen(port, '127.0.0.1');
	await once(server, 'listening');
	const found = (server.address() as net.AddressInfo).port;
	server.close();
	await once(server, 'close');
	return found;
}
