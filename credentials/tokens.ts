import { createHash } from 'node:crypto';
import type {
	ICredentialDataDecryptedObject,
	IHttpRequestHelper,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { CredentialError } from './CredentialError';
import { baseUrl } from './host';

/** A token, the time (epoch milliseconds) until which it is used, and what it was issued for. */
interface Token {
	value: string;
	goodUntil: number;
	issuedFor: string;
}

// One process shares its tokens: whatever the number of items, executions and workflows, one call a life.
const tokens = new Map<string, Token>();
const underway = new Map<string, Promise<Token>>();
const refusals = new Map<string, { error: CredentialError; until: number }>();
const rejected = new Set<string>();

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
	const issuedFor = fingerprint(credentials);
	const stored: Token = {
		value: String(credentials.accessToken ?? ''),
		goodUntil: Number(credentials.goodUntil),
		issuedFor: String(credentials.issuedFor ?? ''),
	};
	const usable = [tokens.get(issuedFor), stored]
		.filter((token): token is Token => token !== undefined && token.value !== '')
		.filter((token) => token.issuedFor === issuedFor && !rejected.has(token.value))
		.filter((token) => token.goodUntil > Date.now())
		.sort((a, b) => b.goodUntil - a.goodUntil);
	return usable[0]?.value;
}

/** Forgets a token that the API did not accept, so that the next call fetches a new one. */
export function rejectToken(value: string): void {
	for (const [issuedFor, token] of tokens) if (token.value === value) tokens.delete(issuedFor);
	rejected.add(value);
	if (rejected.size > 1_000) rejected.delete(rejected.values().next().value as string);
}

/**
 * Fetches a token with key and secret: `POST /v3/oauth/token/generate`. Callers at the same time
 * share one call; a refused key or secret is not asked for again for some seconds.
 *
 * @returns the fields that n8n stores in the credential
 * @throws CredentialError with a sentence for the user; its `tokenCall` says what happened
 */
export async function fetchToken(
	this: IHttpRequestHelper,
	credentials: ICredentialDataDecryptedObject,
) {
	const issuedFor = fingerprint(credentials);
	const usable = tokens.get(issuedFor);
	const token =
		usable && usable.goodUntil > Date.now()
			? usable
			: await shared.call(this, credentials, issuedFor);
	return {
		accessToken: token.value,
		goodUntil: token.goodUntil,
		issuedFor: token.issuedFor,
	};
}

async function shared(
	this: IHttpRequestHelper,
	credentials: ICredentialDataDecryptedObject,
	issuedFor: string,
): Promise<Token> {
	const refusal = refusals.get(issuedFor);
	if (refusal && refusal.until > Date.now()) throw refusal.error;
	refusals.delete(issuedFor);

	let call = underway.get(issuedFor);
	if (!call) {
		call = generate.call(this, credentials, issuedFor).finally(() => underway.delete(issuedFor));
		underway.set(issuedFor, call);
	}
	return await call;
}

async function generate(
	this: IHttpRequestHelper,
	credentials: ICredentialDataDecryptedObject,
	issuedFor: string,
): Promise<Token> {
	const response: IN8nHttpFullResponse | CredentialError = await this.helpers
		.httpRequest({
			method: 'POST',
			baseURL: baseUrl(credentials.host),
			url: '/v3/oauth/token/generate',
			headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
			body: { key: credentials.clientKey, secret: credentials.clientSecret },
			json: true,
			timeout: 30_000,
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: true,
			returnFullResponse: true,
		})
		.catch(unreached);
	if (response instanceof CredentialError) throw response;
	const { data, errors } = (response.body ?? {}) as {
		data?: { accessToken?: unknown; ttlSeconds?: unknown } | null;
		errors?: Array<{ code?: number; message?: string }> | null;
	};
	if (typeof data?.accessToken === 'string' && data.accessToken) {
		const token = { value: data.accessToken, goodUntil: goodUntil(data.ttlSeconds), issuedFor };
		tokens.set(issuedFor, token);
		// The API may give the same token again as long as it lives.
		rejected.delete(token.value);
		return token;
	}

	const apiError = Array.isArray(errors) ? errors[0] : undefined;
	const error = noToken(response, apiError);
	if (isRefusal(response.statusCode)) {
		refusals.set(issuedFor, { error, until: Date.now() + REMEMBER_REFUSAL_MS });
	}
	throw error;
}

/** The error of a failed request holds the request, secret included: only its code goes on. */
function unreached(error: { code?: string; cause?: { code?: string } }): CredentialError {
	return new CredentialError(
		"Capillary could not be reached to fetch an access token. Check the credential's 'Host' and the network of this n8n.",
		{
			network: error.cause?.code ?? error.code ?? 'unknown',
		},
	);
}

function noToken(
	{ statusCode, headers }: IN8nHttpFullResponse,
	apiError?: { code?: number; message?: string },
): CredentialError {
	const seconds = Number(headers?.['retry-after']);
	const message = isRefusal(statusCode)
		? "Capillary refused the credential's 'Client Key' or 'Client Secret'. Check both, and that they belong to this host."
		: `Capillary gave no access token (HTTP status ${statusCode}). Try again later.`;
	return new CredentialError(message, {
		httpStatus: statusCode,
		apiCode: apiError?.code,
		apiMessage: isRefusal(statusCode) ? apiError?.message : undefined,
		retryAfterMs: seconds > 0 ? seconds * 1_000 : undefined,
	});
}

function isRefusal(status: number): boolean {
	return status < 500 && status !== 429;
}

/** Renews a tenth of its life, at most a minute, before the token ends. */
function goodUntil(ttlSeconds: unknown): number {
	const life = Number(ttlSeconds) * 1_000;
	if (!(life > 0)) return Date.now() + UNKNOWN_LIFE_MS;
	return Date.now() + Math.max(SHORTEST_LIFE_MS, life - Math.min(60_000, life / 10));
}

/** Ties a token to host, key and secret, so that a changed credential never uses an old token. */
function fingerprint({ host, clientKey, clientSecret }: ICredentialDataDecryptedObject): string {
	return createHash('sha256')
		.update(JSON.stringify([host, clientKey, clientSecret]))
		.digest('hex');
}
