'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { Failure, poll } = require('../../e2e/lib/log');
const { CACHE } = require('../../e2e/lib/paths');
const { startSandbox } = require('../../e2e/lib/sandbox');
const { startBench } = require('../lib/bench');
const { median } = require('../lib/stats');
const { FAULTS, LOADS, OTHER, workflowOf } = require('./workflows');

/** @typedef {import('./probe').Sample} Sample */

const CALLERS = 6;
const FAULT_EVERY_MS = 6_000;
const SAMPLE_EVERY_MS = 20_000;
/** What n8n's heap may grow by: its own caches move more than this between two samples. */
const TOLERANCE = 1.1;

/**
 * Mixed load with faults on one n8n, and what is left of it in n8n's memory.
 * @param {{ tarball: string, minutes: number, log: import('../../e2e/lib/log').Log }} options
 * @returns {Promise<{ passed: number, failed: number }>}
 */
async function soak({ tarball, minutes, log }) {
	const file = path.join(CACHE, 'soak-sample.json');
	fs.rmSync(file, { force: true });
	const env = {
		NODE_OPTIONS: `--require ${path.join(__dirname, 'probe.js')}`,
		CAPILLARY_PROBE: file,
		EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none',
	};
	const sandbox = await startSandbox({ log, args: ['--token-life', '30', '--latency', '20'] });
	const bench = await startBench({ tarball, sandbox, log, env });
	const { client, n8n } = bench;
	const oauth = await client.createCredential({
		name: 'OAuth',
		type: 'capillaryApi',
		data: sandbox.accounts.oauth,
	});
	for (const load of LOADS) {
		const credentials = load.way === 'oauth' ? [oauth] : bench.credentials;
		await client.activate(await client.importWorkflow(workflowOf(load), credentials));
	}
	await client.activate(await client.importWorkflow(OTHER.workflow));

	let number = 0;
	/** @returns {Promise<Sample>} */
	const sample = async () => {
		process.kill(n8n.pid ?? 0, 'SIGUSR2');
		number++;
		return await poll(
			async () => {
				const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '{}';
				const found = JSON.parse(text);
				return found.number === number ? found : undefined;
			},
			{ what: 'n8n has written no sample' },
		);
	};

	await sample();
	await callAll(client, 1);
	const before = await quiet(sample);
	const end = Date.now() + minutes * 60_000;
	/** @type {Sample[]} */
	const samples = [];
	const counts = { answered: 0, failed: 0 };
	const callers = Array.from({ length: CALLERS }, async (_, caller) => {
		for (let turn = caller; Date.now() < end; turn++) {
			const ok = await callOne(client, LOADS[turn % LOADS.length] ?? LOADS[0], turn);
			counts[ok ? 'answered' : 'failed']++;
		}
	});
	const faults = (async () => {
		for (let turn = 0; Date.now() < end; turn++) {
			await sandbox.control('DELETE', '/faults');
			await sandbox.control('POST', '/faults', FAULTS[turn % FAULTS.length]);
			await sleep(FAULT_EVERY_MS);
		}
		await sandbox.control('DELETE', '/faults');
	})();
	while (Date.now() + SAMPLE_EVERY_MS < end) {
		await sleep(SAMPLE_EVERY_MS);
		const one = await sample();
		samples.push(one);
		const { answered, failed } = counts;
		const { heapMb, rssMb, runs, waiting } = one;
		const memory = `heap ${heapMb.toFixed(1)} MB, process ${rssMb.toFixed(0)} MB`;
		log(`${answered} answered, ${failed} failed; ${memory}; ${runs} runs, ${waiting} waiting`);
	}
	await Promise.all([...callers, faults]);
	claimAlive(await Promise.race([n8n.exited, sleep(0)]), n8n.logFile);
	await displace(client);
	const after = await quiet(sample);
	const stats = await sandbox.control('GET', '/stats');
	log(`Calls by outcome: ${JSON.stringify(stats.byOutcome)}`);
	await bench.stop();
	return check({ samples, before, after, counts }, log);
}

/**
 * @param {number | void} exitCode
 * @param {string} logFile
 */
function claimAlive(exitCode, logFile) {
	if (exitCode !== undefined) throw new Failure(`n8n ended by itself. Log: ${logFile}`);
}

/**
 * Waits until no run is under way any more, and for what n8n does after one.
 * @param {() => Promise<Sample>} sample
 */
async function quiet(sample) {
	await sleep(10_000);
	return await sample();
}

/**
 * Each of n8n's isolates holds on to the items of its last expression, and with them to what the node
 * keeps for these items. So give every isolate something else to hold.
 * @param {import('../../e2e/lib/client').N8nClient} client
 */
async function displace(client) {
	for (let round = 0; round < 20; round++) {
		const calls = Array.from({ length: 2 * CALLERS }, async () => {
			await client.webhook(OTHER.path, { items: [{ mobile: '1' }] });
		});
		await Promise.all(calls);
	}
}

/** @param {import('../../e2e/lib/client').N8nClient} client @param {number} times */
async function callAll(client, times) {
	for (let turn = 0; turn < times; turn++) {
		for (const load of LOADS) await callOne(client, load, turn);
	}
}

/**
 * @param {import('../../e2e/lib/client').N8nClient} client
 * @param {typeof LOADS[number] | undefined} load
 * @param {number} turn
 * @returns {Promise<boolean>} whether the workflow went through
 */
async function callOne(client, load, turn) {
	if (!load) return false;
	const items = Array.from({ length: load.items }, (_, index) => ({
		mobile: `9199${String((turn * 100 + index) % 50_000).padStart(8, '0')}`,
	}));
	try {
		const { status } = await client.webhook(load.path, { items });
		return status === 200;
	} catch {
		// No answer came in time, or the connection broke.
		return false;
	}
}

/**
 * @param {object} evidence
 * @param {Sample[]} evidence.samples under load
 * @param {Sample} evidence.before
 * @param {Sample} evidence.after
 * @param {{ answered: number, failed: number }} evidence.counts
 * @param {import('../../e2e/lib/log').Log} log
 */
function check({ samples, before, after, counts }, log) {
	const result = { passed: 0, failed: 0 };
	/** @param {boolean} isTrue @param {string} sentence */
	const claim = (isTrue, sentence) => {
		result[isTrue ? 'passed' : 'failed']++;
		log(`${isTrue ? 'ok' : 'not ok'} - ${sentence}`);
	};
	const third = Math.max(1, Math.floor(samples.length / 3));
	/** @param {Sample[]} some */
	const heap = (some) => median(some.map(({ heapMb }) => heapMb));
	const [early, late] = [heap(samples.slice(third, 2 * third)), heap(samples.slice(-third))];
	const flat = `${early.toFixed(1)} MB in the middle, ${late.toFixed(1)} MB at the end`;
	claim(counts.answered > 0, `${counts.answered} workflows went through, ${counts.failed} failed`);
	claim(late <= early * TOLERANCE, `n8n's heap is flat: ${flat}`);
	claim(after.runs === 0, `no run and no answer is left in memory (${after.runs} runs)`);
	claim(after.open === 0 && after.waiting === 0, `no call is left in the ${after.lanes} lanes`);
	const { timers } = after;
	claim(timers <= before.timers, `no timer is left (${before.timers} before, ${timers} after)`);
	return result;
}

/** @param {number} ms */
async function sleep(ms) {
	await new Promise((resolve) => setTimeout(resolve, ms));
}

module.exports = { soak };
