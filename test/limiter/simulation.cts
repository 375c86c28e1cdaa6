import { type Closing, RateLimiter } from '../../nodes/shared/client/RateLimiter';
import { WaitBudget } from '../../nodes/shared/client/WaitBudget';

/**
 * The limiter alone, against a simulated API, in simulated time: nothing waits really, and the same
 * scenario always gives the same numbers.
 */

/** Which calls the API allows, told as 429 when there are too many. */
export interface Limit {
	calls: number;
	windowMs: number;
	window: 'fixed' | 'sliding';
	retryAfter: boolean;
}

export interface Scenario {
	/** Calls of each run; the runs start together. */
	calls: number;
	runs?: number;
	/** How long the API takes for the call with this number, which starts at this time (ms). */
	latencyMs: (call: number, now: number, random: () => number) => number;
	limit?: Limit;
	/** What each call costs the thread that all share, in ms: half before, half after the answer; 1 unless told. */
	threadMs?: number;
	/** The thread is blocked for so long when each run starts: n8n reads all items first. */
	readingMs?: number;
	/** A campaign before, and an hour of rest. */
	afterRest?: boolean;
}

export interface Outcome {
	/** From the first call to the last answer. */
	ms: number;
	/** What it takes at best: 200 calls at once from the first moment, each window used up at once. */
	bestMs: number;
	passed: number;
	/** Calls answered by 429: in all, and after the first window. */
	wasted: number;
	wastedLater: number;
	failed: number;
	mostUnderWay: number;
	/** When each call started. */
	starts: number[];
}

/** How long the API takes, by a name that a table can show. */
export const latencies = {
	'2 ms': () => 2,
	'20 ms': () => 20,
	'100 ms': () => 100,
	'300 ms': () => 300,
	'800 ms': () => 800,
	'rising from 20 to 420 ms': (call) => Math.min(420, 20 + 0.4 * call),
	'anything from 50 to 150 ms': (_call, _now, random) => 50 + 100 * random(),
	'20 or 300 ms': (_call, _now, random) => (random() < 0.5 ? 20 : 300),
	'20 ms, one call hangs for 30 s': (call) => (call === 300 ? 30_000 : 20),
	'100 ms, then 300 ms': (call) => (call > 500 ? 300 : 100),
} satisfies Record<string, Scenario['latencyMs']>;

const limit = { calls: 200, windowMs: 5_000 };

export const limits = {
	'fixed window, Retry-After': { ...limit, window: 'fixed', retryAfter: true },
	'fixed window, no Retry-After': { ...limit, window: 'fixed', retryAfter: false },
	'sliding window, Retry-After': { ...limit, window: 'sliding', retryAfter: true },
	'sliding window, no Retry-After': { ...limit, window: 'sliding', retryAfter: false },
} satisfies Record<string, Limit>;

interface Timer {
	due: number;
	order: number;
	run: () => void;
}

/** A clock that jumps from timer to timer, and a thread in which work makes the others late. */
export class SimulatedClock {
	now = 1_000_000;

	private order = 0;

	private timers: Timer[] = [];

	private busyMs = 0;

	/** Work in the thread: time passes, and no timer fires. */
	spend(ms: number): void {
		this.now += ms;
		this.busyMs += ms;
	}

	/** How long the thread had nothing to do, in all. */
	get idleMs(): number {
		return this.now - this.busyMs;
	}

	after(ms: number): Promise<void> {
		return new Promise((resolve) => this.at(this.now + ms, resolve));
	}

	/** Runs `work` with this clock behind `Date.now` and `setTimeout`. */
	async run<T>(work: () => Promise<T>): Promise<T> {
		const real = { now: Date.now, setTimeout: globalThis.setTimeout };
		Date.now = () => Math.floor(this.now);
		globalThis.setTimeout = ((callback: () => void, ms = 0) =>
			this.at(this.now + Math.max(1, ms), callback)) as unknown as typeof setTimeout;
		try {
			let isDone = false;
			const result = work().finally(() => (isDone = true));
			result.catch(() => {});
			for (;;) {
				await new Promise((resolve) => setImmediate(resolve));
				const next = isDone ? undefined : this.takeNext();
				if (!next) break;
				this.now = Math.max(this.now, next.due);
				next.run();
			}
			if (!isDone) throw new Error('Nothing is going to happen, and the work is not done');
			return await result;
		} finally {
			Date.now = real.now;
			globalThis.setTimeout = real.setTimeout;
		}
	}

	/** A heap by time, then by order. */
	private at(due: number, run: () => void): void {
		const { timers } = this;
		let at = timers.push({ due, order: this.order++, run }) - 1;
		while (at > 0) {
			const parent = (at - 1) >> 1;
			if (!isBefore(timers[at]!, timers[parent]!)) break;
			[timers[at], timers[parent]] = [timers[parent]!, timers[at]!];
			at = parent;
		}
	}

	private takeNext(): Timer | undefined {
		const { timers } = this;
		const next = timers[0];
		const last = timers.pop();
		if (!next || !last || timers.length === 0) return next;
		timers[0] = last;
		for (let at = 0; ; ) {
			let least = at;
			for (const child of [2 * at + 1, 2 * at + 2]) {
				const timer = timers[child];
				if (timer && isBefore(timer, timers[least]!)) least = child;
			}
			if (least === at) return next;
			[timers[at], timers[least]] = [timers[least]!, timers[at]!];
			at = least;
		}
	}
}

function isBefore(one: Timer, other: Timer): boolean {
	return one.due < other.due || (one.due === other.due && one.order < other.order);
}

/** Counts calls as an API with a rate limit does; refused calls do not count. */
class SimulatedLimit {
	private windowStart = -Infinity;

	private times: number[] = [];

	constructor(private readonly limit: Limit) {}

	/** @returns ms until the next call is allowed; 0 when this one is */
	take(now: number): number {
		const { calls, windowMs, window } = this.limit;
		if (window === 'sliding') this.times = this.times.filter((time) => now - time < windowMs);
		else if (now - this.windowStart >= windowMs) {
			this.windowStart = now;
			this.times = [];
		}
		if (this.times.length < calls) {
			this.times.push(now);
			return 0;
		}
		return (window === 'sliding' ? this.times[0]! : this.windowStart) + windowMs - now;
	}
}

/** A small generator of random numbers that always gives the same ones. */
function randomNumbers(): () => number {
	let state = 42;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

type Answer = { closing?: Closing };

/** Plays a scenario with the limiter. */
export async function simulate(scenario: Scenario): Promise<Outcome> {
	const clock = new SimulatedClock();
	return await clock.run(async () => {
		const limiter = new RateLimiter(() => clock.idleMs);
		if (scenario.afterRest) {
			await play(clock, { calls: 1_000, latencyMs: () => 300 }, limiter);
			await clock.after(3_600_000);
		}
		const outcome = await play(clock, scenario, limiter);
		const { limit, calls, runs = 1 } = scenario;
		const windows = limit ? Math.ceil((calls * runs) / limit.calls) - 1 : 0;
		const last = limit ? calls * runs - windows * limit.calls : calls * runs;
		const best = await play(
			clock,
			{ ...scenario, calls: last, runs: 1, limit: undefined },
			new Width200(),
		);
		return { ...outcome, bestMs: best.ms + windows * (limit?.windowMs ?? 0) };
	});
}

/** What the limiter is measured against: it knows everything and always lets 200 in. */
class Width200 {
	private underWay = 0;

	private readonly waiting: Array<() => void> = [];

	async use<T>(call: () => Promise<T>): Promise<T> {
		if (this.underWay === 200) await new Promise<void>((resolve) => this.waiting.push(resolve));
		else this.underWay += 1;
		const result = await call();
		const next = this.waiting.shift();
		if (next) next();
		else this.underWay -= 1;
		return result;
	}
}

async function play(
	clock: SimulatedClock,
	{ calls, runs = 1, latencyMs, limit, threadMs = 1, readingMs = 0 }: Scenario,
	limiter: Pick<RateLimiter, 'use'>,
): Promise<Outcome> {
	const random = randomNumbers();
	const server = limit && new SimulatedLimit(limit);
	const start = clock.now;
	const starts: number[] = [];
	const outcome: Outcome = {
		ms: 0,
		bestMs: 0,
		passed: 0,
		wasted: 0,
		wastedLater: 0,
		failed: 0,
		mostUnderWay: 0,
		starts,
	};
	let underWay = 0;

	const call = async (): Promise<Answer> => {
		underWay += 1;
		outcome.mostUnderWay = Math.max(outcome.mostUnderWay, underWay);
		starts.push(clock.now - start);
		clock.spend(threadMs / 2);
		const ms = latencyMs(starts.length, clock.now - start, random);
		const waitMs = server?.take(clock.now) ?? 0;
		await clock.after(ms);
		clock.spend(threadMs / 2);
		underWay -= 1;
		if (waitMs === 0) return {};
		outcome.wasted += 1;
		if (limit && clock.now - start > limit.windowMs) outcome.wastedLater += 1;
		const retryAfterMs = limit?.retryAfter ? Math.ceil(waitMs / 1_000) * 1_000 : undefined;
		return { closing: { kind: 'limited', retryAfterMs, error: new Error('limited') } };
	};

	const item = async (signal: AbortSignal) => {
		const caller = { signal, budget: new WaitBudget(120_000) };
		try {
			for (;;) {
				const { closing } = await limiter.use(call, caller, (answer) => answer.closing);
				if (!closing) break;
			}
			outcome.passed += 1;
		} catch {
			outcome.failed += 1;
		}
	};
	await Promise.all(
		Array.from({ length: runs }, async () => {
			const { signal } = new AbortController();
			await clock.after(0);
			clock.spend(readingMs);
			await Promise.all(Array.from({ length: calls }, async () => await item(signal)));
		}),
	);
	outcome.ms = clock.now - start;
	return outcome;
}

/** The table of bench/README.md: a run of 1,000 calls, cold, in a thread that sends 1,000 a second. */
export async function simulationTable(): Promise<string> {
	const rows = [['An answer takes', 'No limit', 'Places', ...Object.keys(limits)]];
	for (const [name, latencyMs] of Object.entries(latencies)) {
		const free = await simulate({ calls: 1_000, latencyMs });
		const row = [name, (free.ms / free.bestMs).toFixed(2), String(free.mostUnderWay)];
		for (const limit of Object.values(limits)) {
			const { ms, bestMs, wasted, wastedLater } = await simulate({
				calls: 1_000,
				latencyMs,
				limit,
			});
			row.push(`${(ms / bestMs).toFixed(2)}, ${wasted - wastedLater} + ${wastedLater}`);
		}
		rows.push(row);
	}
	const [head = [], ...body] = rows;
	return [head, head.map((_, at) => (at === 0 ? '---' : '--:')), ...body]
		.map((row) => `| ${row.join(' | ')} |`)
		.join('\n');
}

type Answering = { ms: number; kind: string; retryAfterMs?: number };

/** Calls against an API that answers in the given ways, one after another, from the first again. */
export async function fuzz({
	calls,
	maxWaitMs,
	answers,
	abortedMs,
}: {
	calls: number;
	maxWaitMs: number;
	answers: Answering[];
	abortedMs?: number;
}) {
	const clock = new SimulatedClock();
	const limiter = new RateLimiter(() => clock.idleMs);
	const run = new AbortController();
	const passes = Array.from({ length: calls }, () => 0);
	let started = 0;
	let underWay = 0;
	let mostUnderWay = 0;
	let afterAbort = 0;

	const call = async (item: number): Promise<Answer> => {
		const { ms, kind, retryAfterMs } = answers[started % answers.length]!;
		started += 1;
		if (run.signal.aborted) afterAbort += 1;
		underWay += 1;
		mostUnderWay = Math.max(mostUnderWay, underWay);
		await clock.after(ms);
		underWay -= 1;
		if (kind === 'throws') throw new Error('thrown');
		if (kind === 'limited' || kind === 'notReached') {
			return { closing: { kind, retryAfterMs, error: new Error('too long') } };
		}
		passes[item]! += 1;
		return {};
	};
	const makeCall = async (item: number) => {
		const caller = { signal: run.signal, budget: new WaitBudget(maxWaitMs) };
		try {
			for (;;) {
				const answer = await limiter.use(async () => await call(item), caller, closingOf);
				if (!answer.closing) return 'passed';
			}
		} catch (error) {
			return error === 'aborted' ? 'aborted' : (error as Error).message;
		}
	};

	return await clock.run(async () => {
		if (abortedMs !== undefined) void clock.after(abortedMs).then(() => run.abort('aborted'));
		const outcomes = await Promise.all(passes.map(async (_, item) => await makeCall(item)));
		await clock.after(600_000);
		const after = { signal: new AbortController().signal, budget: new WaitBudget(0) };
		const last = await limiter.use(async () => ({}) as Answer, after, closingOf);
		return { outcomes, passes, mostUnderWay, afterAbort, isUsable: last.closing === undefined };
	});
}

const closingOf = ({ closing }: Answer) => closing;
