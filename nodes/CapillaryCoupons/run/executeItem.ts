import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
} from 'n8n-workflow';

import { callApi, type Caller } from '../../shared/client/callApi';
import { hostOf } from '../../shared/client/credential';
import { KeyedMutex } from '../../shared/client/KeyedMutex';
import { sharedCredential } from '../../shared/client/SharedCredential';
import { WaitBudget } from '../../shared/client/WaitBudget';
import { failureOf, judge } from '../../shared/problem/rules';
import { customerKey } from '../parameters/customer';
import { throwBadInput, valuesOf } from '../parameters/values';
import { inputFields, inputFieldsOfError } from './inputFields';
import type { Item, Operation, OperationCall, Send } from './Operation';
import { type Finished, type Run, runOf } from './Run';
import { toErrorItem, toNodeError } from './toError';

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
		return await conclude(this, run, operation, request, finished);
	};
}

/** A failed item when its parameters are not valid; else undefined. */
function checkInput(operation: Operation, request: IHttpRequestOptions): Finished | undefined {
	try {
		throwBadInput(request);
		operation.checkInput?.(request);
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
	const item = itemOf(context, run, request, run.signal, budget, (mayGoOn) => {
		if (isWrite && !mayGoOn && !context.continueOnFail()) run.stop();
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
	// Not with each call: that Issue Once could look says nothing of the coupon.
	if (!finished.failure) run.semaphore.widen();
	run.finish(index, finished);
	return finished;
}

/**
 * What an operation works with. `send` is the way to the API: a place among the run's calls, and the
 * attempts that the credential's rate limit allows (`callApi`).
 *
 * @param onFailure called with whether the item can go on, before the place is handed on: whoever waits
 * for it must not send any more
 */
function itemOf(
	context: IExecutePaginationFunctions,
	run: Run,
	request: IHttpRequestOptions,
	signal: AbortSignal,
	budget: WaitBudget,
	onFailure: (mayGoOn: boolean) => void,
): Item {
	const caller: Caller = {
		context,
		limiter: run.limiter,
		signal,
		budget,
		credential: async () => await sharedCredential(run, context),
	};
	const send: Send = async (call) =>
		await run.semaphore.use(
			async () => {
				// No `try`: n8n's lint takes only its own errors from a `catch`.
				const [answer] = await Promise.allSettled([callAndCheck(caller, call)]);
				if (answer.status === 'rejected') {
					const failure = failureOf(answer.reason, 'unreadable', call.isWrite);
					onFailure(call.mayFail?.(failure) ?? false);
					throw answer.reason;
				}
				const { body, beside } = answer.value;
				if (beside) onFailure(false);
				return body;
			},
			signal,
			budget.hasPassed,
		);
	return {
		request,
		values: valuesOf(request),
		send,
		signal,
		budget,
		host: async () => await hostOf(context),
		toErrorOutput: hasErrorOutput(context),
	};
}

function hasErrorOutput(context: IExecutePaginationFunctions): boolean {
	return context.getNode().onError === 'continueErrorOutput';
}

/** Whether it runs for an AI agent: n8n makes a second node of it, with this name. */
function isTool(context: IExecutePaginationFunctions): boolean {
	return context.getNode().type.endsWith('Tool');
}

async function callAndCheck(caller: Caller, call: OperationCall) {
	const body = await callApi(caller, call);
	return { body, beside: call.checkAnswer?.(body) };
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
	request: IHttpRequestOptions,
	{ items, failure, customer }: Finished,
): Promise<INodeExecutionData[]> {
	if (!failure) return items;

	const failed = { failure, work, index: context.getItemIndex(), customer };
	if (context.continueOnFail()) {
		const toErrorOutput = hasErrorOutput(context);
		// On the error output n8n itself adds the input's fields.
		const hasInput = !toErrorOutput && valuesOf(request).includeInputFields;
		const input = hasInput ? inputFieldsOfError(context.getInputData().json) : {};
		return [...items, toErrorItem(failed, toErrorOutput, input)];
	}
	// An answer that says what is missing is a result; a call that ended badly after others is not.
	if (failure.fault === 'partial') return items;
	// Only the item that really failed may throw: n8n shows the first error in the order of the items.
	if (failure.fault === 'stopped') return [];
	run.stop();
	await run.settled();
	throw toNodeError(context.getNode(), failed, run, isTool(context));
}
