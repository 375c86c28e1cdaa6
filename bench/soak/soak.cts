import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Bench } from '../lib/Bench.cts';
import { CACHE, type Claim, Failure, log, poll, startSandbox } from '../lib/n8n.cts';
import { middle } from '../lib/stats.cts';
import type { Sample } from './probe.mts';
import { FAULTS, type Load, LOADS, OTHER, workflowOf } from './workflows.cts';

const CALLERS = 6;
const FAULT_EVERY_MS = 6_000;
const SAMPLE_EVERY_MS = 20_000;
/** What n8n's heap may grow by: its own caches move more than this between two samples. */
const TOLERANCE = 1.1;

/** Mixed load with faults on one n8n, and what is left of it in n8n's memory. */
export async function soak({
	tarball,
	minutes,
}: {
	tarball: string;
	minutes: number;
}): Promise<Claim[]> {
	const file = join(CACHE, 'soak-sample.json');
	rmSync(file, { force: true });
	const env = {
		NODE_OPTIONS: `--require ${join(__dirname, 'probe.mts')}`,
		CAPILLARY_PROBE: file,
		EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none',
	};
	const sandbox = await startSandbox({ args: ['--token-life', '30', '--latency', '20'] });
	const bench = await Bench.start({ tarball, sandbox, env });
	const { client, n8n } = bench;
	const data = sandbox.accounts.oauth;
	const oauth = await client.createCredential({ name: 'OAuth', type: 'capillaryApi', data });
	for (const load of LOADS) {
		const credentials = load.way === 'oauth' ? [oauth] : await bench.credentials();
		await client.activate(await client.importWorkflow(workflowOf(load), credentials));
	}
	await client.activate(await client.importWorkflow(OTHER));

	let number = 0;
	const sample = async (): Promise<Sample> => {
		process.kill(n8n.pid ?? 0, 'SIGUSR2');
		number++;
		return await poll(
			async () => {
				const found = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
				return found.number === number ? found : undefined;
			},
			{ what: 'n8n has written no sample' },
		);
	};
	/** One workflow once. @returns whether it went through */
	const call = async ({ path, items }: Pick<Load, 'path' | 'items'>, turn: number) => {
		const list = Array.from({ length: items }, (_, index) => ({
			mobile: `9199${String((turn * 100 + index) % 50_000).padStart(8, '0')}`,
		}));
		// No answer may come in time, or the connection break.
		const answer = await client.webhook(path, { items: list }).catch(() => undefined);
		return answer?.status === 200;
	};
	const callEach = async () => {
		const through = [];
		for (const load of LOADS) through.push(await call(load, 0));
		return through;
	};
	/** Waits for what n8n does after a run. */
	const quiet = async () => {
		await sleep(10_000);
		return await sample();
	};

	await sample();
	await callEach();
	const before = await quiet();
	const end = Date.now() + minutes * 60_000;
	const samples: Sample[] = [];
	const counts = { answered: 0, failed: 0 };
	const callers = Array.from({ length: CALLERS }, async (_, caller) => {
		for (let turn = caller; Date.now() < end; turn++) {
			const ok = await call(LOADS[turn % LOADS.length] as Load, turn);
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
		const memory = `heap ${one.heapMb.toFixed(1)} MB, process ${one.rssMb.toFixed(0)} MB`;
		log(`${counts.answered} answered, ${counts.failed} failed; ${memory}; ${one.runs} runs`);
	}
	await Promise.all([...callers, faults]);
	const code = await Promise.race([n8n.exited, sleep(0)]);
	if (code !== undefined) throw new Failure(`n8n ended by itself. Log: ${n8n.logFile}`);
	const still = await callEach();
	// Each of n8n's isolates holds on to the items of its last expression, and with them to what the
	// node keeps for these items. So give every isolate something else to hold.
	for (let round = 0; round < 20; round++) {
		const others = Array.from({ length: 2 * CALLERS }, () => ({ path: 'other', items: 1 }));
		await Promise.all(others.map(async (one) => await call(one, 0)));
	}
	const after = await quiet();
	const { byOutcome } = await sandbox.control('GET', '/stats');
	log(`Calls by outcome: ${JSON.stringify(byOutcome)}`);
	await bench.n8n.stop();

	const third = Math.max(1, Math.floor(samples.length / 3));
	const heap = (some: Sample[]) => middle(some.map(({ heapMb }) => heapMb));
	const [early, late] = [heap(samples.slice(third, 2 * third)), heap(samples.slice(-third))];
	const flat = `${early.toFixed(1)} MB in the middle, ${late.toFixed(1)} MB at the end`;
	return [
		[counts.answered > 0, `${counts.answered} workflows went through, ${counts.failed} failed`],
		[late <= early * TOLERANCE, `n8n's heap is flat: ${flat}`],
		[after.runs === 0, `no run and no answer is left in memory (${after.runs} runs)`],
		[!still.includes(false), 'each workflow goes through afterwards: no credential is blocked'],
		[after.timers <= before.timers, `no timer is left (${before.timers}, then ${after.timers})`],
	];
}
