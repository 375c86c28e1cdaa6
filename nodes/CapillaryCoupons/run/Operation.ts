import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import type { Call } from '../../shared/client/callApi';
import type { WaitBudget } from '../../shared/client/WaitBudget';
import type { Failure, Problem } from '../../shared/problem/Problem';
import type { Work } from '../../shared/problem/sentences';
import type { Values } from '../parameters/values';

/** One call of an operation, and what its answer or its failure means for the item. */
export interface OperationCall extends Call {
	/**
	 * Looks at a good answer before any other call is let in.
	 *
	 * @returns a failure that stands beside what the answer gives
	 * @throws CallError when it is a refusal
	 */
	checkAnswer?: (body: IDataObject) => Failure | undefined;
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
	checkInput?: (request: IHttpRequestOptions) => void;
	perform: (item: Item) => Promise<Result>;
	/** Finds out more, for the error's details, when nobody knows what a call has done. */
	lookInto?: (item: Item) => Promise<IDataObject>;
}
