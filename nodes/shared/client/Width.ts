import { sleep } from 'n8n-workflow';

const FEWEST = 20;
const MOST = 200;
/** What n8n's thread can send: about 1,000 calls a second. */
const CALLS_PER_MS = Number(process.env.RATE ?? 1);
/** With 200 calls at most, slower answers ask for no more; one that hangs must not count for many. */
const SLOWEST_MS = 400;
/** The mean is over about so many answers. */
const REMEMBERED = Number(process.env.REM ?? 50);
/** A timer may be late by this much in an idle thread. */
const TIMER_TOLERANCE_MS = 1;

/**
 * How many calls may be under way, by Little's law: the rate that n8n can send, times the mean time of
 * an answer. At least 20, at most 200.
 *
 * In a busy process a call mostly waits for n8n's own thread, and more calls would only wait longer.
 * So what counts is the API's time: the time of the answer less what the thread was late meanwhile,
 * seen by timers that fired late.
 */
export class Width {
	private meanMs = 0;

	private answers = 0;

	private lateMs = 0;

	private timerDue = Infinity;

	get places(): number {
		return Math.round(Math.min(MOST, Math.max(FEWEST, CALLS_PER_MS * this.meanMs)));
	}

	/** Starts to measure a call. @returns to be called when its answer is there */
	start(): () => void {
		const since = Date.now() - this.lateSoFar();
		return () => this.learn(Math.max(0, Date.now() - this.lateSoFar() - since));
	}

	/** Sleeps, and sees how late that ends. To be called again and again while calls are measured. */
	async sleep(ms: number): Promise<void> {
		this.timerDue = Date.now() + ms;
		await sleep(ms);
		this.lateMs = this.lateSoFar();
		this.timerDue = Infinity;
	}

	private learn(answerMs: number): void {
		this.answers = Math.min(REMEMBERED, this.answers + 1);
		this.meanMs += (Math.min(SLOWEST_MS, answerMs) - this.meanMs) / this.answers;
	}

	/** How late all timers so far were, and the present one is, in milliseconds. */
	private lateSoFar(): number {
		return this.lateMs + Math.max(0, Date.now() - this.timerDue - TIMER_TOLERANCE_MS);
	}
}
