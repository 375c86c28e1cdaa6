/** When the time of the reopening was guessed, each call that passes lets so many more at a time. */
const FOLLOWERS = 9;
/** How many must pass until calls need not be tried; 22 let 200 more, as many as are ever under way. */
const CAREFUL_FOR = { noClosing: 0, told: 1, guessed: 22 };
/** Beyond the quota, each so many calls that pass let one more at a time. */
const PASSES_PER_TRY = 2;
/** While calls are tried: after so long without an answer that is good, one more may start. */
const TRY_ANOTHER_AFTER_MS = 1_000;

/**
 * A time in which calls may pass, from one closing to the next.
 *
 * After a closing, one call is tried first. When it has passed, the others follow: all at once if the
 * API told the time, by and by if it was guessed. Beyond the quota, as many as passed the last time,
 * calls are tried one by one again, so that the next closing wastes hardly a call. No call that is
 * tried holds the others for long, however slow it is.
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
	 * @param quota 0 when none is known
	 * @param after how the time of the closing before was known
	 */
	constructor(
		readonly quota = 0,
		private readonly after: keyof typeof CAREFUL_FOR = 'noClosing',
	) {}

	mayStart(): boolean {
		return this.trying < this.mayTry();
	}

	/** Counts a call that starts. @returns what to call when it has ended */
	start(): () => void {
		const isTry = this.mayTry() < Infinity;
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
	private mayTry(): number {
		const { passed, quota } = this;
		const silence = Math.floor((Date.now() - this.lastPass) / TRY_ANOTHER_AFTER_MS);
		if (quota > 0 && this.started >= quota) {
			return 1 + silence + Math.floor(Math.max(0, passed - quota) / PASSES_PER_TRY);
		}
		if (passed >= CAREFUL_FOR[this.after]) return Infinity;
		return 1 + silence + passed * FOLLOWERS;
	}
}
