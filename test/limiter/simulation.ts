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

	/** Work in the thread: time passes, and no timer fires. */
	spend(ms: number): void {
		this.now += ms;
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
	const limiter = new SimulatedClock();
	return await limiter.run(async () => {
		const real = new RateLimiter();
		if (scenario.afterRest) {
			await play(limiter, { calls: 1_000, latencyMs: () => 300 }, real);
			await limiter.after(3_600_000);
		}
		const outcome = await play(limiter, scenario, real);
		const { limit, calls, runs = 1 } = scenario;
		const windows = limit ? Math.ceil((calls * runs) / limit.calls) - 1 : 0;
		const last = limit ? calls * runs - windows * limit.calls : calls * runs;
		const best = await play(
			limiter,
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

	const item = async () => {
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
	const { signal } = new AbortController();
	await Promise.all(
		Array.from({ length: runs }, async () => {
			await clock.after(0);
			clock.spend(readingMs);
			await Promise.all(Array.from({ length: calls }, item));
		}),
	);
	outcome.ms = clock.now - start;
	return outcome;
}
