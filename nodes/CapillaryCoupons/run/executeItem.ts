import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
} from 'n8n-workflow';

import type { FindResults } from '../../shared/answer/readAnswer';
import { callApi, type Caller } from '../../shared/client/callApi';
import { hostOf } from '../../shared/client/credential';
import { KeyedMutex } from '../../shared/client/KeyedMutex';
import { sharedCredential } from '../../shared/client/SharedCredential';
import { WaitBudget } from '../../shared/client/WaitBudget';
import type { Failure, Problem } from '../../shared/problem/Problem';
import { failureOf, judge } from '../../shared/problem/rules';
import type { Work } from '../../shared/problem/sentences';
import { customerKey } from '../parameters/customer';
import { throwBadInput, type Values, valuesOf } from '../parameters/values';
import { type Finished, type Run, runOf } from './Run';
import { toErrorItem, toNodeError } from './toError';

/** One call of an operation: the request, whether it changes something, and how its answer is read. */
export interface OperationCall {
	request: IHttpRequestOptions;
	isWrite: boolean;
	findResults: FindResults;
	/**
	 * Looks at a good answer before any other call is let in.
	 *
	 * @returns a failure that stands beside what the answer gives
	 * @throws CallError when it is a refusal
	 */
	check?: (body: IDataObject) => Failure | undefined;
	/** Whether the item can go on after a failure. If not, it ends a run with On Error = Stop at once. */
	mayFail?: (failure: Failure) => boolean;
}

/** Makes one call for the item. @returns the answer's body @throws CallError without a good answer */
export type Send = (call: OperationCall) => Promise<IDataObject>;

/** One item of an operation at work. */
export interface Item {
	/** As `routing` has built it. */
	request: IHttpRequestOptions;
	values: Values;
	send: Send;
	/** Aborted when the run ends: from then on nothing is sent. */
	signal: AbortSignal;
	/** How long the item may still wait, in all its calls together. */
	budget: WaitBudget;
	/** Of the credential. */
	host: () => Promise<string>;
	/** Whether what is missing comes out by the error output, as an item of its own. */
	toErrorOutput: boolean;
}

/** What an operation makes of its answers: the items to put out, and what is missing. */
export interface Result {
	items: IDataObject[];
	/** The codes issued or revoked for this item. */
	codes?: string[];
	partial?: Problem;
	/** Of the call that ended the item, after earlier calls had done what is in `items`. */
	failure?: Failure;
}

/** An operation, as far as `routing` cannot say it. */
export interface Operation {
	work: Work;
	/** Checks what no single parameter can. @throws CallError */
	check?: (request: IHttpRequestOptions) => void;
	perform: (item: Item) => Promise<Result>;
	/** Finds out more, for the error's details, when nobody knows what a call has done. */
	lookInto?: (item: Item) => Promise<IDataObject>;
}

/**
 * Capillary answers two calls for one customer at a time with code 521. One for all runs of the process
 * and for all credentials: an organization may have one for each till.
 */
const customers = new KeyedMutex();

/**
 * Makes the function that n8n calls once an item, with the request that `routing` has built
 * (`routing.operations.pagination`). Without Request Options > Batching, n8n calls it for all items
 * before the first one has sent.
 *
 * @returns a function that gives the item's output, error items included, each with its `pairedItem`
 */
export function executeItem(operation: Operation) {
	return async function (
		this: IExecutePaginationFunctions,
		{ options }: DeclarativeRestApiSettings.ResultOptions,
	): Promise<INodeExecutionData[]> {
		const index = this.getItemIndex();
		const request = options as IHttpRequestOptions;
		const run = runOf(this, valuesOf(request).maxConcurrent);
		run.register(index);

		let finished = run.remembered(index) ?? checkInput(operation, request);
		if (!this.continueOnFail()) {
			// One bad item is found before the first coupon is issued.
			if (finished?.failure && finished.failure.fault !== 'partial') run.stop();
			await run.everybodyRegistered();
		}
		if (!finished) {
			finished = await run.track(async () => await carryOut(this, run, operation, request));
			await lookInto(this, run, operation, request, finished);
		}
		return await conclude(this, run, operation, finished);
	};
}

/** A failed item when its parameters are not valid; else undefined. */
function checkInput(operation: Operation, request: IHttpRequestOptions): Finished | undefined {
	try {
		throwBadInput(request);
		operation.check?.(request);
		return undefined;
	} catch (error) {
		return { items: [], codes: [], failure: failureOf(error, 'badInput', false) };
	}
}

/** An item at work: the customer's turn, and what the operation does in it. */
async function carryOut(
	context: IExecutePaginationFunctions,
	run: Run,
	{ work, perform }: Operation,
	request: IHttpRequestOptions,
): Promise<Finished> {
	const isWrite = work !== 'read';
	const index = context.getItemIndex();
	const values = valuesOf(request);
	const customer = values.customer?.value;
	const budget = new WaitBudget(values.maxWait * 1_000);
	const item = itemOf(context, run, request, run.signal, budget, ({ mayFail }, failure) => {
		if (isWrite && !mayFail?.(failure) && !context.continueOnFail()) run.stop();
	});

	let finished: Finished;
	try {
		const key = values.customer && customerKey(values.customer);
		const performed = async () => await perform(item);
		const {
			items,
			codes = [],
			partial,
			failure = partial && judge(partial, isWrite).failure,
		} = await (key ? customers.use(key, performed, run.signal) : performed());
		const input = values.includeInputFields && inputFields(context.getInputData().json);
		finished = {
			items: items.map((json) => ({
				json: input ? { ...input, ...json } : json,
				pairedItem: { item: index },
			})),
			codes,
			failure,
			customer,
		};
	} catch (error) {
		// What is not ours was thrown while an answer was read: the call was made.
		const failure = failureOf(error, 'unreadable', isWrite);
		finished = { items: [], codes: [], failure, customer };
	}
	run.finish(index, finished);
	return finished;
}

/** Output fields that are not always there: taken from the input, they would seem to be this coupon's. */
const OPTIONAL_OUTPUT = [
	...['error', 'details', 'errors', 'warnings', 'isNew', 'recovered', 'hasCoupons', 'heldCoupons'],
	...['couponId', 'seriesName', 'validTill', 'redemptions', 'redemptionCount', 'customProperties'],
	...[
		'discountText',
		'discountType',
		'discountValue',
		'discountUpto',
		'discountCode',
		'discountOn',
	],
	...['couponIssualDetails', 'couponSeries', 'successCount', 'failureCount', 'revoked'],
];

/** The input's fields that may stand beside a coupon's ('Include Input Fields'). */
function inputFields(input: IDataObject): IDataObject {
	return Object.fromEntries(
		Object.entries(input).filter(([name]) => !OPTIONAL_OUTPUT.includes(name)),
	);
}

/**
 * What an operation works with. `send` is the way to the API: a place among the run's calls, and the
 * attempts that the credential's rate limit allows (`callApi`).
 *
 * @param onFailure called before the place is handed on: whoever waits for it must not send any more
 */
function itemOf(
	context: IExecutePaginationFunctions,
	run: Run,
	request: IHttpRequestOptions,
	signal: AbortSignal,
	budget: WaitBudget,
	onFailure: (call: OperationCall, failure: Failure) => void,
): Item {
	const caller: Caller = {
		context,
		limiter: run.limiter,
		signal,
		budget,
		credential: async () => await sharedCredential(run, context),
	};
	let hasBegun = false;
	const send: Send = async (call) => {
		// One item is finished before another begins: what it has read must not grow old.
		const inFront = hasBegun;
		hasBegun = true;
		return await run.semaphore.use(
			async () => {
				const [answer] = await Promise.allSettled([callAndCheck(caller, call)]);
				if (answer.status === 'rejected') {
					onFailure(call, failureOf(answer.reason, 'unreadable', call.isWrite));
					throw answer.reason;
				}
				const { body, beside } = answer.value;
				if (beside) onFailure({ ...call, mayFail: undefined }, beside);
				return body;
			},
			signal,
			inFront,
		);
	};
	return {
		request,
		values: valuesOf(request),
		send,
		signal,
		budget,
		host: async () => await hostOf(context),
		toErrorOutput: context.getNode().onError === 'continueErrorOutput',
	};
}

async function callAndCheck(caller: Caller, call: OperationCall) {
	const body = await callApi(caller, call);
	return { body, beside: call.check?.(body) };
}

/**
 * Finds out more about an item whose outcome is unknown. It never changes the outcome, and no other
 * item waits for it: it starts when the run's other items are done, and asks once.
 */
async function lookInto(
	context: IExecutePaginationFunctions,
	run: Run,
	operation: Operation,
	request: IHttpRequestOptions,
	finished: Finished,
): Promise<void> {
	const { failure } = finished;
	if (failure?.outcome !== 'unknown' || !operation.lookInto) return;
	if (!context.continueOnFail()) run.stop();
	await run.settled();
	if (!run.mayLook()) return;
	const stopLooking = () => run.looking.abort();
	const { signal } = run.looking;
	const item = itemOf(context, run, request, signal, new WaitBudget(0), stopLooking);
	try {
		finished.failure = { ...failure, details: await operation.lookInto(item) };
	} catch {
		// The error then says what is known without it.
	}
}

/** Turns what came of an item into its output, as the node's "On Error" setting asks for it. */
async function conclude(
	context: IExecutePaginationFunctions,
	run: Run,
	{ work }: Operation,
	{ items, failure, customer }: Finished,
): Promise<INodeExecutionData[]> {
	if (!failure) return items;

	const failed = { failure, work, index: context.getItemIndex(), customer };
	if (context.continueOnFail()) {
		const toErrorOutput = context.getNode().onError === 'continueErrorOutput';
		return [...items, toErrorItem(failed, toErrorOutput)];
	}
	// An answer that says what is missing is a result; a call that ended badly after others is not.
	if (failure.fault === 'partial') return items;
	// Only the item that really failed may throw: n8n shows the first error in the order of the items.
	if (failure.fault === 'stopped') return [];
	run.stop();
	await run.settled();
	throw toNodeError(context.getNode(), failed, run);
}
