import { pause } from './abort';

/**
 * How long one item may still wait ('Max Wait'), in all its calls and pages together: while a rate
 * limit keeps it from sending, between two attempts, and before Issue Once looks again. The time that
 * calls take does not count, and the time that several of its calls wait side by side counts once.
 */
export class WaitBudget {
	private waitedMs = 0;

	/** Up to when waits have been counted (epoch milliseconds). */
	private countedUntil = 0;

	/** How often in a row its call was refused, and is going to be repeated. Kept by the RateLimiter. */
	refusals = 0;

	/**
	 * One of its calls has passed, so its others go in front: one item is finished before another begins,
	 * or what it has read would grow old. Kept by the RateLimiter.
	 */
	hasPassed = false;

	constructor(private readonly maxWaitMs: number) {}

	/** Milliseconds it may still wait; not below 0. */
	get left(): number {
		return this.leftOf(this.maxWaitMs);
	}

	/** The same where waits may take `mostMs` in all, which may be less than 'Max Wait'. */
	leftOf(mostMs: number): number {
		return Math.max(0, Math.min(mostMs, this.maxWaitMs) - this.waitedMs);
	}

	/** Counts a wait of so many milliseconds that ends at `end`. */
	spend(ms: number, end = Date.now()): void {
		this.waitedMs += this.uncounted(ms, end);
		this.countedUntil = Math.max(this.countedUntil, end);
	}

	/**
	 * Waits between two attempts.
	 *
	 * @returns false, at once, when that is more than is left
	 * @throws the signal's reason as soon as it aborts
	 */
	async pause(ms: number, signal: AbortSignal): Promise<boolean> {
		const end = Date.now() + ms;
		if (this.uncounted(ms, end) > this.left) return false;
		this.spend(ms, end);
		await pause(ms, signal);
		return true;
	}

	private uncounted(ms: number, end: number): number {
		return Math.max(0, Math.min(ms, end - this.countedUntil));
	}
}
