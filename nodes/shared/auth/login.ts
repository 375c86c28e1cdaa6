import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { CredentialError } from '../problem/CredentialError';
import type { Problem } from '../problem/Problem';
import { basicAuth } from './basicAuth';
import { baseUrl } from './host';
import { usableToken } from './tokens';

/** The header that carries the access token (Capillary's public documentation, OAuth). */
export const TOKEN_HEADER = 'X-CAP-API-OAUTH-TOKEN';

/** What an HTTP header can carry: printable Latin-1 (RFC 9110, 5.5). */
const HEADER_TEXT = /^[\x20-\x7e\xa0-\xff]*$/;

/**
 * Looks like an answer with HTTP 401: after such an error, n8n calls `preAuthentication`, and then
 * `authenticate` again.
 */
export class TryAgain extends Error {
	readonly response = { status: 401 };
}

/** What a call needs beside its own URL. */
export type Login = Required<Pick<IHttpRequestOptions, 'baseURL' | 'headers'>>;

/**
 * Host and headers of a call. Notes in `credentials.accessToken` which token it is, if any.
 *
 * @throws TryAgain when a token must be fetched first
 * @throws CredentialError when a field is empty or wrong
 */
export function loginOf(credentials: ICredentialDataDecryptedObject): Login {
	const baseURL = baseUrl(credentials.host);
	const headers = { Accept: 'application/json' };
	if (credentials.authentication !== 'oauth') {
		return { baseURL, headers: { ...headers, Authorization: basicAuth(credentials) } };
	}
	const attributed = attribution(credentials);
	const token = usableToken(credentials);
	credentials.accessToken = token ?? '';
	if (!token) throw new TryAgain('There is no access token yet');
	return { baseURL, headers: { ...headers, [TOKEN_HEADER]: token, ...attributed } };
}

/** Says which till or store the call is made for; without it, the API client's default till. */
function attribution(credentials: ICredentialDataDecryptedObject) {
	const code = String(credentials.attributionCode ?? '').trim();
	if (!code) return {};
	if (!HEADER_TEXT.test(code)) {
		throw new CredentialError(
			"The credential's 'Attribution Code' holds letters or signs that cannot be sent to Capillary. Use the code as Capillary shows it, or another attribution type.",
		);
	}
	return {
		'X-CAP-API-ATTRIBUTION-ENTITY-TYPE': String(credentials.attributionType ?? 'TILL'),
		'X-CAP-API-ATTRIBUTION-ENTITY-CODE': code,
	};
}

/** Names the fields to check, for a login that was rejected: those of OAuth when a token was sent. */
export function withLoginHint(
	problem: Problem,
	{ headers }: Pick<IHttpRequestOptions, 'headers'>,
): Problem {
	if (problem.fault !== 'loginRejected') return problem;
	const fields = headers?.[TOKEN_HEADER]
		? "'Client Key' and 'Client Secret'"
		: "'Username' and 'Password'";
	const hint = `Check ${fields} in the Capillary credential, and that they belong to its 'Host'.`;
	return { ...problem, hint };
}
