import { sleep } from 'n8n-workflow';

const FEWEST = 20;
const MOST = 200;
/** What n8n's thread can send: about 1,000 calls a second. */
const CALLS_PER_MS = 1;
/** With 200 calls at most, slower answers ask for no more; one that hangs must not count for many. */
const SLOWEST_MS = 400;
/** The mean is over about so many answers. */
const REMEMBERED = 50;
/** A timer may be late by this much in an idle thread. */
const TIMER_TOLERANCE_MS = 1;

/**
 * How many calls may be under way, by Little's law: the rate that n8n can send, times the mean time of
 * an answer. At least 20, at most 200.
 *
 * In a busy process an answer mostly waits for n8n's own thread, and more calls would only make it wait
 * longer. So what counts is the API's time: until the answer is seen, less what the thread is late by
 * at that moment, which a timer shows.
 */
export class Width {
	private meanMs = 0;

	private answers = 0;

	/** When the present timer is due, and how late the one before it was. */
	private timerDue = Infinity;

	private lateMs = 0;

	get places(): number {
		return Math.round(Math.min(MOST, Math.max(FEWEST, CALLS_PER_MS * this.meanMs)));
	}

	/** @param startedAt when the call started whose answer has just been seen, epoch milliseconds */
	learn(startedAt: number): void {
		const answerMs = Math.max(0, Date.now() - startedAt - this.lateNow());
		this.answers = Math.min(REMEMBERED, this.answers + 1);
		this.meanMs += (Math.min(SLOWEST_MS, answerMs) - this.meanMs) / this.answers;
	}

	/** Sleeps, and sees how late that ends. To be called again and again while it is to learn. */
	async sleep(ms: number): Promise<void> {
		this.timerDue = Date.now() + ms + TIMER_TOLERANCE_MS;
		await sleep(ms);
		this.lateMs = Math.max(0, Date.now() - this.timerDue);
		this.timerDue = Infinity;
	}

	private lateNow(): number {
		return this.lateMs + Math.max(0, Date.now() - this.timerDue);
	}
}
