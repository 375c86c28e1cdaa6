import { sleep } from 'n8n-workflow';

import { CallProblem, type Problem } from '../response/Problem';

/** How long somebody may wait, and since when it waits. Times in milliseconds. */
export interface Patience {
	since: number;
	maxWait: number;
	/** Since when this very call is being refused: then what passes for others does not count. */
	refusedSince?: number;
	/** Rejects as soon as the run is over, for those who wait; the same as a question, for those who go. */
	stopped: Promise<never>;
	isStopped: () => boolean;
}

interface Waiting extends Patience {
	enter: () => void;
	refuse: (problem: Problem) => void;
}

const FIRST_PLACES = 20;
const PASSES_PER_PLACE = 20;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const FORGET_AFTER_MS = 60_000;
/** A host that cannot be reached is more likely mistyped than busy. */
const UNREACHED_PATIENCE_MS = 15_000;

/**
 * The way of all calls of one credential to the API, in this process.
 *
 * It closes for everybody when the API says that the rate limit is used up, opens for one call first,
 * and remembers how many calls passed between two closings, so that next time hardly a call is wasted.
 */
export class Lane {
	private open = 0;

	private readonly waiting: Waiting[] = [];

	/** Why and until when (epoch milliseconds) nobody may enter. */
	private closed?: { until: number; problem: Problem };

	private pauseMs = FIRST_PAUSE_MS;

	private probing = false;

	private started = 0;

	private passed = 0;

	/** How many calls passed between the last two closings; 0 as long as nothing was refused. */
	private budget = 0;

	private lastPass = 0;

	private ticking = false;

	/**
	 * Waits for leave to make one call. Each `enter` must be followed by one `leave`.
	 *
	 * @throws CallProblem with what closed the lane when it stays closed for longer than `maxWait`
	 */
	async enter(patience: Patience): Promise<void> {
		if (this.isForgotten()) this.forget();
		if (patience.isStopped()) throw new CallProblem({ fault: 'stopped' });
		if (!this.closed && this.waiting.length === 0 && this.open < this.places()) this.letOneIn();
		else await this.wait(patience);
	}

	private async wait(patience: Patience): Promise<void> {
		const mine: Waiting = { ...patience, enter: () => {}, refuse: () => {} };
		const entered = new Promise<void>((resolve, reject) => {
			mine.enter = resolve;
			mine.refuse = (problem) => reject(new CallProblem(problem));
		});
		if (mine.refusedSince === undefined) this.waiting.push(mine);
		else this.waiting.unshift(mine);
		this.refuseImpatient();
		this.letIn();

		let isIn = false;
		try {
			await Promise.race([entered, patience.stopped]);
			isIn = !patience.isStopped();
		} finally {
			if (!isIn) this.abandon(mine);
		}
		if (!isIn) throw new CallProblem({ fault: 'stopped' });
	}

	/** @param problem what closes the lane; undefined when the call did not */
	leave(problem?: Problem): void {
		this.open -= 1;
		if (problem) this.close(problem);
		else this.pass();
		this.letIn();
	}

	private pass(): void {
		this.passed += 1;
		this.lastPass = Date.now();
		this.probing = false;
		if (!this.closed) this.pauseMs = FIRST_PAUSE_MS;
	}

	private close(problem: Problem): void {
		const now = Date.now();
		const pauseMs = problem.retryAfterMs ?? this.pauseMs;
		if (!this.closed) {
			this.closed = { until: now + pauseMs, problem };
			this.pauseMs = Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2);
		} else if (problem.retryAfterMs !== undefined) {
			// Calls that were open at the closing also tell how long to wait; they do not prolong our own guess.
			this.closed.until = Math.max(this.closed.until, now + pauseMs);
		}
		this.refuseImpatient();
		void this.tick();
	}

	/** Opens again when it is time. Short naps, so that no timer outlives the last one waiting. */
	private async tick(): Promise<void> {
		if (this.ticking) return;
		this.ticking = true;
		while (this.closed && Date.now() < this.closed.until && this.waiting.length > 0) {
			await sleep(Math.min(250, this.closed.until - Date.now() + 1));
		}
		this.ticking = false;
		this.letIn();
	}

	private letIn(): void {
		if (this.closed) {
			if (Date.now() < this.closed.until) {
				if (this.waiting.length > 0) void this.tick();
				return;
			}
			this.reopen();
		}
		while (this.waiting.length > 0 && this.open < this.places()) {
			this.letOneIn();
			this.waiting.shift()?.enter();
		}
	}

	private letOneIn(): void {
		this.open += 1;
		this.started += 1;
	}

	private reopen(): void {
		const wasLimited = this.closed?.problem.fault === 'limited';
		this.closed = undefined;
		this.probing = true;
		if (wasLimited && this.passed > 0) this.budget = this.passed;
		this.passed = 0;
		this.started = 0;
	}

	/** How many calls may be open now. */
	private places(): number {
		if (this.probing) return 1;
		const opening = FIRST_PLACES + Math.floor(this.passed / PASSES_PER_PLACE);
		const beyond = this.started - this.budget;
		if (this.budget === 0 || beyond < 0) return opening;
		// Past what passed last time, it feels its way.
		return 1 + Math.floor(beyond / PASSES_PER_PLACE);
	}

	private refuseImpatient(): void {
		if (!this.closed) return;
		const { until, problem } = this.closed;
		for (const one of [...this.waiting]) {
			const patience =
				problem.fault === 'limited' ? one.maxWait : Math.min(one.maxWait, UNREACHED_PATIENCE_MS);
			const since = one.refusedSince ?? Math.max(one.since, this.lastPass);
			if (until - since > patience) one.refuse(problem);
		}
	}

	private abandon(one: Waiting): void {
		const at = this.waiting.indexOf(one);
		if (at >= 0) this.waiting.splice(at, 1);
		// It was let in and stopped at the same moment: nothing was sent.
		else this.open -= 1;
		this.letIn();
	}

	private isForgotten(): boolean {
		return !this.closed && this.open === 0 && Date.now() - this.lastPass > FORGET_AFTER_MS;
	}

	private forget(): void {
		this.budget = 0;
		this.passed = 0;
		this.started = 0;
		this.pauseMs = FIRST_PAUSE_MS;
		this.probing = false;
	}
}

const lanes = new Map<string, Lane>();

/** The lane of a credential, the same for all executions in this process. */
export function laneOf(credential: string): Lane {
	let lane = lanes.get(credential);
	if (!lane) lanes.set(credential, (lane = new Lane()));
	return lane;
}
