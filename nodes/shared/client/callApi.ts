import type { IAdditionalCredentialOptions, IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import type { FindResults } from '../answer/readAnswer';
import { rejectToken } from '../auth/tokens';
import { CallError } from '../problem/Problem';
import { judge, type Verdict } from '../problem/rules';
import { plausibleRetryAfter } from './Backoff';
import type { Closing, RateLimiter } from './RateLimiter';
import { type ApiContext, sendRequest } from './sendRequest';
import type { WaitBudget } from './WaitBudget';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;

/** One call, as an operation asks for it. */
export interface Call {
	request: IHttpRequestOptions;
	/** Whether it issues or revokes coupons, and so must not be repeated when it may have been carried out. */
	isWrite: boolean;
	findResults: FindResults;
}

/** Who makes a call: in which context of n8n, in which queue, and how long it may wait. */
export interface Caller {
	context: ApiContext;
	limiter: RateLimiter;
	/** Aborted when the run is over: from then on nothing is sent. */
	signal: AbortSignal;
	budget: WaitBudget;
	/** The credential for each sending; without it, n8n reads it. */
	credential?: () => Promise<IAdditionalCredentialOptions | undefined>;
}

/**
 * The one way to the API: sends a call when the limiter lets it, reads the answer, and repeats what may
 * be repeated. What follows from a problem is settled here, once, by the table in `rules.ts`.
 *
 * @returns the body of a good answer
 * @throws CallError when there is none, or when waiting for one took longer than the budget
 */
export async function callApi(caller: Caller, call: Call): Promise<IDataObject> {
	const { context, limiter, signal, budget, credential } = caller;
	const { request, isWrite, findResults } = call;
	let tokenReplaced = false;
	let pauseMs = FIRST_PAUSE_MS;

	const attempt = async (): Promise<Attempt> => {
		const exchange = await sendRequest(context, request, findResults, await credential?.());
		return 'body' in exchange ? exchange : { ...exchange, ...judge(exchange.problem, isWrite) };
	};

	for (;;) {
		const attempted = await limiter.use(attempt, { signal, budget }, closingOf);
		if ('body' in attempted) return attempted.body;

		const { retry, failure, token } = attempted;
		if (retry === 'withNewToken' && token && !tokenReplaced) {
			rejectToken(token);
			tokenReplaced = true;
		} else if (retry === 'afterPause') {
			const pause = plausibleRetryAfter(failure.retryAfterMs) ?? pauseMs;
			if (signal.aborted || !(await budget.pause(pause, signal))) throw new CallError(failure);
			pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
		} else if (retry !== 'afterPauseOfAll') {
			throw new CallError(failure);
		}
	}
}

/** What came of sending a call once: a good answer's body, or what follows from the problem. */
type Attempt = { body: IDataObject } | (Verdict & { token?: string });

/** Why all calls of the credential must pause, if they must. */
function closingOf(attempted: Attempt): Closing | undefined {
	if ('body' in attempted || attempted.retry !== 'afterPauseOfAll') return undefined;
	const { failure } = attempted;
	return {
		kind: failure.fault === 'limited' ? 'limited' : 'notReached',
		retryAfterMs: failure.retryAfterMs,
		error: new CallError(failure),
	};
}
