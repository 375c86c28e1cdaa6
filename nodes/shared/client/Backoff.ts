const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;
const GROWTH = 1.25;
/** Once it is known how long a closing takes, it is tried a little before that, and then in small steps. */
const EARLIER = 0.9;
const SMALLEST_STEP_MS = 500;
/** What is shorter would be a busy loop. */
const SHORTEST_RETRY_AFTER_MS = 100;
/** A longer `Retry-After` is more likely a mistake than a limit. */
const LONGEST_RETRY_AFTER_MS = 5 * 60_000;

/**
 * How long calls pause after a refusal: as long as the API asks for, or else 1 second, and each time a
 * quarter longer while refusals go on, up to 30 seconds. How long it took the last time is where the
 * next guess begins: a rate limit opens at a steady beat.
 */
export class Backoff {
	private firstMs = FIRST_MS;

	private stepMs = FIRST_MS;

	/** The next pause when the API asks for none and the one before was too short. */
	private nextMs = FIRST_MS;

	/** @param isFirst whether calls passed since the last refusal */
	guessMs(isFirst: boolean): number {
		if (isFirst) {
			this.nextMs = this.stepMs;
			return this.firstMs;
		}
		const pauseMs = this.nextMs;
		this.nextMs = Math.min(LONGEST_MS, pauseMs * GROWTH);
		return pauseMs;
	}

	/** @param closedMs how long no call passed, when the API had asked for no pause */
	learn(closedMs: number): void {
		this.firstMs = Math.min(LONGEST_MS, Math.max(FIRST_MS, EARLIER * closedMs));
		this.stepMs = Math.max(SMALLEST_STEP_MS, closedMs - this.firstMs);
	}
}

/** @returns the pause that the API asks for, in ms; undefined when it asks for none, or an odd one */
export function plausibleRetryAfter(retryAfterMs = 0): number | undefined {
	const isOdd = !(retryAfterMs > 0 && retryAfterMs <= LONGEST_RETRY_AFTER_MS);
	return isOdd ? undefined : Math.max(SHORTEST_RETRY_AFTER_MS, retryAfterMs);
}
