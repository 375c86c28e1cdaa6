import type {
	IAdditionalCredentialOptions,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { networkProblem } from '../answer/networkProblem';
import { type Answer, type FindResults, readAnswer } from '../answer/readAnswer';
import { TOKEN_HEADER, withLoginHint } from '../auth/login';
import { withoutSecrets } from '../auth/secrets';
import { within } from '../within';

/** n8n's, where the request has none. */
const TIMEOUT_MS = 300_000;
/** For a token before the call, and what else n8n does. */
const BESIDE_MS = 120_000;

/** Whoever n8n lets make calls with a credential. */
export type ApiContext = IExecuteSingleFunctions | ILoadOptionsFunctions;

/** What came of one request, and the token that was sent with it, if any. */
type Exchange = Answer & { token?: string };

/**
 * Sends one request and reads its answer. Never throws; whether to send it again is decided in
 * `callApi.ts`.
 *
 * @param request as `routing` has built it; host and login are added by the credential
 * @param credential undefined when n8n is to read it
 */
export async function sendRequest(
	context: ApiContext,
	request: IHttpRequestOptions,
	findResults: FindResults,
	credential?: IAdditionalCredentialOptions,
): Promise<Exchange> {
	const options: IHttpRequestOptions = {
		...request,
		headers: { ...request.headers },
		arrayFormat: 'repeat',
		encoding: 'text',
		// A redirect would carry the login to another host.
		disableFollowRedirect: true,
		ignoreHttpStatusErrors: true,
		returnFullResponse: true,
	};
	if (options.method === 'GET') delete options.body;
	else options.headers = { ...options.headers, 'Content-Type': 'application/json' };

	let response: IN8nHttpFullResponse;
	try {
		response = (await within(
			(options.timeout ?? TIMEOUT_MS) + BESIDE_MS,
			context.helpers.httpRequestWithAuthentication.call(
				context,
				'capillaryApi',
				options,
				credential,
			),
		)) as IN8nHttpFullResponse;
	} catch (error) {
		return { problem: networkProblem(error), token: tokenOf(options) };
	}
	const token = tokenOf(options);
	try {
		const { body } = response;
		const clean = typeof body === 'string' ? withoutSecrets(body, options) : body;
		const answer = readAnswer({ ...response, body: clean }, findResults);
		if ('body' in answer) return { body: answer.body, token };
		return { problem: withLoginHint(answer.problem, options), token };
	} catch {
		// The API has answered: nothing that goes wrong from here on may pass for "not sent".
		return { problem: { fault: 'unreadable' }, token };
	}
}

/** The credential's `authenticate` writes into the very options that were handed over. */
function tokenOf({ headers }: IHttpRequestOptions): string | undefined {
	return headers?.[TOKEN_HEADER] as string | undefined;
}
