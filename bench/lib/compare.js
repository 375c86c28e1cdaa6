'use strict';
const { Failure } = require('../../e2e/lib/log');
const { median } = require('./stats');

/** @typedef {import('./bench').Measured} Measured */

/**
 * A case with its rounds, ours and theirs side by side.
 * @typedef {object} Compared
 * @property {string} name
 * @property {number} latencyMs
 * @property {number} items
 * @property {number} out
 * @property {number} calls of ours in one round
 * @property {Measured[]} ours
 * @property {Measured[]} theirs
 */

/**
 * Runs a case: one warm-up of each, then round after round, beginning with the other one each time.
 * @param {import('./bench').Bench} bench
 * @param {import('./cases').Case} measured
 * @param {{ rounds: number, warmUp: boolean, log: import('../../e2e/lib/log').Log }} options
 * @returns {Promise<Compared>}
 * @throws {Failure} when a node did not do its work: its time would mean nothing
 */
async function compare(bench, measured, { rounds, warmUp, log }) {
	const { name, latencyMs, items, out } = measured;
	const ours = await bench.install(measured.ours);
	const theirs = await bench.install(measured.theirs);
	/** @type {{ ours: Measured[], theirs: Measured[] }} */
	const results = { ours: [], theirs: [] };

	for (let round = warmUp ? -1 : 0; round < rounds; round++) {
		/** @type {Array<'ours' | 'theirs'>} */
		const sides = round % 2 === 0 ? ['ours', 'theirs'] : ['theirs', 'ours'];
		for (const side of sides) {
			const result = await bench.run(side === 'ours' ? ours : theirs, measured);
			if (!measured.rateLimit) requireWork(measured, side, result);
			if (round >= 0) results[side].push(result);
		}
	}
	await ours.remove();
	await theirs.remove();
	/** @param {Measured[]} side */
	const ms = (side) => median(side.map(({ nodeMs }) => nodeMs)).toFixed(0);
	log(`${name}, ${latencyMs} ms: ours ${ms(results.ours)} ms, theirs ${ms(results.theirs)} ms`);
	const calls = results.ours[0]?.calls ?? 0;
	return { name, latencyMs, items: items.length, out, calls, ...results };
}

/**
 * @param {import('./cases').Case} measured
 * @param {'ours' | 'theirs'} side
 * @param {Measured} result
 */
function requireWork({ name, out, calls }, side, result) {
	if (result.status === 'success' && result.out === out && result.calls === calls) return;
	throw new Failure(
		`${name}, ${side}: ${result.status}, ${result.out} of ${out} items came out, ` +
			`${result.calls} calls were made in place of ${calls}.`,
	);
}

module.exports = { compare };
