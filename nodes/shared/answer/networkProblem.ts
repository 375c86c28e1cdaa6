import { CredentialError } from '../problem/CredentialError';
import type { Problem } from '../problem/Problem';

/** System calls that come before the first byte of a request: look the name up, connect. */
const BEFORE_SENDING = /^(connect|bind|getaddrinfo|query[A-Z]\w*)$/;

/**
 * Codes that only those system calls give, told apart for the versions of n8n that drop the system
 * call. All others, EHOSTUNREACH among them, can also end a connection that carried a request.
 *
 * In words, because n8n puts a general text in place of a message that holds one of these codes.
 */
const NOT_REACHED = new Map([
	['ECONNREFUSED', 'connection refused'],
	['ENOTFOUND', 'host name not found'],
	['EAI_AGAIN', 'host name cannot be looked up now'],
]);
const CONNECTING = new Map([
	...NOT_REACHED,
	['EHOSTUNREACH', 'host unreachable'],
	['ENETUNREACH', 'network unreachable'],
	['EADDRNOTAVAIL', 'no address to send from'],
]);

/** What OpenSSL says of a certificate; Node checks it at the end of the handshake, before it sends. */
const BAD_CERTIFICATE =
	/^(CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|ERR_TLS_CERT_)/;
const TLS = /^(EPROTO|ERR_SSL_|ERR_TLS_)/;
const TIMEOUTS = ['ECONNABORTED', 'ETIMEDOUT'];

/**
 * What a call has met on its way that got no answer. It tells above all whether the API can have
 * received it: `notReached` and `badCredential` need proof that not a byte was sent, all else is `lost`.
 *
 * @param error as n8n's request helper throws it, with Node's own error somewhere in its `cause` chain
 */
export function networkProblem(error: unknown): Problem {
	const chain = causes(error);
	const credential = chain.find((one) => one instanceof CredentialError);
	if (credential) return { ...credential.problem, sentence: withoutStop(credential.message) };

	const network = networkCode(chain);
	if (network === undefined) {
		// No code and not of the HTTP client: n8n itself held the call back, for example by its list of
		// allowed domains.
		if (chain.length > 0 && !chain.some(({ isAxiosError }) => isAxiosError)) {
			return { fault: 'badCredential', sentence: chain.at(-1)?.message };
		}
		return { fault: 'lost' };
	}
	if (network === 'ERR_CANCELED') {
		return { fault: 'lost', network, sentence: 'The execution ended before the answer came' };
	}
	if (BAD_CERTIFICATE.test(network)) {
		const sentence = `The host's certificate is not trusted (${network}), so nothing was sent`;
		return { fault: 'badCredential', network, sentence, hint: HOST_HINT };
	}
	if (TLS.test(network) && chain.some(inHandshake)) {
		const sentence = 'The host does not speak https, so nothing was sent';
		return { fault: 'badCredential', network, sentence, hint: HOST_HINT };
	}
	const syscalls = syscallsOf(chain);
	const isNamed = NOT_REACHED.has(network) || syscalls.length > 0;
	if (isNamed && syscalls.every(isBeforeSending)) {
		const why = CONNECTING.get(network) ?? 'no connection in time';
		const sentence = `Capillary could not be reached, so nothing was sent (${why})`;
		return { fault: 'notReached', network, sentence };
	}
	if (TIMEOUTS.includes(network)) {
		return { fault: 'lost', network, sentence: 'Capillary did not answer in time' };
	}
	return { fault: 'lost', network };
}

const HOST_HINT = "Check the credential's 'Host'.";

/** What Node, axios and n8n hang on an error, each in its own place. */
interface Cause extends Error {
	code?: unknown;
	httpCode?: unknown;
	isAxiosError?: unknown;
	syscall?: unknown;
	cause?: unknown;
	/** Of Node's AggregateError: one error for each address of the host. */
	errors?: unknown;
	/** Node's request, with the connection it went over. */
	request?: { socket?: { secureConnecting?: boolean } | null };
}

function causes(error: unknown): Cause[] {
	const chain: Cause[] = [];
	for (let one = error; one instanceof Error && chain.length < 5; one = (one as Cause).cause) {
		chain.push(one as Cause);
	}
	return chain;
}

/** Older n8n drops the cause of its error and keeps only the network's code, as `httpCode`. */
function networkCode(chain: Cause[]): string | undefined {
	return chain
		.flatMap(({ code, httpCode }) => [code, httpCode])
		.find((code): code is string => typeof code === 'string' && !/^\d+$/.test(code));
}

/** Of all errors that name one, and of each address of the host that was tried. */
function syscallsOf(chain: Cause[]): unknown[] {
	const ofChain = chain.map(({ syscall }) => syscall).filter((syscall) => syscall !== undefined);
	const tries = chain.flatMap(({ errors }) => (Array.isArray(errors) ? (errors as unknown[]) : []));
	return [...ofChain, ...tries.map((error) => (error as Partial<Cause> | null)?.syscall)];
}

function isBeforeSending(syscall: unknown): boolean {
	return typeof syscall === 'string' && BEFORE_SENDING.test(syscall);
}

/** Only then is a TLS fault one of the handshake: later ones look the same. */
function inHandshake({ request }: Cause): boolean {
	return request?.socket?.secureConnecting === true;
}

function withoutStop(message: string): string {
	return message.replace(/\.$/, '');
}
