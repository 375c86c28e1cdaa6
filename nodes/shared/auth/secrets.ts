import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

/** What must not appear anywhere, for each request that carries a login. */
const secretsOf = new WeakMap<IHttpRequestOptions, string[]>();

/** Notes what a request was authenticated with, so that an answer which echoes it can be cleaned. */
export function noteSecrets(
	request: IHttpRequestOptions,
	credentials: ICredentialDataDecryptedObject,
): void {
	secretsOf.set(request, secretsIn(credentials, request.headers?.Authorization));
}

/** An answer to a request, with whatever it echoes of the login taken out. */
export function withoutSecrets(text: string, request: IHttpRequestOptions): string {
	return hide(text, secretsOf.get(request) ?? []);
}

/** A text with whatever it holds of a credential taken out. */
export function withoutCredential(
	text: string,
	credentials: ICredentialDataDecryptedObject,
): string {
	return hide(text, secretsIn(credentials));
}

function secretsIn(credentials: ICredentialDataDecryptedObject, authorization: unknown = '') {
	const basic = String(authorization).replace(/^Basic /, '');
	const login = Buffer.from(basic, 'base64').toString('utf8');
	// The password itself is never sent, only its hash.
	const { accessToken, clientKey, clientSecret } = credentials;
	const given = [accessToken, clientKey, clientSecret].map((one) => String(one ?? ''));
	return (
		[basic, login, login.slice(login.indexOf(':') + 1), ...given]
			.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
			// Three characters are in every text: to take them out would tell more than to leave them in.
			.filter((secret) => secret.length > 3)
	);
}

function hide(text: string, secrets: string[]): string {
	return secrets.reduce((clean, secret) => clean.replaceAll(secret, '*****'), text);
}
