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
	const spelt = [basic, login, login.slice(login.indexOf(':') + 1), ...given].flatMap(spellings);
	// Three characters are in every text: to take them out would tell more than to leave them in.
	return [...new Set(spelt)].filter((secret) => secret.length > 3);
}

/** As it is, in JSON, in JSON within JSON, in a URL, in HTML. */
function spellings(secret: string): string[] {
	const json = JSON.stringify(secret).slice(1, -1);
	const html = secret.replace(/[&<>"]/g, (sign) => HTML_SIGNS[sign] ?? sign);
	return [
		secret,
		json,
		JSON.stringify(json).slice(1, -1),
		encodeURIComponent(Buffer.from(secret).toString()),
		html,
	];
}

const HTML_SIGNS: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
};

function hide(text: string, secrets: string[]): string {
	return secrets.reduce((clean, secret) => clean.replaceAll(secret, '*****'), unescaped(text));
}

/** JSON may write any sign as `\u0041`, and some servers write `/` as `\/`: so none is missed. */
function unescaped(text: string): string {
	if (!text.includes('\\/') && !text.includes('\\u')) return text;
	return text.replace(/\\(?:u([0-9a-f]{4})|.)/gi, (escape, hex?: string) => {
		if (escape === '\\/') return '/';
		const sign = hex === undefined ? '"' : String.fromCharCode(parseInt(hex, 16));
		return /["\\\p{C}]/u.test(sign) ? escape : sign;
	});
}
