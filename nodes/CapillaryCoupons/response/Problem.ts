import type { ApiError } from './envelope';

/**
 * What can become of a call that has no good answer. What follows from each is in
 * `transport/policy.ts`, what the user reads in `sentences.ts`.
 */
export type Fault =
	/** A parameter cannot be sent as it is. */
	| 'badInput'
	/** The credential is incomplete, or key and secret give no token. */
	| 'badCredential'
	/** The call never got to the API: connection refused, name not found, bad certificate. */
	| 'notReached'
	/** The rate limit is used up. */
	| 'limited'
	/** The API does not know the token, or the user name and password. */
	| 'loginRejected'
	/** The API says no, and why. */
	| 'refused'
	/** The API gave a part of what was asked for. */
	| 'partial'
	/** The API or what stands before it is not well: HTTP 5xx. */
	| 'serverFault'
	/** The connection ended, or time ran out, before an answer came. */
	| 'lost'
	/** An answer came that is none of the API's. */
	| 'unreadable'
	/** The execution was cancelled or has failed at another item. */
	| 'stopped';

/** What a call that may have issued coupons has really done. */
export type Outcome = 'refused' | 'partial' | 'unknown' | 'notSent';

/** All that is known of a call without a good answer. Holds no secret. */
export interface Problem {
	fault: Fault;
	httpStatus?: number;
	/** Capillary's own code and words. */
	code?: number | string;
	apiMessage?: string;
	/** Milliseconds that the API asked to wait. */
	retryAfterMs?: number;
	/** Node's code of a connection fault, such as ECONNREFUSED. */
	network?: string;
	/** What is missing of a partial answer. */
	errors?: ApiError[];
	/** A sentence that replaces the one of the table, and what to do. */
	sentence?: string;
	hint?: string;
}

/** Thrown within the node; becomes an n8n error or an error item in `toItems.ts`. */
export class CallProblem extends Error {
	constructor(readonly problem: Problem) {
		super(problem.sentence ?? problem.fault);
		this.name = 'CallProblem';
	}
}

/**
 * A parameter that must not be sent as it is.
 *
 * @param sentence says what is wrong and names the parameter in single quotes
 * @param hint what to do
 */
export function badInput(sentence: string, hint: string): CallProblem {
	return new CallProblem({ fault: 'badInput', sentence, hint });
}

/** The problem of whatever was thrown. What is not ours comes from n8n, while it read a parameter. */
export function problemOf(error: unknown): Problem {
	if (error instanceof CallProblem) return error.problem;
	return { fault: 'badInput', sentence: error instanceof Error ? error.message : String(error) };
}
