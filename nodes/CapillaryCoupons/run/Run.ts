import type { IExecuteSingleFunctions, INodeExecutionData } from 'n8n-workflow';

import { credentialId } from '../../shared/client/credential';
import { inputItems } from '../../shared/client/internals';
import { limiterOf, type RateLimiter } from '../../shared/client/RateLimiter';
import { Semaphore } from '../../shared/client/Semaphore';
import type { Failure } from '../../shared/problem/Problem';
import { callError } from '../../shared/problem/rules';

/** What came of one item: its output, the codes issued or revoked for it, and what went wrong. */
export interface Finished {
	items: INodeExecutionData[];
	codes: string[];
	failure?: Failure;
	/** The identifier that was sent, if there is one. */
	customer?: string | number;
}

/** The coupons that were issued or revoked for an item, for the error of a stopped run. */
export interface Done {
	itemIndex: number;
	codes: string[];
}

/** An item whose call may have been carried out, and whom it was for. */
export interface Unknown {
	itemIndex: number;
	customer?: string | number;
}

const MOST_LOOKS = 100;
/** With On Error = Stop, so many calls show whether the others are worth making. */
const FIRST_CALLS = 36;

type Answers = Map<object, Map<number, Finished>>;

// n8n hands the same execute data to every item of a node's run and to each further try of "Retry On
// Fail", and new data to the next run. So what is kept here goes when the run goes.
const answersOfRuns = new WeakMap<object, Answers>();
const runs = new WeakMap<object, Run>();

/** One try of one run of the node: what its items share. */
export class Run {
	readonly limiter: RateLimiter;

	readonly semaphore: Semaphore;

	readonly done: Done[] = [];

	readonly unknown: Unknown[] = [];

	/** Aborted when the execution is cancelled, or a look into an unknown outcome has failed. */
	readonly looking = new AbortController();

	private looks = 0;

	private readonly ending = new AbortController();

	private readonly registered = new Set<number>();

	private sending = 0;

	private idle: Array<() => void> = [];

	private allRegistered: () => void = () => {};

	private readonly everybody = new Promise<void>((resolve) => (this.allRegistered = resolve));

	/** @param maxConcurrent how many calls of the run may be open at one time */
	constructor(
		context: IExecuteSingleFunctions,
		private readonly items: INodeExecutionData[],
		private readonly answers: Answers,
		maxConcurrent: number,
	) {
		this.limiter = limiterOf(credentialId(context));
		const firstCalls = context.continueOnFail() ? maxConcurrent : FIRST_CALLS;
		this.semaphore = new Semaphore(maxConcurrent, firstCalls);
		context.onExecutionCancellation(() => this.cancel());
		if (context.getExecutionCancelSignal()?.aborted) this.cancel();
	}

	/** Aborted when nothing more may be sent and nobody may wait any longer. */
	get signal(): AbortSignal {
		return this.ending.signal;
	}

	/** Ends the run: what has not been sent yet stays unsent. */
	stop(): void {
		this.ending.abort(callError({ fault: 'stopped' }, true));
	}

	private cancel(): void {
		this.looking.abort();
		this.stop();
	}

	/** Counts each item whose outcome is to be looked into: a thousand of them must not make a storm of calls. */
	mayLook(): boolean {
		this.looks += 1;
		return this.looks <= MOST_LOOKS;
	}

	/** Whether an item is registered. */
	has(index: number): boolean {
		return this.registered.has(index);
	}

	/** Called for each item, at once, before anything is sent. */
	register(index: number): void {
		this.registered.add(index);
		if (this.registered.size >= this.items.length) this.allRegistered();
	}

	/** Ends when all items have been read; never when n8n gave up while reading them. */
	async everybodyRegistered(): Promise<void> {
		await this.everybody;
	}

	/** What an earlier try of Retry On Fail has learnt about an item. */
	remembered(index: number): Finished | undefined {
		const finished = this.answers.get(this.keyOf(index))?.get(index);
		if (finished) this.note(index, finished);
		return finished;
	}

	/** Keeps what came of an item for further tries, except a plain refusal: it may be tried again. */
	finish(index: number, finished: Finished): void {
		this.note(index, finished);
		const outcome = finished.failure?.outcome;
		if (outcome === 'refused' || outcome === 'notSent') return;
		const key = this.keyOf(index);
		const ofItem = this.answers.get(key) ?? new Map<number, Finished>();
		this.answers.set(key, ofItem.set(index, finished));
	}

	/** Counts an item under way, so that a stopping run can wait for its answer. */
	async track<T>(work: () => Promise<T>): Promise<T> {
		this.sending += 1;
		try {
			return await work();
		} finally {
			this.sending -= 1;
			if (this.sending === 0) for (const wake of this.idle.splice(0)) wake();
		}
	}

	/** Ends when no item of this run is under way any more. */
	async settled(): Promise<void> {
		if (this.sending > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
	}

	/** For the error of a stopped run. */
	private note(itemIndex: number, { codes, failure, customer }: Finished): void {
		if (codes.length > 0) this.done.push({ itemIndex, codes });
		if (failure?.outcome === 'unknown') this.unknown.push({ itemIndex, customer });
	}

	/** An item's json is the same object in each try, and another one in each item of a batch. */
	private keyOf(index: number): object {
		return this.items[index]?.json ?? this.items;
	}
}

/**
 * The run that an item belongs to; a new one with each try.
 *
 * @param maxConcurrent of the first item: the calls of a run share one limit
 */
export function runOf(context: IExecuteSingleFunctions, maxConcurrent: number): Run {
	const items = inputItems(context);
	const current = runs.get(items);
	if (current && !current.has(context.getItemIndex())) return current;

	const executeData = context.getExecuteData();
	const answers = answersOfRuns.get(executeData) ?? new Map();
	answersOfRuns.set(executeData, answers);
	const run = new Run(context, items, answers, maxConcurrent);
	runs.set(items, run);
	return run;
}
