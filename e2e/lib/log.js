'use strict';

/**
 * Where progress lines go.
 * @typedef {(line: string) => void} Log
 */

/** An error whose message is a sentence for the person at the terminal: printed without a stack. */
class Failure extends Error {
	name = 'Failure';
}

/**
 * Prints `text`, then a line with the elapsed time every 10 s until `work` is settled.
 * @template T
 * @param {Log} log
 * @param {string} text what is being done, as the start of a sentence
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} what `work` gives
 */
async function withProgress(log, text, work) {
	const started = Date.now();
	const seconds = () => Math.round((Date.now() - started) / 1000);
	log(`${text} ...`);
	const timer = setInterval(() => log(`${text} ... ${seconds()} s`), 10_000);
	try {
		return await work();
	} finally {
		clearInterval(timer);
	}
}

/**
 * Calls `attempt` until it gives something that is not undefined.
 * @template T
 * @param {() => Promise<T | undefined>} attempt
 * @param {{ timeoutMs?: number, everyMs?: number, what: string }} options `what` goes into the error
 * @returns {Promise<T>}
 * @throws {Failure} when nothing came within `timeoutMs` (60 s unless told)
 */
async function poll(attempt, { timeoutMs = 60_000, everyMs = 100, what }) {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		const result = await attempt();
		if (result !== undefined) return result;
		if (Date.now() > deadline) throw new Failure(`Gave up after ${timeoutMs / 1000} s: ${what}.`);
		await new Promise((resolve) => setTimeout(resolve, everyMs));
	}
}

module.exports = { Failure, poll, withProgress };
