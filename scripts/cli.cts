// What the commands here share: how an option is read, and their orderly end.
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { InvalidArgumentError } from 'commander';

import { Failure, log } from '../e2e/lib/log.cts';
import { stopAll } from '../e2e/lib/processes.cts';

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * Runs a command: prints failures as sentences, and stops all it has started before it ends, also
 * after Ctrl-C or kill. It ends with the exit code that its action has set.
 */
export async function runCommand(command: CommandUnknownOpts): Promise<void> {
	let stopping = false;
	const end = async (code?: number) => {
		if (stopping) return;
		stopping = true;
		await stopAll();
		// Said outright: Node 20 takes an exit code that is given, but undefined, for 0.
		process.exit(code ?? process.exitCode);
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
		command.showHelpAfterError();
		await command.parseAsync();
		await end();
	} catch (error) {
		// What is being stopped may fail.
		if (stopping) return;
		process.stderr.write(`\n${textOf(error)}\n`);
		await end(1);
	}
}

function textOf(error: unknown): string {
	if (error instanceof Failure) return error.message;
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Reads an option that takes a whole number of at least `min`, and at most `max`. */
export function wholeNumber(min: number, max = Infinity): (text: string) => number {
	return (text) => {
		const number = Number(text);
		if (text !== '' && Number.isInteger(number) && number >= min && number <= max) return number;
		const range = max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`;
		throw new InvalidArgumentError(`It needs a whole number ${range}.`);
	};
}
