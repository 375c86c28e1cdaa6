import { setTimeout as sleep } from 'node:timers/promises';

/** An error whose message is a sentence for the person at the terminal: printed without a stack. */
export class Failure extends Error {
	override name = 'Failure';
}

/** Prints a line of progress. */
export function log(line: string): void {
	process.stdout.write(`${line}\n`);
}

/** A sentence about what was found, and whether it holds. */
export type Claim = [isTrue: boolean, sentence: string];

/** Prints each claim, and how many hold. With one that does not, the command fails. */
export function conclude(claims: Claim[]): void {
	for (const [isTrue, sentence] of claims) log(`${isTrue ? 'ok' : 'not ok'} - ${sentence}`);
	const passed = claims.filter(([isTrue]) => isTrue).length;
	log(`${passed} passed, ${claims.length - passed} failed`);
	if (passed < claims.length) process.exitCode = 1;
}

/**
 * Prints `text`, then a line with the elapsed time every 10 s until `work` is settled.
 * @param text what is being done, as the start of a sentence
 * @returns what `work` gives
 */
export async function withProgress<T>(text: string, work: () => Promise<T>): Promise<T> {
	const started = Date.now();
	log(`${text} ...`);
	const timer = setInterval(() => {
		log(`${text} ... ${Math.round((Date.now() - started) / 1000)} s`);
	}, 10_000);
	try {
		return await work();
	} finally {
		clearInterval(timer);
	}
}

/**
 * Calls `attempt` until it gives something that is not undefined.
 * @param options `what` goes into the error
 * @throws {Failure} when nothing came within `timeoutMs`
 */
export async function poll<T>(
	attempt: () => Promise<T | undefined>,
	{
		timeoutMs = 60_000,
		everyMs = 100,
		what,
	}: { timeoutMs?: number; everyMs?: number; what: string },
): Promise<T> {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		const result = await attempt();
		if (result !== undefined) return result;
		if (Date.now() > deadline) throw new Failure(`Gave up after ${timeoutMs / 1000} s: ${what}.`);
		await sleep(everyMs);
	}
}
