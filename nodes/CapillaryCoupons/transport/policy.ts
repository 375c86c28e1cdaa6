import type { Fault, Outcome } from '../response/Problem';

/** How a call is repeated: never, after all calls of the credential paused, after a pause of its own, or with a new token. */
export type Again = 'no' | 'pauseAll' | 'pause' | 'newToken';

export interface Rule {
	again: Again;
	/** What the call has done when it is not repeated (any more). */
	outcome: Outcome;
}

/** A call that issues coupons is repeated only when the API certainly did not carry it out. */
const ISSUE: Record<Fault, Rule> = {
	badInput: { again: 'no', outcome: 'notSent' },
	badCredential: { again: 'no', outcome: 'notSent' },
	notReached: { again: 'pauseAll', outcome: 'notSent' },
	limited: { again: 'pauseAll', outcome: 'refused' },
	loginRejected: { again: 'newToken', outcome: 'refused' },
	refused: { again: 'no', outcome: 'refused' },
	partial: { again: 'no', outcome: 'partial' },
	serverFault: { again: 'no', outcome: 'unknown' },
	lost: { again: 'no', outcome: 'unknown' },
	unreadable: { again: 'no', outcome: 'unknown' },
	stopped: { again: 'no', outcome: 'notSent' },
};

/** A call that only reads can be repeated without harm. */
const READ: Record<Fault, Rule> = {
	...ISSUE,
	serverFault: { again: 'pause', outcome: 'refused' },
	lost: { again: 'pause', outcome: 'refused' },
	unreadable: { again: 'no', outcome: 'refused' },
};

// An HTTP 500 is the API's own answer to a request it cannot handle: the same again brings the same.
const PASSING_STATUS = [502, 503, 504];

/**
 * What follows from a fault.
 *
 * @param issues whether the call issues coupons
 */
export function ruleFor(fault: Fault, issues: boolean, httpStatus?: number): Rule {
	const rule = (issues ? ISSUE : READ)[fault];
	const lasting = fault === 'serverFault' && !PASSING_STATUS.includes(httpStatus ?? 0);
	return lasting ? { ...rule, again: 'no' } : rule;
}
