import type {
	IExecuteSingleFunctions,
	INodeExecutionData,
	ITaskDataConnections,
} from 'n8n-workflow';

import { CallProblem, type Problem } from '../response/Problem';
import { Gate } from './Gate';
import { type Lane, laneOf, type Patience } from './Lane';
import { limitsOf } from './limits';
import { ruleFor } from './policy';
import { SharedCredential } from './SharedCredential';

/** What came of one item: its items with the codes issued for it, and what went wrong. */
export interface Finished {
	items: INodeExecutionData[];
	codes: string[];
	problem?: Problem;
}

/** A coupon list for the error of a stopped run. */
export interface Issued {
	itemIndex: number;
	codes: string[];
}

type Answers = Map<object, Map<number, Finished>>;

// n8n hands the same execute data to every item of a node's run and to each further try of "Retry On
// Fail", and new data to the next run. So what is kept here goes when the run goes.
const answersOfRuns = new WeakMap<object, Answers>();
const runs = new WeakMap<object, Run>();

/** One try of one run of the node: what its items share. */
export class Run {
	readonly lane: Lane;

	readonly gate: Gate;

	readonly patience: Patience;

	readonly credential = new SharedCredential();

	readonly issued: Issued[] = [];

	private stopped = false;

	private readonly registered = new Set<number>();

	private sending = 0;

	private idle: Array<() => void> = [];

	private allRegistered: () => void = () => {};

	private readonly everybody = new Promise<void>((resolve) => (this.allRegistered = resolve));

	private reject: (problem: CallProblem) => void = () => {};

	constructor(
		context: IExecuteSingleFunctions,
		private readonly items: INodeExecutionData[],
		private readonly answers: Answers,
	) {
		const { maxConcurrent, maxWaitMs } = limitsOf(context);
		this.lane = laneOf(credentialOf(context));
		this.gate = new Gate(maxConcurrent);
		const stopped = new Promise<never>((_, reject) => (this.reject = reject));
		stopped.catch(() => {});
		this.patience = {
			since: Date.now(),
			maxWait: maxWaitMs,
			stopped,
			isStopped: () => this.stopped,
		};
		context.onExecutionCancellation(() => this.stop());
		if (context.getExecutionCancelSignal()?.aborted) this.stop();
	}

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

	/** What an earlier try has learnt about an item. */
	remembered(index: number): Finished | undefined {
		const finished = this.answers.get(this.keyOf(index))?.get(index);
		if (finished) this.noteIssued(index, finished);
		return finished;
	}

	/** Keeps what came of an item for further tries; a plain refusal is not kept, it may be tried again. */
	finish(index: number, finished: Finished, issues: boolean): void {
		this.noteIssued(index, finished);
		const { problem } = finished;
		const outcome = problem && ruleFor(problem.fault, issues).outcome;
		if (outcome === 'refused' || outcome === 'notSent') return;
		const key = this.keyOf(index);
		const ofItem = this.answers.get(key) ?? new Map<number, Finished>();
		this.answers.set(key, ofItem.set(index, finished));
	}

	/** Nothing more is sent from now on, and nobody waits any longer. */
	stop(): void {
		this.stopped = true;
		this.reject(new CallProblem({ fault: 'stopped' }));
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

	private noteIssued(itemIndex: number, { codes }: Finished): void {
		if (codes.length > 0) this.issued.push({ itemIndex, codes });
	}

	private keyOf(index: number): object {
		return this.items[index]?.json ?? this.items;
	}
}

/** The run that an item belongs to; a new one with each try. */
export function runOf(context: IExecuteSingleFunctions): Run {
	const items = inputItems(context);
	const current = runs.get(items);
	if (current && !current.has(context.getItemIndex())) return current;

	const executeData = context.getExecuteData();
	const answers = answersOfRuns.get(executeData) ?? new Map();
	answersOfRuns.set(executeData, answers);
	const run = new Run(context, items, answers);
	runs.set(items, run);
	return run;
}

/** Rate limits and customers are kept apart by credential. */
export function credentialOf(context: Pick<IExecuteSingleFunctions, 'getNode'>): string {
	const credential = context.getNode().credentials?.capillaryApi;
	return credential?.id ?? credential?.name ?? '';
}

/** The very list that n8n's RoutingNode goes through, also when the node runs as a tool. */
function inputItems(context: IExecuteSingleFunctions): INodeExecutionData[] {
	const { inputData } = context as unknown as { inputData?: ITaskDataConnections };
	const { main, ai_tool: tool } = inputData ?? context.getExecuteData().data;
	return (main ?? tool)?.[0] ?? [];
}
