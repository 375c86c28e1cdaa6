import { aboutOf } from './codes';
import { CallError, type Failure, type Fault, type Outcome, type Problem } from './Problem';

/** Whether a call is sent again, and after what. */
export type Retry =
	| 'never'
	/** All calls of the credential pause first. */
	| 'afterPauseOfAll'
	/** This call pauses. */
	| 'afterPause'
	| 'withNewToken';

/** What follows from a fault, for calls that change something and for calls that only read. */
interface Rule {
	write: [Retry, Outcome];
	read: [Retry, Outcome];
}

/**
 * A call that issues or revokes is sent again only when the API certainly did not carry it out, and
 * its outcome is `unknown` unless the opposite is proven. A read can be repeated without harm.
 */
const RULES: Record<Fault, Rule> = {
	// Found before anything was sent.
	badInput: { write: ['never', 'notSent'], read: ['never', 'notSent'] },
	badCredential: { write: ['never', 'notSent'], read: ['never', 'notSent'] },
	stopped: { write: ['never', 'notSent'], read: ['never', 'notSent'] },
	// Nothing arrived. The host is the same for all, so all wait.
	notReached: { write: ['afterPauseOfAll', 'notSent'], read: ['afterPauseOfAll', 'notSent'] },
	// A limit and a login are checked before the work, and hold for all calls of the credential.
	limited: { write: ['afterPauseOfAll', 'refused'], read: ['afterPauseOfAll', 'refused'] },
	loginRejected: { write: ['withNewToken', 'refused'], read: ['withNewToken', 'refused'] },
	// The API's own answer: the same call again brings the same answer.
	refused: { write: ['never', 'refused'], read: ['never', 'refused'] },
	partial: { write: ['never', 'partial'], read: ['never', 'partial'] },
	// Nobody says that nothing was done.
	serverFault: { write: ['never', 'unknown'], read: ['afterPause', 'refused'] },
	lost: { write: ['never', 'unknown'], read: ['afterPause', 'refused'] },
	unclear: { write: ['never', 'unknown'], read: ['never', 'refused'] },
	unreadable: { write: ['never', 'unknown'], read: ['never', 'refused'] },
};

/** Passing faults of what stands before the API. HTTP 500 is its own answer to what it cannot handle. */
const PASSING_STATUS = [502, 503, 504];

/** Whether and how a call is sent again, and what it has done if not. */
export interface Verdict {
	retry: Retry;
	failure: Failure;
}

/**
 * Settles what follows from a problem.
 *
 * @param isWrite whether the call issues or revokes coupons
 */
export function judge(problem: Problem, isWrite: boolean): Verdict {
	const [retry, outcome] = RULES[problem.fault][isWrite ? 'write' : 'read'];
	const isLasting =
		problem.fault === 'serverFault' && !PASSING_STATUS.includes(problem.httpStatus ?? 0);
	return { retry: isLasting ? 'never' : retry, failure: { ...problem, outcome } };
}

/** The login lacks a right, as HTTP status or in the body. */
export function isForbidden({ httpStatus, code }: Problem): boolean {
	return aboutOf(httpStatus) === 'right' || aboutOf(code) === 'right';
}

/** The API's own answer that what was asked for does not exist, and no word about the login or the call. */
export function saysNotFound(problem: Problem): boolean {
	const { fault, code } = problem;
	return fault === 'refused' && !isForbidden(problem) && aboutOf(code) === undefined;
}

/** The error of a call that ends with a problem. */
export function callError(problem: Problem, isWrite: boolean): CallError {
	return new CallError(judge(problem, isWrite).failure);
}

/**
 * The error of a parameter that must not be sent as it is.
 *
 * @param sentence says what is wrong and names the parameter in single quotes
 * @param hint what to do
 */
export function badInput(sentence: string, hint: string): CallError {
	return callError({ fault: 'badInput', sentence, hint }, true);
}

/**
 * The failure of whatever was thrown.
 *
 * @param fallback what an error that is not ours means: before a call, n8n could not read a parameter;
 *   after one, an answer could not be read
 */
export function failureOf(error: unknown, fallback: 'badInput' | 'unreadable', isWrite: boolean) {
	if (error instanceof CallError) return error.failure;
	// What JavaScript says of an answer helps nobody.
	const isAnswer = fallback === 'unreadable';
	const sentence = isAnswer ? undefined : error instanceof Error ? error.message : String(error);
	return judge({ fault: fallback, sentence }, isWrite).failure;
}
