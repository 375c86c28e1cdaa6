'use strict';
const path = require('node:path');
const { PACKAGE } = require('../../e2e/lib/paths');
const { startSandbox } = require('../../e2e/lib/sandbox');
const { memory, startBench } = require('./bench');
const {
	customerCouponsCase,
	issueCase,
	issueMultipleCase,
	lookupCases,
	rateLimitCase,
} = require('./cases');
const { compare } = require('./compare');
const { loadTimes } = require('./loadTime');
const { prepare } = require('./prepare');

/** @typedef {import('./compare').Compared} Compared */
/** @typedef {{ side: 'ours' | 'theirs', idleMb: number, peakMb: number }} MemoryRun */

/**
 * @typedef {object} Results
 * @property {number} rounds
 * @property {Compared[]} compared
 * @property {Compared[]} limited
 * @property {MemoryRun[]} memoryRuns
 * @property {number[]} loadMs
 */

const LATENCIES = [0, 100];
const LARGE = 10_000;
const CODES = 1000;
const HELD = 10_000;

/**
 * @param {object} options
 * @param {string} options.tarball
 * @param {number} options.rounds
 * @param {string} [options.only] part of a case's name
 * @param {string} [options.skip] part of a case's name
 * @param {(results: Results) => Promise<void>} options.onProgress called after each case
 * @param {string} [options.dist]
 * @param {import('../../e2e/lib/log').Log} options.log
 * @returns {Promise<Results>}
 */
async function measureAll({ tarball, rounds, only, skip, dist, log, onProgress }) {
	const sandbox = await startSandbox({ log });
	const bench = await startBench({ tarball, sandbox, log, dist });
	/** @type {Results} */
	const results = { rounds, compared: [], limited: [], memoryRuns: [], loadMs: [] };
	/** @param {import('./cases').Case} one */
	const isWanted = ({ name, latencyMs }) => {
		const title = `${name}, ${latencyMs} ms`;
		return title.includes(only ?? '') && !(skip && title.includes(skip));
	};
	/** @type {(cases: import('./cases').Case[]) => Promise<void>} */
	const compareAll = async (cases) => {
		for (const one of cases.filter(isWanted)) {
			// The long runs are warm from the ones before.
			const warmUp = one.items.length < LARGE && !one.rateLimit;
			const list = one.rateLimit ? results.limited : results.compared;
			list.push(await compare(bench, one, { rounds, warmUp, log }));
			await onProgress(results);
		}
	};

	const { url } = sandbox;
	const codes = await prepare(sandbox, { codes: CODES, held: HELD });
	await compareAll(
		LATENCIES.flatMap((latency) => [
			...lookupCases(url, codes, latency),
			customerCouponsCase(url, HELD, latency),
		]),
	);
	await compareAll(
		LATENCIES.flatMap((latency) => [
			...[1, 100, 1000].map((count) => issueCase(url, count, latency)),
			...[1, 20].map((calls) => issueMultipleCase(url, calls, latency)),
		]),
	);
	const installed = path.join(bench.n8n.userFolder, '.n8n', 'nodes', 'node_modules', PACKAGE);
	results.loadMs = loadTimes(installed, 11);
	await compareAll([rateLimitCase(url)]);
	await compareAll(LATENCIES.map((latency) => issueCase(url, LARGE, latency)));
	await bench.stop();

	if (only === undefined) {
		for (let round = 0; round < 3; round++) {
			for (const side of /** @type {const} */ (['ours', 'theirs'])) {
				results.memoryRuns.push(await memoryOf(side, { tarball, sandbox, dist, log }));
				await onProgress(results);
			}
		}
	}
	return results;
}

/**
 * The memory that 10,000 items take in an n8n that has done little else.
 * @param {'ours' | 'theirs'} side
 * @param {Omit<Parameters<typeof startBench>[0], 'env'>} options
 * @returns {Promise<MemoryRun>}
 */
async function memoryOf(side, options) {
	const bench = await startBench(options);
	const { url } = options.sandbox;
	const small = issueCase(url, 100, 0);
	const warmUp = await bench.install(small[side]);
	await bench.run(warmUp, small);
	const idleMb = memory(bench.n8n.pid, 'VmRSS');
	const large = issueCase(url, LARGE, 0);
	const { peakMb } = await bench.run(await bench.install(large[side]), large);
	await bench.stop();
	options.log(`Memory, ${side}: ${idleMb.toFixed(0)} MB idle, ${peakMb.toFixed(0)} MB at most`);
	return { side, idleMb, peakMb };
}

module.exports = { measureAll };
