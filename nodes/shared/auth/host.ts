import { CredentialError } from '../problem/CredentialError';

/** This machine, also as seen from a container on it: there, nobody can listen in on plain http. */
const THIS_MACHINE = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|host\.docker\.internal)$/;
const API_VERSION = /^v\d+(\.\d+)?$/i;
const EXAMPLE =
	"Enter the API host of your Capillary cluster, for example 'eu.api.capillarytech.com'.";

/**
 * The base URL of every call, from the credential's `host` field.
 *
 * @param host what the user typed: with or without scheme, a gateway's path or a trailing slash
 * @returns an absolute URL without trailing slash, https except for this very machine
 * @throws CredentialError when it is empty, is no host, carries a login, names a version of the API or
 *   is plain http
 */
export function baseUrl(host: unknown): string {
	const text = typeof host === 'string' ? host.trim() : '';
	if (!text) throw new CredentialError(`The credential's 'Host' is empty. ${EXAMPLE}`);

	const url = parse(text);
	if (!url) throw new CredentialError(`The credential's 'Host' is not a host name. ${EXAMPLE}`);
	if (url.username || url.password) {
		throw new CredentialError("The credential's 'Host' must not hold a user name or password.");
	}
	if (url.protocol === 'http:' && !THIS_MACHINE.test(url.hostname)) {
		throw new CredentialError(
			"The credential's 'Host' uses plain http, which would send the password unprotected. Use https.",
		);
	}
	const version = url.pathname.split('/').find((part) => API_VERSION.test(part));
	if (version !== undefined) {
		throw new CredentialError(
			`The credential's 'Host' must not name a version of the API: leave out '/${version}' and what follows it. ${EXAMPLE}`,
		);
	}
	return `${url.protocol}//${url.host}${url.pathname}`.replace(/\/+$/, '');
}

function parse(text: string): URL | undefined {
	const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? '' : 'https://';
	try {
		const url = new URL(scheme + text);
		return url.hostname && /^https?:$/.test(url.protocol) ? url : undefined;
	} catch {
		return undefined;
	}
}
