import type { IDataObject } from 'n8n-workflow';

import type { ApiError } from './ApiError';

/**
 * What can become of a call that has no good answer. What follows from each is in `rules.ts`, what
 * the user reads in `sentences.ts`.
 */
export type Fault =
	/** A parameter cannot be sent as it is. */
	| 'badInput'
	/** The credential is incomplete, or names a host that is not Capillary's API. */
	| 'badCredential'
	/** Proven: no byte of the call reached the API. */
	| 'notReached'
	/** The rate limit is used up. */
	| 'limited'
	/** The API does not know the token, or the user name and password. */
	| 'loginRejected'
	/** The API says no, and why. */
	| 'refused'
	/** The API did a part of what was asked for. */
	| 'partial'
	/** HTTP 5xx: of the API, or of what stands before it. */
	| 'serverFault'
	/** The API answered, but not whether it carried the call out. */
	| 'unclear'
	/** The connection ended, or time ran out, before an answer came. */
	| 'lost'
	/** An answer came that is not one of the API's. */
	| 'unreadable'
	/** The execution was cancelled or failed at another item before this call was sent. */
	| 'stopped';

/** What a call has really done, as far as is known. */
export type Outcome = 'refused' | 'partial' | 'unknown' | 'notSent';

/** All that is known of a call without a good answer. Holds no secret. */
export interface Problem {
	fault: Fault;
	httpStatus?: number;
	/** Capillary's own code and words. */
	code?: number;
	apiMessage?: string;
	/** Milliseconds that the API asked to wait. */
	retryAfterMs?: number;
	/** Node's code of a connection fault, such as ECONNREFUSED. */
	network?: string;
	/** What is missing of a partial answer. */
	errors?: ApiError[];
	/** A sentence that replaces the one of the tables, and what to do. */
	sentence?: string;
	hint?: string;
	/** More to tell, beside the rest in the error's details. */
	details?: IDataObject;
}

/** A problem, and what the call has done all the same: settled once, by `rules.ts`. */
export interface Failure extends Problem {
	outcome: Outcome;
}

/** Carries a failure up to `executeItem`, which makes n8n's error or an error item of it. */
export class CallError extends Error {
	constructor(readonly failure: Failure) {
		super(failure.sentence ?? failure.fault);
		this.name = 'CallError';
	}
}
