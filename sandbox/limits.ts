import type { RateLimit } from './types';

/** Counts calls per key. A refused call does not count. */
export class RateLimiter {
	private readonly fixed = new Map<string, { start: number; used: number }>();

	private readonly sliding = new Map<string, number[]>();

	/** Milliseconds until the key may call again; 0 when this call is allowed (and counted). */
	take(key: string, limit: RateLimit, now: number): number {
		return limit.window === 'sliding'
			? this.takeSliding(key, limit, now)
			: this.takeFixed(key, limit, now);
	}

	reset(): void {
		this.fixed.clear();
		this.sliding.clear();
	}

	/** The window starts with its first call, not on the minute: tests stay clear of boundaries. */
	private takeFixed(key: string, limit: RateLimit, now: number): number {
		let window = this.fixed.get(key);
		if (!window || now - window.start >= limit.windowMs) {
			window = { start: now, used: 0 };
			this.fixed.set(key, window);
		}
		if (window.used >= limit.calls) return window.start + limit.windowMs - now;
		window.used++;
		return 0;
	}

	/** Keeps the times of the last `calls` allowed calls; the oldest one must have left the window. */
	private takeSliding(key: string, limit: RateLimit, now: number): number {
		let times = this.sliding.get(key);
		if (!times) {
			times = [];
			this.sliding.set(key, times);
		}
		while (times[0] !== undefined && now - times[0] >= limit.windowMs) times.shift();
		if (times.length >= limit.calls) return (times[0] ?? now) + limit.windowMs - now;
		times.push(now);
		return 0;
	}
}

/** The value of `Retry-After` for a wait, in the form the limit asks for. */
export function retryAfterValue(limit: RateLimit, waitMs: number, now: number): string | undefined {
	switch (limit.retryAfter ?? 'seconds') {
		case 'none':
			return undefined;
		case 'date':
			// HTTP dates have whole seconds: round up, or the caller comes back too early.
			return new Date(Math.ceil((now + waitMs) / 1000) * 1000).toUTCString();
		case 'seconds':
			return String(Math.max(1, Math.ceil(waitMs / 1000)));
	}
}
