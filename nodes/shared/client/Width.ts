const FEWEST = 20;
const MOST = 200;
/** What n8n's thread can send: about 1,000 calls a second. */
const CALLS_PER_MS = 1;
/** With 200 calls at most, slower answers ask for no more; one that hangs must not count for many. */
const SLOWEST_MS = 400;
/** The mean is over about so many answers. */
const REMEMBERED = 50;
/** During so much of an answer's time the thread must have been idle, or it says nothing of the API. */
const LEAST_IDLE = 0.5;

/** How long this process's thread has had nothing to do, in all, in milliseconds. */
export type IdleMs = () => number;

/**
 * How many calls may be under way, by Little's law: the rate that n8n can send, times the mean time of
 * an answer. At least 20, at most 200.
 *
 * In a busy process an answer mostly waits for n8n's own thread, and more calls would only make it wait
 * longer. So an answer counts only when the thread was idle for half of its time: then it was the API
 * that took the time.
 */
export class Width {
	private meanMs = 0;

	private answers = 0;

	constructor(private readonly idleMs: IdleMs = nodeIdleMs) {}

	get places(): number {
		return Math.round(Math.min(MOST, Math.max(FEWEST, CALLS_PER_MS * this.meanMs)));
	}

	/** To be called when a call starts. @returns what to call when its answer has just been seen */
	start(): () => void {
		const startedAt = Date.now();
		const idleBefore = this.idleMs();
		return () => {
			const answerMs = Date.now() - startedAt;
			if (this.idleMs() - idleBefore >= LEAST_IDLE * answerMs) this.learn(answerMs);
		};
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
