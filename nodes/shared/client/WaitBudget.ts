import { pause } from './abort';

/**
 * How long one item may still wait ('Max Wait'), in all its calls and pages together: while a rate
 * limit keeps it from sending, and between two attempts. The time that calls take does not count.
 */
export class WaitBudget {
	private waitedMs = 0;

	/** Its last call was refused, and is going to be repeated. Kept by the RateLimiter. */
	wasRefused = false;

	constructor(private readonly maxWaitMs: number) {}

	/** Milliseconds it may still wait; not below 0. */
	get left(): number {
		return this.leftOf(this.maxWaitMs);
	}

	/** The same when a wait may take `mostMs` in all, for reasons that deserve less patience. */
	leftOf(mostMs: number): number {
		return Math.max(0, Math.min(mostMs, this.maxWaitMs) - this.waitedMs);
	}

	spend(ms: number): void {
		this.waitedMs += ms;
	}

	/**
	 * Waits between two attempts.
	 *
	 * @returns false, at once, when that is more than is left
	 * @throws the signal's reason as soon as it aborts
	 */
	async pause(ms: number, signal: AbortSignal): Promise<boolean> {
		if (ms > this.left) return false;
		this.spend(ms);
		await pause(ms, signal);
		return true;
	}
}
