import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
} from 'n8n-workflow';

import { type Problem, problemOf } from '../response/Problem';
import type { FindResults } from '../response/readAnswer';
import { toErrorItem, toNodeError } from '../response/toError';
import { callApi } from './call';
import { credentialOf, type Finished, type Run, runOf } from './Run';
import { inTurn } from './turns';

/** Checks a parameter and puts it into the request. */
export type MapParameter = (
	context: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
) => unknown;

/** Makes one call of the operation and gives the body of the answer. */
export type Send = (request: IHttpRequestOptions) => Promise<IDataObject>;

/** What an operation makes of its answers: the items to put out, and what is missing. */
export interface Result {
	items: IDataObject[];
	/** The codes issued by this call. */
	codes?: string[];
	partial?: Problem;
}

/** An operation, as far as `routing` cannot say it. */
export interface Operation {
	issues: boolean;
	maps: MapParameter[];
	/** Which customer the call is for: such calls go one after another. */
	customer?: (request: IHttpRequestOptions) => string;
	findResults: FindResults;
	perform: (
		context: IExecuteSingleFunctions,
		request: IHttpRequestOptions,
		send: Send,
	) => Promise<Result>;
}

/**
 * Makes the function that n8n calls once an item, with the request that `routing` has built
 * (`routing.operations.pagination`). n8n calls it for all items before the first one has sent.
 *
 * @returns a function that gives the item's output, error items included, each with its `pairedItem`
 */
export function perItem(operation: Operation) {
	return async function (
		this: IExecutePaginationFunctions,
		{ options }: DeclarativeRestApiSettings.ResultOptions,
	): Promise<INodeExecutionData[]> {
		const index = this.getItemIndex();
		const goesOn = this.continueOnFail();
		const request = { ...options } as IHttpRequestOptions;
		let run: Run | undefined;
		let finished: Finished | undefined;
		try {
			run = runOf(this);
			run.register(index);
			finished = run.remembered(index);
			if (!finished) for (const map of operation.maps) map(this, request);
		} catch (error) {
			finished = { items: [], codes: [], problem: problemOf(error) };
		}

		if (run && !goesOn) {
			// One bad item is found before the first coupon is issued.
			if (finished?.problem && finished.problem.fault !== 'partial') run.stop();
			await run.everybodyRegistered();
		}
		if (run && !finished) finished = await send(this, run, operation, request);
		return await conclude(this, run, operation, finished as Finished);
	};
}

async function send(
	context: IExecutePaginationFunctions,
	run: Run,
	operation: Operation,
	request: IHttpRequestOptions,
): Promise<Finished> {
	const { issues, findResults } = operation;
	const index = context.getItemIndex();
	const one: Send = async (options) => {
		await run.gate.enter();
		let body: IDataObject | undefined;
		try {
			body = await callApi(context, run.lane, run.patience, {
				request: options,
				issues,
				findResults,
				credential: async () => await run.credential.forCall(context),
			});
			return body;
		} finally {
			// Before the place is handed on: whoever waits for it must not send any more.
			if (!body && issues && !context.continueOnFail()) run.stop();
			run.gate.leave(body !== undefined);
		}
	};

	return await run.track(async () => {
		let finished: Finished;
		try {
			const result = await inTurn(
				operation.customer && `${credentialOf(context)} ${operation.customer(request)}`,
				async () => await operation.perform(context, request, one),
			);
			const items = result.items.map((json) => ({ json, pairedItem: { item: index } }));
			finished = { items, codes: result.codes ?? [], problem: result.partial };
		} catch (error) {
			finished = { items: [], codes: [], problem: problemOf(error) };
		}
		run.finish(index, finished, issues);
		return finished;
	});
}

/** Turns what came of an item into its output, as the node's "On Error" setting asks for it. */
async function conclude(
	context: IExecutePaginationFunctions,
	run: Run | undefined,
	{ issues }: Operation,
	{ items, problem }: Finished,
): Promise<INodeExecutionData[]> {
	const index = context.getItemIndex();
	if (!problem) return items;

	if (context.continueOnFail()) {
		const toErrorOutput = context.getNode().onError === 'continueErrorOutput';
		return [...items, toErrorItem(problem, issues, index, toErrorOutput)];
	}
	if (problem.fault === 'partial') return items;
	// Only the item that really failed may throw: n8n shows the first error in the order of the items.
	if (problem.fault === 'stopped') return [];
	run?.stop();
	await run?.settled();
	throw toNodeError(context.getNode(), problem, issues, index, run?.issued ?? []);
}
