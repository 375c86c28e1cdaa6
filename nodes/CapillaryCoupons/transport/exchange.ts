import type {
	IAdditionalCredentialOptions,
	IDataObject,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { connectionProblem } from '../response/connectionProblem';
import { CallProblem, type Problem } from '../response/Problem';
import { type FindResults, readAnswer } from '../response/readAnswer';

export type ApiContext = IExecuteSingleFunctions | ILoadOptionsFunctions;

/** A good answer, or what went wrong; and the token that was sent, when there was one. */
export interface Exchange {
	body?: IDataObject;
	problem?: Problem;
	token?: string;
}

const TOKEN_HEADER = 'X-CAP-API-OAUTH-TOKEN';

/**
 * Sends one request and reads its answer. Never throws; whether to repeat is decided in `call.ts`.
 *
 * @param request as `routing` has built it; host and login are added by the credential
 * @param credential undefined when n8n is to read it
 */
export async function exchange(
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

	try {
		const response = (await context.helpers.httpRequestWithAuthentication.call(
			context,
			'capillaryApi',
			options,
			credential,
		)) as IN8nHttpFullResponse;
		return { body: readAnswer(response, findResults), token: tokenOf(options) };
	} catch (error) {
		const problem = error instanceof CallProblem ? error.problem : connectionProblem(error);
		return { problem: withoutSecrets(problem, options), token: tokenOf(options) };
	}
}

/** The credential's `authenticate` writes into the very options that were handed over. */
function tokenOf({ headers }: IHttpRequestOptions): string | undefined {
	return headers?.[TOKEN_HEADER] as string | undefined;
}

/** Takes out whatever of the login an answer may echo. */
function withoutSecrets(problem: Problem, { headers }: IHttpRequestOptions): Problem {
	if (!problem.apiMessage || !headers) return problem;
	const basic = String(headers.Authorization ?? '').replace(/^Basic /, '');
	const login = Buffer.from(basic, 'base64').toString('utf8');
	const secrets = [basic, login, login.slice(login.indexOf(':') + 1), headers[TOKEN_HEADER]];
	let apiMessage = problem.apiMessage;
	for (const secret of secrets) {
		if (typeof secret === 'string' && secret.length > 3) {
			apiMessage = apiMessage.replaceAll(secret, '*****');
		}
	}
	return { ...problem, apiMessage };
}
