/** While calls go one by one: after so long without an answer that is good, one more may start. */
const TRY_ANOTHER_AFTER_MS = 1_000;
/** Beyond the quota, each so many calls that pass let one more at a time. */
const PASSES_PER_TRY = 2;

/**
 * A time in which calls may pass, from one closing to the next. After a closing, one goes first, and
 * the others when it has passed. Beyond the quota, as many as passed the last time, they go one by one
 * again: so the next closing wastes hardly a call. Neither lets a slow call hold the others.
 */
export class Opening {
	/** How many calls passed. A late answer counts where its call started. */
	passed = 0;

	private started = 0;

	/** Calls under way that went one by one. */
	private trying = 0;

	readonly since = Date.now();

	private lastPass = this.since;

	/**
	 * @param quota 0 when none is known
	 * @param isProven false after a closing, until a call has passed
	 */
	constructor(
		readonly quota = 0,
		private isProven = true,
		private readonly isGuess = false,
	) {}

	mayStart(): boolean {
		return !this.goesOneByOne() || this.trying < this.triesAllowed();
	}

	/** Counts a call that starts. @returns what to call when it has ended */
	start(): () => void {
		const isTry = this.goesOneByOne();
		this.started += 1;
		if (!isTry) return () => {};
		this.trying += 1;
		return () => (this.trying -= 1);
	}

	pass(): void {
		this.passed += 1;
		this.lastPass = Date.now();
		this.isProven = true;
	}

	private goesOneByOne(): boolean {
		const isBeyond = this.quota > 0 && this.started >= this.quota;
		return !this.isProven || isBeyond || (this.isGuess && this.passed < 200);
	}

	private triesAllowed(): number {
		const isBeyond = this.quota > 0 && this.started >= this.quota;
		const more = isBeyond
			? Math.max(0, this.passed - this.quota) / PASSES_PER_TRY
			: this.passed * RAMP;
		const silentMs = Date.now() - this.lastPass;
		return 1 + Math.floor(more) + Math.floor(silentMs / TRY_ANOTHER_AFTER_MS);
	}
}
const RAMP = Number(process.env.RAMP ?? 1);
