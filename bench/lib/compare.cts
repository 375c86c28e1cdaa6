import type { Bench, Installed, Measured } from './Bench.cts';
import type { Case } from './cases.cts';
import { Failure, log } from './n8n.cts';
import { spread } from './stats.cts';
import { callWebhooks, type Journeys } from './webhooks.cts';

/** The n8n that each side runs in: the same, or one for each build. */
export type Sides = Record<Side, Bench>;
export type Side = 'ours' | 'theirs';
const SIDES: Side[] = ['ours', 'theirs'];

/** The rounds of a case, ours and theirs side by side. */
export interface Compared<Round = Measured> extends Record<Side, Round[]> {
	name: string;
	latencyMs: number;
	/** How many go in. */
	items: number;
	cold: boolean;
	rateLimit?: Case['rateLimit'];
	target?: Case['target'];
}

/** Runs a workflow once and tells what it took. */
type RunRound<Round> = (bench: Bench, workflow: Installed, side: Side) => Promise<Round>;

/**
 * Runs a case: one warm-up of each side, then round after round, beginning with the other one each
 * time.
 */
async function compareRounds<Round>(
	sides: Sides,
	measured: Case,
	{ rounds, warmUp = true }: { rounds: number; warmUp?: boolean },
	run: RunRound<Round>,
): Promise<Compared<Round>> {
	const { name, latencyMs, items, cold = false, rateLimit, target } = measured;
	const result: Compared<Round> = {
		name,
		latencyMs,
		items: items.length,
		cold,
		rateLimit,
		target,
		ours: [],
		theirs: [],
	};
	const installed: Partial<Record<Side, Installed>> = {};
	for (let round = warmUp ? -1 : 0; round < rounds; round++) {
		for (const side of round % 2 === 0 ? SIDES : [...SIDES].reverse()) {
			const bench = sides[side];
			const credentials = cold ? await bench.newCredentials() : undefined;
			const workflow = installed[side] ?? (await bench.install(measured[side], credentials));
			const one = await run(bench, workflow, side);
			if (cold) await workflow.remove();
			else installed[side] = workflow;
			if (round >= 0) result[side].push(one);
		}
	}
	for (const workflow of Object.values(installed)) await workflow.remove();
	return result;
}

interface Options {
	rounds: number;
	/** Not for long runs, which are warm from those before. */
	warmUp?: boolean;
}

/**
 * The run time of a node over many items.
 *
 * @throws Failure when a node did not do its work: its time would mean nothing
 */
export async function compare(sides: Sides, measured: Case, options: Options): Promise<Compared> {
	const result = await compareRounds(sides, measured, options, async (bench, workflow, side) => {
		const one = await bench.run(workflow, measured);
		if (!measured.rateLimit) requireWork(measured, side, one);
		return one;
	});
	const [ours, theirs] = SIDES.map((side) => spread(result[side].map(({ nodeMs }) => nodeMs)));
	log(`${titleOf(measured)}: ours ${ours} ms, theirs ${theirs} ms`);
	return result;
}

/** Many calls of a webhook, each for one coupon. */
export async function compareWebhooks(
	sides: Sides,
	measured: Case,
	options: Options,
): Promise<Compared<Journeys>> {
	const result = await compareRounds(sides, measured, options, async (bench, workflow) => {
		return await callWebhooks(bench, workflow, measured);
	});
	const [ours, theirs] = SIDES.map((side) => spread(result[side].map((one) => one.perSecond)));
	log(`${titleOf(measured)}: ours ${ours} calls a second, theirs ${theirs}`);
	return result;
}

/** The name of a case with its latency, as the report shows it. */
export function titleOf({ name, latencyMs }: Pick<Case, 'name' | 'latencyMs'>): string {
	return `${name}, ${latencyMs} ms`;
}

function requireWork(measured: Case, side: Side, { status, out, calls }: Measured): void {
	const wanted = (side === 'theirs' && measured.theirCalls) || measured.calls;
	if (status === 'success' && out === measured.out && calls === wanted) return;
	throw new Failure(
		`${titleOf(measured)}, ${side}: ${status}, ${out} of ${measured.out} items came out, ` +
			`${calls} calls were made in place of ${wanted}.`,
	);
}
