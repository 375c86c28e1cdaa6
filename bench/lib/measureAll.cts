import { Bench, type BenchOptions, type Measured } from './Bench.cts';
import * as cases from './cases.cts';
import {
	type Compared,
	compare,
	compareWebhooks,
	type Side,
	type Sides,
	titleOf,
} from './compare.cts';
import { loadTimes } from './loadTime.cts';
import { log, startSandbox } from './n8n.cts';
import { prepare } from './prepare.cts';
import { memoryMb } from './process.cts';
import type { Journeys } from './webhooks.cts';

/** Memory of n8n's process before and during a large run. */
export interface MemoryRun {
	side: Side;
	idleMb: number;
	peakMb: number;
}

export interface Results {
	rounds: number;
	/** What the other side is called. */
	rival: string;
	compared: Compared[];
	limited: Compared[];
	webhooks: Array<Compared<Journeys>>;
	memoryRuns: MemoryRun[];
	loadMs: number[];
}

/** What to measure, and against what. */
export interface MeasureOptions {
	tarball: string;
	rounds: number;
	/** Part of a case's name. */
	only?: string;
	/** Part of a case's name. */
	skip?: string;
	/** Another build, which takes the place of the HTTP Request node. */
	dist?: string;
	/** Called after each case. */
	onProgress: (results: Results) => Promise<void>;
}

const LARGE = 10_000;
const CODES = 1000;
const HELD = 10_000;
const LATENCIES = [0, 100];
/** Items, milliseconds, and the target. */
const WARM: Array<[count: number, latencyMs: number, target?: number]> = [
	[1, 0],
	[100, 0],
	[1000, 0, 0.75],
	[1, 100],
	[100, 100],
	[1000, 100, 0.95],
];
const COLD: typeof WARM = [
	[100, 100, 0.75],
	[100, 300, 0.6],
	[1000, 100, 0.95],
	[1000, 300, 0.8],
	[1000, 800, 0.45],
];

/** Runs the cases that are wanted, one after another. @returns what was measured, also given to `onProgress` */
export async function measureAll(options: MeasureOptions): Promise<Results> {
	const { rounds, only, skip, dist, onProgress } = options;
	const sandbox = await startSandbox();
	const start = { tarball: options.tarball, sandbox };
	const ours = await Bench.start(start);
	const sides: Sides = { ours, theirs: dist ? await Bench.start({ ...start, dist }) : ours };
	const results: Results = {
		rounds,
		rival: dist ? 'other build' : 'HTTP Request',
		compared: [],
		limited: [],
		webhooks: [],
		memoryRuns: [],
		loadMs: [],
	};
	const isWanted = (one: cases.Case) => {
		const title = titleOf(one);
		if (one.onRequest && !(only && title.includes(only))) return false;
		return title.includes(only ?? '') && !(skip && title.includes(skip));
	};
	/** Runs those cases that are wanted. @param list where their results go */
	const each = async <Round,>(
		list: Array<Compared<Round>>,
		all: cases.Case[],
		run: (one: cases.Case) => Promise<Compared<Round>>,
	) => {
		for (const one of all.filter(isWanted)) {
			// Against another build, both sides run our steps.
			list.push(await run(dist ? { ...one, theirs: one.ours } : one));
			await onProgress(results);
		}
	};
	const compareAll = async (all: cases.Case[], warmUp = true) =>
		await each<Measured>(results.compared, all, async (one) => {
			return await compare(sides, one, { rounds, warmUp });
		});

	const { url } = sandbox;
	// The lookups first: each case that issues empties the sandbox.
	const { codes, mobiles } = await prepare(sandbox, { codes: CODES, held: HELD, customers: 1000 });
	await compareAll([
		...LATENCIES.flatMap((latency) => [
			cases.lookupListCase(url, codes, latency),
			{ ...cases.lookupCase(url, codes, latency), target: latency === 0 ? 1 : undefined },
			cases.pagesCase(url, HELD, latency),
		]),
		...[100, 300].flatMap((latency) => [
			cases.coldCase(cases.lookupCase(url, codes, latency), 'Continue'),
			cases.coldCase(cases.customerCouponsCase(url, mobiles, latency), 'Continue'),
		]),
	]);
	await compareAll([
		...WARM.map(([count, latency, target]) => ({
			...cases.issueCase(url, count, latency),
			target,
		})),
		...LATENCIES.flatMap((latency) =>
			[1, 20].map((calls) => cases.issueMultipleCase(url, calls, latency)),
		),
		...COLD.flatMap(([count, latency, target]) => {
			const warm = { ...cases.issueCase(url, count, latency), target };
			return [cases.coldCase(warm, 'Stop'), cases.coldCase(warm, 'Continue')];
		}),
		cases.issueOnceCase(url, 1000, 100),
	]);
	const journeys = { ...cases.issueCase(url, 300, 100), name: 'Webhook, 300 calls, 20 at a time' };
	await each<Journeys>(results.webhooks, [journeys], async (one) => {
		return await compareWebhooks(sides, one, { rounds });
	});
	results.loadMs = loadTimes(ours.packageFolder, 11);
	// The long runs are warm from the ones before.
	await each<Measured>(results.limited, cases.rateLimitCases(url), async (one) => {
		// It mostly waits, so two rounds say as much as five.
		return await compare(sides, one, { rounds: Math.min(rounds, 2), warmUp: false });
	});
	await compareAll(
		LATENCIES.map((latency) => cases.issueCase(url, LARGE, latency)),
		false,
	);
	for (const bench of new Set(Object.values(sides))) await bench.n8n.stop();

	const isMemoryWanted = !dist && 'Memory'.includes(only ?? '');
	for (let round = 0; round < 3 && isMemoryWanted; round++) {
		for (const side of ['ours', 'theirs'] as const) {
			results.memoryRuns.push(await memoryOf(side, start));
			await onProgress(results);
		}
	}
	return results;
}

/** The memory that 10,000 items take in an n8n that has done little else. */
async function memoryOf(side: Side, options: BenchOptions): Promise<MemoryRun> {
	const bench = await Bench.start(options);
	const { url } = options.sandbox;
	const small = cases.issueCase(url, 100, 0);
	await bench.run(await bench.install(small[side]), small);
	const idleMb = memoryMb(bench.n8n.pid, 'VmRSS');
	const large = cases.issueCase(url, LARGE, 0);
	const { peakMb } = await bench.run(await bench.install(large[side]), large);
	await bench.n8n.stop();
	log(`Memory, ${side}: ${idleMb.toFixed(0)} MB idle, ${peakMb.toFixed(0)} MB at most`);
	return { side, idleMb, peakMb };
}
