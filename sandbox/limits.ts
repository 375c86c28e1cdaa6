import type { RateLimit } from './types';

/** Counts calls per key. */
export class RateLimiter {
	/** A caller was told to wait, and nobody has been let through since. */
	hasRefused = false;

	/** Times of the calls that count, oldest first. */
	private readonly counted = new Map<string, number[]>();

	/**
	 * Milliseconds until the key may call again; 0 when this call is allowed (and counted).
	 * `countRefused`: refused calls count too, so that a caller who never rests is never let in.
	 */
	take(key: string, limit: RateLimit, now: number, countRefused = false): number {
		let times = this.counted.get(key);
		if (!times) {
			times = [];
			this.counted.set(key, times);
		}
		forgetOld(times, limit, now);
		const full = times.length >= limit.calls;
		if (!full || countRefused) times.push(now);
		if (!full) return 0;
		// The call that has to leave the window before another one fits in.
		const [first = now] =
			limit.window === 'sliding' ? times.slice(times.length - Math.max(1, limit.calls)) : times;
		return first + limit.windowMs - now;
	}

	reset(): void {
		this.counted.clear();
		this.hasRefused = false;
	}
}

/** A fixed window starts with its first call, not on the minute: tests stay clear of boundaries. */
function forgetOld(times: number[], limit: RateLimit, now: number): void {
	const isOld = (at: number | undefined) => at !== undefined && now - at >= limit.windowMs;
	if (limit.window !== 'sliding') {
		if (isOld(times[0])) times.length = 0;
		return;
	}
	while (isOld(times[0])) times.shift();
}

/** The value of `Retry-After` for a wait, in the form the limit asks for. */
export function retryAfterValue(limit: RateLimit, waitMs: number, now: number): string | undefined {
	const { retryAfter = 'seconds' } = limit;
	switch (retryAfter) {
		case 'none':
			return undefined;
		case 'date':
			// HTTP dates have whole seconds: round up, or the caller comes back too early.
			return new Date(Math.ceil((now + waitMs) / 1000) * 1000).toUTCString();
		case 'seconds':
			return String(Math.max(1, Math.ceil(waitMs / 1000)));
		default:
			return String(retryAfter);
	}
}
