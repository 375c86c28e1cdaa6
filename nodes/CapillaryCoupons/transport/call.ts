import {
	type IAdditionalCredentialOptions,
	type IDataObject,
	type IHttpRequestOptions,
	sleep,
} from 'n8n-workflow';

import { rejectToken } from '../../../credentials/tokens';
import { CallProblem } from '../response/Problem';
import type { FindResults } from '../response/readAnswer';
import { type ApiContext, exchange } from './exchange';
import type { Lane, Patience } from './Lane';
import { ruleFor } from './policy';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;

export interface Call {
	request: IHttpRequestOptions;
	/** Whether it issues coupons, and so must not be repeated when it may have been carried out. */
	issues: boolean;
	findResults: FindResults;
	/** Gives the credential for each sending; without it, n8n reads it. */
	credential?: () => Promise<IAdditionalCredentialOptions | undefined>;
}

/**
 * The one way to the API: waits for leave, sends, reads the answer, and repeats what may be repeated.
 *
 * @returns the body of a good answer
 * @throws CallProblem when there is none, or when waiting for one took longer than `maxWait`
 */
export async function callApi(
	context: ApiContext,
	lane: Lane,
	given: Patience,
	{ request, issues, findResults, credential }: Call,
): Promise<IDataObject> {
	const patience: Patience = { ...given };
	let tokenReplaced = false;
	let pauseMs = FIRST_PAUSE_MS;
	let paused = 0;

	for (;;) {
		await lane.enter(patience);
		const { body, problem, token } = await exchange(
			context,
			request,
			findResults,
			await credential?.(),
		);
		const { again } = problem
			? ruleFor(problem.fault, issues, problem.httpStatus)
			: { again: 'no' };
		lane.leave(again === 'pauseAll' ? problem : undefined);
		if (body) return body;
		if (!problem) throw new CallProblem({ fault: 'unreadable' });

		if (again === 'newToken' && token && !tokenReplaced) {
			rejectToken(token);
			tokenReplaced = true;
		} else if (again === 'pauseAll') {
			patience.refusedSince ??= Date.now();
		} else if (again === 'pause') {
			const pause = problem.retryAfterMs ?? pauseMs;
			paused += pause;
			if (paused > patience.maxWait) throw new CallProblem(problem);
			pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
			await Promise.race([sleep(pause), patience.stopped]);
		} else {
			throw new CallProblem(problem);
		}
	}
}
