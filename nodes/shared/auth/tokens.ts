import { createHash } from 'node:crypto';
import type {
	ICredentialDataDecryptedObject,
	IHttpRequestHelper,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { isObject, parseBody } from '../answer/body';
import { errorsOfV2 } from '../answer/envelope';
import { networkProblem } from '../answer/networkProblem';
import { retryAfter } from '../answer/readAnswer';
import { BoundedMap } from '../BoundedMap';
import { within } from '../within';
import type { ApiError } from '../problem/ApiError';
import { CredentialError } from '../problem/CredentialError';
import { baseUrl } from './host';
import { withoutCredential } from './secrets';

/** A token, and the time (epoch milliseconds) until which it is used. */
interface Token {
	value: string;
	expiresAt: number;
}

// One process shares its tokens: whatever the number of items, executions and workflows, one call a life.
const MOST = 1_000;
const tokens = new BoundedMap<string, Token>(MOST);
const refusals = new BoundedMap<string, { error: CredentialError; until: number }>(MOST);
const rejected = new BoundedMap<string, true>(MOST);
const underway = new Map<string, Promise<Token>>();

/** What can be sent as a header. */
const TOKEN = /^[\x20-\x7e]+$/;
const TIMEOUT_MS = 30_000;
const REMEMBER_REFUSAL_MS = 5_000;
const UNKNOWN_LIFE_MS = 60_000;
const SHORTEST_LIFE_MS = 1_000;

/**
 * The token to send now, or undefined when a new one must be fetched.
 *
 * Both the token of this process and the one stored in the credential count (another worker may have
 * stored a newer one); the one that lives longer wins.
 */
export function usableToken(credentials: ICredentialDataDecryptedObject): string | undefined {
	const usable = [tokens.get(clientOf(credentials)), storedToken(credentials)]
		.filter((token): token is Token => token !== undefined && !rejected.has(token.value))
		.filter((token) => token.expiresAt > Date.now())
		.sort((a, b) => b.expiresAt - a.expiresAt);
	return usable[0]?.value;
}

/** Forgets a token that the API did not accept, so that the next call fetches a new one. */
export function rejectToken(value: string): void {
	for (const [client, token] of tokens) if (token.value === value) tokens.delete(client);
	rejected.set(value, true);
}

/**
 * Fetches a token in place of the one that the credential holds: `loginOf` leaves that field empty
 * when a token was merely old, so what it still holds has been rejected.
 *
 * @returns the fields that n8n stores in the credential
 * @throws CredentialError with a sentence for the user
 */
export async function newToken(
	this: IHttpRequestHelper,
	credentials: ICredentialDataDecryptedObject,
) {
	if (!credentials.clientKey) throw new CredentialError("The credential's 'Client Key' is empty.");
	if (!credentials.clientSecret) {
		throw new CredentialError("The credential's 'Client Secret' is empty.");
	}
	if (credentials.accessToken) rejectToken(String(credentials.accessToken));
	return await fetchToken.call(this, credentials);
}

/**
 * Fetches a token with key and secret: `POST /v3/oauth/token/generate`. Callers at the same time
 * share one call; a refused key or secret is not asked for again for some seconds.
 */
async function fetchToken(this: IHttpRequestHelper, credentials: ICredentialDataDecryptedObject) {
	const client = clientOf(credentials);
	const known = tokens.get(client);
	const token =
		known && known.expiresAt > Date.now() ? known : await shared.call(this, credentials, client);
	return {
		accessToken: token.value,
		expiresAt: token.expiresAt,
		tokenIssuedFor: fingerprint(credentials, token.value),
	};
}

async function shared(
	this: IHttpRequestHelper,
	credentials: ICredentialDataDecryptedObject,
	client: string,
): Promise<Token> {
	const refusal = refusals.get(client);
	if (refusal && refusal.until > Date.now()) throw refusal.error;
	refusals.delete(client);

	let call = underway.get(client);
	if (!call) {
		call = generate.call(this, credentials, client).finally(() => underway.delete(client));
		underway.set(client, call);
	}
	return await call;
}

async function generate(
	this: IHttpRequestHelper,
	credentials: ICredentialDataDecryptedObject,
	client: string,
): Promise<Token> {
	const call = this.helpers.httpRequest({
		method: 'POST',
		baseURL: baseUrl(credentials.host),
		url: '/v3/oauth/token/generate',
		headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
		body: JSON.stringify({ key: credentials.clientKey, secret: credentials.clientSecret }),
		encoding: 'text',
		timeout: TIMEOUT_MS,
		disableFollowRedirect: true,
		ignoreHttpStatusErrors: true,
		returnFullResponse: true,
	});
	const response: IN8nHttpFullResponse | CredentialError = await within(2 * TIMEOUT_MS, call).catch(
		unreached,
	);
	if (response instanceof CredentialError) throw response;
	const body = parseBody(response.body);
	const data = isObject(body?.data) ? body.data : {};
	if (typeof data.accessToken === 'string' && TOKEN.test(data.accessToken)) {
		const token = { value: data.accessToken, expiresAt: expiry(data.ttlSeconds) };
		tokens.set(client, token);
		// The API may give the same token again as long as it lives.
		rejected.delete(token.value);
		return token;
	}

	const [apiError] = body ? errorsOfV2(body) : [];
	const error = noToken(response, credentials, apiError);
	if (error.problem.fault === 'loginRejected') {
		refusals.set(client, { error, until: Date.now() + REMEMBER_REFUSAL_MS });
	}
	throw error;
}

/**
 * The error of a failed request holds the request, secret included: only its code goes on. Whatever
 * happened, the call that needs the token was not sent.
 */
function unreached(error: unknown): CredentialError {
	const { fault, network, sentence } = networkProblem(error);
	if (fault === 'badCredential') return new CredentialError(`${sentence}.`, { fault, network });
	return new CredentialError(
		"Capillary could not be reached to fetch an access token. Check the credential's 'Host' and the network of this n8n.",
		{ fault: 'notReached', network },
	);
}

/** What an answer without a token means. */
function noToken(
	{ statusCode: httpStatus, headers }: IN8nHttpFullResponse,
	credentials: ICredentialDataDecryptedObject,
	apiError: ApiError | undefined,
): CredentialError {
	const apiMessage = apiError?.message && withoutCredential(apiError.message, credentials);
	const fromApi = { httpStatus, code: apiError?.code, apiMessage };
	const retryAfterMs = retryAfter(headers?.['retry-after']);
	if (httpStatus === 429) {
		const sentence = 'Capillary limits how often an access token may be fetched. Try again later.';
		return new CredentialError(sentence, { fault: 'limited', ...fromApi, retryAfterMs });
	}
	if (httpStatus >= 500 || httpStatus === 408 || httpStatus === 425) {
		const sentence = `Capillary returned no access token (HTTP status ${httpStatus}). Try again later.`;
		return new CredentialError(sentence, { fault: 'notReached', ...fromApi, retryAfterMs });
	}
	if (apiError || httpStatus === 401 || httpStatus === 403) {
		return new CredentialError(
			"Capillary refused the credential's 'Client Key' or 'Client Secret'. Check both, and that they belong to this host.",
			{ fault: 'loginRejected', ...fromApi },
		);
	}
	return new CredentialError(
		`The credential's 'Host' does not answer as Capillary's token service does (HTTP status ${httpStatus}). Enter the API host of your cluster.`,
		{ fault: 'badCredential', httpStatus },
	);
}

/** Renews a tenth of its life, at most a minute, before the token ends. */
function expiry(ttlSeconds: unknown): number {
	const life = Number(ttlSeconds) * 1_000;
	if (!(life > 0)) return Date.now() + UNKNOWN_LIFE_MS;
	return Date.now() + Math.max(SHORTEST_LIFE_MS, life - Math.min(60_000, life / 10));
}

/** The token that n8n has stored, if it was issued for this host, key and secret. */
function storedToken(credentials: ICredentialDataDecryptedObject): Token | undefined {
	const value = String(credentials.accessToken ?? '');
	if (!value || credentials.tokenIssuedFor !== fingerprint(credentials, value)) return undefined;
	return { value, expiresAt: Number(credentials.expiresAt) };
}

/** Tells API clients apart within this process. */
function clientOf({ host, clientKey, clientSecret }: ICredentialDataDecryptedObject): string {
	return hash([host, clientKey, clientSecret]);
}

/**
 * Ties a stored token to its host, key and secret, so that a changed credential never uses an old one.
 * The token itself goes in: who sees only the fingerprint cannot try a secret against it.
 */
function fingerprint(credentials: ICredentialDataDecryptedObject, token: string): string {
	return hash([clientOf(credentials), token]);
}

function hash(parts: unknown[]): string {
	return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
