/** After a closing, each call that passes lets so many more be under way ... */
const FOLLOWERS = 9;
/** ... until so many have passed: then that is as many as there ever are. */
const CAREFUL_FOR = 22;
/** Beyond all quotas, each so many calls that pass let one more be under way. */
const PASSES_PER_TRY = 2;
/** While calls are tried: after so long in which none passed, one more may start. */
const TRY_ANOTHER_AFTER_MS = 1_000;

/**
 * A time in which calls may pass, from one closing to the next.
 *
 * After a closing, one call is tried first; when it has passed, the others follow quickly, up to the
 * number of calls that had passed before one of the last closings. There a single call is tried again;
 * beyond the largest of these numbers, each two that pass let one more be under way. So a rate limit that
 * is known wastes hardly a call. No call that is tried holds the others for long, however slow it is.
 */
export class Opening {
	readonly since = Date.now();

	/** How many calls passed. A late answer counts where its call started. */
	passed = 0;

	private started = 0;

	/** How many of the calls under way are tries. */
	private trying = 0;

	private lastPass = this.since;

	/**
	 * @param quotas how many calls passed before each of the last few closings by a rate limit
	 * @param isReopening whether there was a closing before
	 */
	constructor(
		readonly quotas: readonly number[] = [],
		readonly isReopening = false,
	) {}

	mayStart(): boolean {
		return this.trying < this.mostTries();
	}

	/** Counts a call that starts. @returns what to call when it has ended */
	start(): () => void {
		const isTry = this.mostTries() < Infinity;
		this.started += 1;
		if (!isTry) return () => {};
		this.trying += 1;
		return () => void (this.trying -= 1);
	}

	pass(): void {
		this.passed += 1;
		this.lastPass = Date.now();
	}

	/** How many tries may be under way; Infinity when calls need not be tried. */
	private mostTries(): number {
		if (!this.isReopening) return Infinity;
		const { passed, quotas, started } = this;
		// Not below 0 when the computer's clock has been set back.
		const withoutPassMs = Math.max(0, Date.now() - this.lastPass);
		const first = 1 + Math.floor(withoutPassMs / TRY_ANOTHER_AFTER_MS);
		// Of no quotas, the largest is -Infinity.
		const reached = Math.max(...quotas.filter((quota) => quota <= started));
		if (reached === Math.max(...quotas) && quotas.length > 0) {
			return first + Math.floor(Math.max(0, passed - reached) / PASSES_PER_TRY);
		}
		if (passed <= reached) return first;
		return passed < CAREFUL_FOR ? first + passed * FOLLOWERS : Infinity;
	}
}
