import { sleep } from 'n8n-workflow';

import { Backoff, plausibleRetryAfter } from './Backoff';
import { FairQueue } from './FairQueue';
import { Opening } from './Opening';
import type { WaitBudget } from './WaitBudget';
import { type IdleMs, Width } from './Width';

/** Why all calls of a credential have to pause. */
export interface Closing {
	/** `notReached`: the host could not be reached, which says nothing about a rate limit. */
	kind: 'limited' | 'notReached';
	/** What the API asks for, in milliseconds. */
	retryAfterMs?: number;
	/** What those get who cannot wait that long; the same for all of them. */
	error: Error;
}

/** On whose behalf a call is made: the same for all calls of one item. */
interface WaitOptions {
	signal: AbortSignal;
	budget: WaitBudget;
}

interface Waiting {
	budget: WaitBudget;
	since: number;
	/** What it gives back when its call has ended; set when it is let in. */
	place?: Place;
}

interface Place {
	opening: Opening;
	giveBack: () => void;
}

/** A host that cannot be reached is more likely mistyped than busy. */
const UNREACHED_MAX_WAIT_MS = 15_000;
const FORGET_AFTER_MS = 60_000;
/** The quotas of so many closings are remembered. */
const QUOTAS = 4;
/**
 * So many calls start in one go. Then n8n's thread opens their connections and gets to other work: else
 * 200 that start together are answered together, and each round waits for the last one.
 */
const AT_ONCE = 20;
/** From so many calls under way on, answers are measured: what few calls take does not matter. */
const MEASURED_FROM = 5;
/** One that was refused more often in a row may have a limit of its own: then all its waiting counts. */
const REFUSED_ALONE = 5;
const NAP_MS = 250;
/** As long as no answer has come, waiting for it makes room for more calls. */
const FIRST_ANSWER_NAP_MS = 20;
/** While calls are tried, somebody's 'Max Wait' may be over at any moment. */
const TRY_NAP_MS = 50;

/**
 * The calls of one credential in this process. A call may start when fewer are under way than the
 * API's answering time asks for (see Width), and no refusal stands against it: after one, nobody starts
 * for a while (see Backoff), then one call goes first, and the others follow as far as the quota is
 * known to go (see Opening). Many start in turns, 20 in one go.
 */
export class RateLimiter {
	private readonly queue = new FairQueue<Waiting>();

	private width: Width;

	private backoff = new Backoff();

	private opening = new Opening();

	private underWay = 0;

	/** How many calls have started since the thread got to other work. */
	private startedInTurn = 0;

	/** What closed it last, and until when (epoch milliseconds) it is closed. */
	private closing?: Closing;

	private closedUntil?: number;

	/** How long that was, when it closed. */
	private closedForMs = 0;

	/** Since when nothing has passed, because it was closed. */
	private stuckSince?: number;

	/**
	 * Whether the last one in the queue is tried first. Every other time, as long as nothing passes: it may
	 * be only those in front whom the API refuses, by a limit of their own.
	 */
	private lastFirst = false;

	private lastUse = Date.now();

	private isWatching = false;

	/** @param idleMs how long the thread has been idle in all; by default Node's own count */
	constructor(private readonly idleMs?: IdleMs) {
		this.width = new Width(idleMs);
	}

	/**
	 * Makes a call when it is its turn. A call that was refused is repeated by calling this again with
	 * the same budget: it then waits in front of its run's others.
	 *
	 * @param closedBy whether all calls have to pause after this result, and why
	 * @returns the call's result, also when it closed the limiter
	 * @throws the closing's error when the wait takes, or is going to take, longer than the budget has
	 * left; the signal's reason when it aborts before the call starts; what the call throws. In the
	 * first two cases nothing was sent
	 */
	async use<T>(
		call: () => Promise<T>,
		{ signal, budget }: WaitOptions,
		closedBy: (result: T) => Closing | undefined,
	): Promise<T> {
		signal.throwIfAborted();
		if (this.canBeForgotten) this.forget();
		this.reopenInTime();
		const { opening, giveBack } =
			this.queue.size === 0 && this.mayStart()
				? this.takePlace()
				: await this.wait({ budget, since: Date.now() }, signal);
		const ended = this.underWay >= MEASURED_FROM ? this.width.start() : undefined;
		let hasPassed = false;
		try {
			// It may abort between being let in and this line.
			signal.throwIfAborted();
			const result = await call();
			const closing = closedBy(result);
			budget.refusals = closing ? budget.refusals + 1 : 0;
			if (closing) this.close(closing, opening);
			else this.pass(opening);
			hasPassed = closing === undefined;
			budget.hasPassed ||= hasPassed;
			return result;
		} finally {
			ended?.(hasPassed);
			giveBack();
			this.letIn();
		}
	}

	/** Nobody needs it, and it holds nothing that is still worth knowing. */
	get canBeForgotten(): boolean {
		const isUsed = this.underWay > 0 || this.queue.size > 0;
		return !isUsed && Date.now() > Math.max(this.lastUse + FORGET_AFTER_MS, this.closedUntil ?? 0);
	}

	private forget(): void {
		this.width = new Width(this.idleMs);
		this.backoff = new Backoff();
		this.opening = new Opening();
		this.closing = this.closedUntil = this.stuckSince = undefined;
	}

	private async wait(who: Waiting, signal: AbortSignal): Promise<Place> {
		const { budget } = who;
		const tooLong = this.whyTooLong(who);
		if (tooLong) throw tooLong;
		const inFront = budget.refusals > 0 || budget.hasPassed;
		const entered = this.queue.wait(who, signal, inFront);
		this.letIn();
		void this.watch();
		try {
			await entered;
			return who.place!;
		} finally {
			budget.spend(Date.now() - this.waitsSince(who));
		}
	}

	private letIn(): void {
		this.reopenInTime();
		while (this.queue.size > 0 && this.mayStart()) {
			const next = this.queue.letNextIn(this.lastFirst && this.opening.passed === 0);
			if (next) next.place = this.takePlace();
		}
	}

	private mayStart(): boolean {
		if (this.closedUntil !== undefined || this.startedInTurn >= AT_ONCE) return false;
		return this.underWay < this.width.places && this.opening.mayStart();
	}

	/** Taken before the call runs, so that nobody slips in between. */
	private takePlace(): Place {
		const { opening } = this;
		const ended = opening.start();
		this.underWay += 1;
		this.startedInTurn += 1;
		if (this.startedInTurn === 1) void this.endTurn();
		const giveBack = () => {
			ended();
			this.underWay -= 1;
			this.lastUse = Date.now();
		};
		return { opening, giveBack };
	}

	private async endTurn(): Promise<void> {
		await sleep(0);
		this.startedInTurn = 0;
		this.letIn();
	}

	private pass(opening: Opening): void {
		opening.pass();
		const isLate = opening !== this.opening || this.closedUntil !== undefined;
		if (isLate || this.stuckSince === undefined) return;
		if (this.closing?.kind === 'limited' && !plausibleRetryAfter(this.closing.retryAfterMs)) {
			this.backoff.learn(opening.since - this.stuckSince);
		}
		this.stuckSince = undefined;
	}

	private close(closing: Closing, opening: Opening): void {
		const askedMs = plausibleRetryAfter(closing.retryAfterMs);
		const isLate = opening !== this.opening || this.closedUntil !== undefined;
		// Calls that were under way at a closing also tell how long to wait; they do not prolong a guess.
		if (isLate && !askedMs) return;
		const now = Date.now();
		const pauseMs = askedMs ?? this.backoff.guessMs(this.stuckSince === undefined);
		this.stuckSince ??= now;
		this.closing = closing;
		this.closedUntil = Math.max(now + pauseMs, this.closedUntil ?? 0);
		this.closedForMs = this.closedUntil - now;
		this.sendAway();
	}

	private reopenInTime(): void {
		if (this.closedUntil === undefined) return;
		const leftMs = this.closedUntil - Date.now();
		// More is left than it was closed for: the computer's clock has been set back.
		if (leftMs > 0 && leftMs <= this.closedForMs) return;
		const { passed, quotas, isReopening } = this.opening;
		this.lastFirst = isReopening && passed === 0 && !this.lastFirst;
		const isLimit = this.closing?.kind === 'limited' && passed > 0;
		this.opening = new Opening(isLimit ? [passed, ...quotas].slice(0, QUOTAS) : quotas, true);
		this.closedUntil = undefined;
	}

	/** Ends the wait of those who would wait too long. */
	private sendAway(): void {
		if (this.stuckSince === undefined) return;
		this.queue.sendAway((who) => this.whyTooLong(who));
	}

	private whyTooLong(who: Waiting): Error | undefined {
		if (!this.closing || this.stuckSince === undefined) return undefined;
		const { kind, error } = this.closing;
		const { budget } = who;
		const mayWaitMs = kind === 'limited' ? budget.left : budget.leftOf(UNREACHED_MAX_WAIT_MS);
		const opensAt = this.closedUntil ?? Date.now();
		return opensAt - this.waitsSince(who) > mayWaitMs ? error : undefined;
	}

	/**
	 * Since when its budget runs: a queue that moves is no wait, except for one that is refused again and
	 * again. (A whole first round may be refused a few times, and its calls wait for one another.)
	 */
	private waitsSince({ budget, since }: Waiting): number {
		const isAlone = budget.refusals > REFUSED_ALONE;
		return isAlone ? since : Math.max(since, this.stuckSince ?? Date.now());
	}

	/** Looks after time as long as somebody waits. */
	private async watch(): Promise<void> {
		if (this.isWatching) return;
		this.isWatching = true;
		while (this.queue.size > 0) {
			await sleep(this.napMs());
			this.letIn();
			if (this.closedUntil === undefined) this.sendAway();
		}
		this.isWatching = false;
	}

	private napMs(): number {
		if (this.closedUntil === undefined) {
			if (this.stuckSince !== undefined) return TRY_NAP_MS;
			return this.width.isKnown ? NAP_MS : FIRST_ANSWER_NAP_MS;
		}
		return Math.max(1, Math.min(NAP_MS, this.closedUntil - Date.now()));
	}
}

const limiters = new Map<string, RateLimiter>();

/**
 * The limiter of a credential, the same for all executions in this process. To be asked for each call
 * or run: one that was not used for a minute is dropped, as it has nothing left to remember.
 */
export function limiterOf(credentialId: string): RateLimiter {
	const known = limiters.get(credentialId);
	if (known) return known;
	for (const [id, { canBeForgotten }] of limiters) if (canBeForgotten) limiters.delete(id);
	const limiter = new RateLimiter();
	limiters.set(credentialId, limiter);
	return limiter;
}
