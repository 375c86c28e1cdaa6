/** Enough for answers within 35 ms: the thread sends a call or two a millisecond. */
const FEWEST = 20;
const ENOUGH_FOR_MS = 35;
/** What each further millisecond of an answer makes room for. */
const CALLS_PER_MS = 2;
const MOST = 200;
/** So many may be under way beside those that hang, however many these are. */
const ALWAYS_FREE = 5;
/** With 200 calls at most, slower answers ask for no more; one that hangs must not count for many. */
const SLOWEST_MS = 400;
/** A call that has waited so long hangs: it is not to keep others from starting. */
const HANGS_AFTER_MS = 5_000;
/** The mean is over about so many answers. */
const REMEMBERED = 50;
/** During so much of an answer's time the thread must have been idle, or it says nothing of the API. */
const LEAST_IDLE = 0.5;
/** The API took at least as long as the thread was idle; no more than so many times that counts. */
const MOST_OF_IDLE = 1.6;

/** How long this process's thread has had nothing to do, in all, in milliseconds. */
export type IdleMs = () => number;

/**
 * How many calls may be under way: 20, and two more for each millisecond that an answer takes beyond 35,
 * at most 200. That is Little's law, the rate that n8n can send times the time of an answer, with few
 * calls for fast answers, so that a rate limit that is met refuses few. Before the first answer has come,
 * the time counts that it has been waited for. Calls that hang keep no others from starting.
 *
 * In a busy process an answer mostly waits for n8n's own thread, and more calls would only make it wait
 * longer. So an answer counts only when the thread was idle for half of its time, and for little more than
 * that idle time: then it was the API that took the time.
 */
export class Width {
	private meanMs = 0;

	private answers = 0;

	/** How long the thread had been idle when each of the calls under way started, the oldest first. */
	private readonly underWay = new Set<{ idleBefore: number }>();

	constructor(private readonly idleMs: IdleMs = nodeIdleMs) {}

	get places(): number {
		const answerMs = this.isKnown ? this.meanMs : this.waitedMs();
		const more = CALLS_PER_MS * Math.max(0, answerMs - ENOUGH_FOR_MS);
		const hanging = this.hanging();
		// Else 200 that hang would close the credential until they end.
		return Math.round(Math.max(Math.min(MOST, FEWEST + more + hanging), hanging + ALWAYS_FREE));
	}

	/** Whether an answer has shown how long the API takes. */
	get isKnown(): boolean {
		return this.answers > 0;
	}

	/**
	 * To be called when a call starts.
	 *
	 * @returns what to call when it has ended, with whether its answer shows how long the API takes
	 */
	start(): (isAnswer: boolean) => void {
		const startedAt = Date.now();
		const call = { idleBefore: this.idleMs() };
		this.underWay.add(call);
		return (isAnswer) => {
			this.underWay.delete(call);
			const answerMs = Date.now() - startedAt;
			const idleMs = this.idleMs() - call.idleBefore;
			if (isAnswer && idleMs >= LEAST_IDLE * answerMs)
				this.learn(Math.min(answerMs, MOST_OF_IDLE * idleMs));
		};
	}

	/** How many calls hang. The oldest come first. */
	private hanging(): number {
		if (this.underWay.size === 0) return 0;
		const startedBefore = this.idleMs() - HANGS_AFTER_MS;
		let count = 0;
		for (const { idleBefore } of this.underWay) {
			if (idleBefore > startedBefore) break;
			count += 1;
		}
		return count;
	}

	/** How long the oldest call has waited for its answer, and not for the thread. */
	private waitedMs(): number {
		const [oldest] = this.underWay;
		return oldest ? this.idleMs() - oldest.idleBefore : 0;
	}

	private learn(answerMs: number): void {
		this.answers = Math.min(REMEMBERED, this.answers + 1);
		this.meanMs += (Math.min(SLOWEST_MS, answerMs) - this.meanMs) / this.answers;
	}
}

/** A global of Node's (perf_hooks), in none of the type libraries that a node may use. */
declare const performance: { eventLoopUtilization?: () => { idle: number } } | undefined;

/** Where Node does not tell, the thread counts as idle, and every answer counts. */
function nodeIdleMs(): number {
	if (typeof performance === 'undefined') return Date.now();
	return performance.eventLoopUtilization?.().idle ?? Date.now();
}
