import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { basicAuth } from './basicAuth';
import { baseUrl } from './host';
import { usableToken } from './tokens';

/** n8n calls `preAuthentication`, and then again, for any error that looks like an answer of 401. */
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
	const token = usableToken(credentials);
	credentials.accessToken = token ?? '';
	if (!token) throw new TryAgain('There is no access token yet');
	return {
		baseURL,
		headers: { ...headers, 'X-CAP-API-OAUTH-TOKEN': token, ...attribution(credentials) },
	};
}

/** Says which till or store the call is made for; without it, the API client's default till. */
function attribution(credentials: ICredentialDataDecryptedObject) {
	const code = String(credentials.attributionCode ?? '').trim();
	if (!code) return {};
	return {
		'X-CAP-API-ATTRIBUTION-ENTITY-TYPE': String(credentials.attributionType ?? 'TILL'),
		'X-CAP-API-ATTRIBUTION-ENTITY-CODE': code,
	};
}
