// What the commands here share: their options, their help and their orderly end.
import { type ParseArgsConfig, parseArgs } from 'node:util';

import { Failure, log } from '../e2e/lib/log.cts';
import { stopAll } from '../e2e/lib/processes.cts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<T extends Options> = ReturnType<
	typeof parseArgs<{ options: T; allowPositionals: true }>
>;

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * Runs a command: shows its help when asked to, prints failures as sentences, and stops all it has
 * started before it ends, also after Ctrl-C or kill.
 * @param help shown for `--help`, and after what is wrong with the options
 * @param options as Node's `parseArgs` takes them
 * @param work gets the options and what stands beside them; gives the exit code, 0 unless told
 */
export async function command<T extends Options>(
	help: string,
	options: T,
	work: (values: Values<T>['values'], rest: string[]) => Promise<number | void>,
): Promise<void> {
	let stopping = false;
	const end = async (code: number) => {
		if (stopping) return;
		stopping = true;
		await stopAll();
		process.exit(code);
	};
	for (const [signal, code] of Object.entries(SIGNALS)) {
		// A terminal and npm each send it: once is enough.
		process.on(signal, () => {
			if (!stopping) log('\nStopping ...');
			void end(code);
		});
	}
	// A killed npm takes its shell along, but not what runs in it: notice that the shell is gone.
	const shell = process.ppid;
	if (process.env['npm_lifecycle_event']) {
		setInterval(() => process.ppid !== shell && void end(SIGNALS.SIGTERM), 1000).unref();
	}
	try {
		const asked = process.argv.slice(2).some((arg) => arg === '--help' || arg === '-h');
		if (asked) return log(help);
		const { values, positionals } = read(options, help);
		await end((await work(values, positionals)) ?? 0);
	} catch (error) {
		// What is being stopped may fail.
		if (stopping) return;
		process.stderr.write(`\n${textOf(error)}\n`);
		await end(1);
	}
}

function read<T extends Options>(options: T, help: string): Values<T> {
	try {
		return parseArgs({ options, allowPositionals: true });
	} catch (error) {
		throw new Failure(`${error instanceof Error ? error.message : error}\n\n${help}`);
	}
}

function textOf(error: unknown): string {
	if (error instanceof Failure) return error.message;
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/**
 * @param name the option's, for the message
 * @throws {Failure} unless `text` is a whole number of at least `min`, and at most `max`
 */
export function wholeNumber(name: string, text: string, min: number, max = Infinity): number {
	const number = Number(text);
	if (text !== '' && Number.isInteger(number) && number >= min && number <= max) return number;
	const range = max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`;
	throw new Failure(`--${name} needs a whole number ${range}, not "${text}".`);
}
