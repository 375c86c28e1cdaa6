import { CredentialError } from '../problem/CredentialError';
import type { Problem } from '../problem/Problem';
import { isObject } from './body';

/** System calls that come before the first byte of a request: look the name up, connect. */
const BEFORE_SENDING = /^(connect|bind|getaddrinfo|query[A-Z]\w*)$/;

/** In words, because n8n puts a general text in place of a message that holds one of these codes. */
const WORDS = new Map([
	['ECONNREFUSED', 'connection refused'],
	['ECONNRESET', 'connection closed'],
	['ENOTFOUND', 'host name not found'],
	['EAI_AGAIN', 'host name cannot be looked up now'],
	['EHOSTUNREACH', 'host unreachable'],
	['ENETUNREACH', 'network unreachable'],
	['EADDRNOTAVAIL', 'no address to send from'],
]);

/**
 * Codes that hardly anything but those system calls gives, for the versions of n8n that keep neither
 * system call nor connection. All others also end connections that carried a request.
 */
const NOT_REACHED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN)$/;

/** What OpenSSL says of a certificate; Node checks it at the end of the handshake, before it sends. */
const BAD_CERTIFICATE =
	/^(CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|ERR_TLS_CERT_)/;
const TLS = /^(EPROTO|ERR_SSL_|ERR_TLS_)/;
/** What is said only of connections that were never made. */
const ONLY_UNSENT = [NOT_REACHED, BAD_CERTIFICATE];
const TIMEOUTS = ['ECONNABORTED', 'ETIMEDOUT'];

/**
 * Why a call got no answer. What matters most is whether the API can have received it: `notReached` and
 * `badCredential` need proof that not a byte was sent, all else is `lost`.
 *
 * @param error as n8n's request helper throws it, with Node's own error somewhere in its `cause` chain
 */
export function networkProblem(error: unknown): Problem {
	const chain = causes(error);
	const credential = chain.find(isCredentialError);
	if (credential) return { ...credential.problem, sentence: withoutStop(credential.message) };

	const network = networkCode(chain);
	if (network === undefined) {
		return error instanceof Error && isHeldBack(chain)
			? { fault: 'badCredential', sentence: chain.at(-1)?.message }
			: { fault: 'lost' };
	}
	const isUnsent = provenUnsent(chain) ?? ONLY_UNSENT.some((codes) => codes.test(network));
	if (network === 'ERR_CANCELED') {
		if (isUnsent) return { fault: 'stopped', network };
		return { fault: 'lost', network, sentence: 'The execution ended before the answer came' };
	}
	if (isUnsent) return unsent(network);
	if (TIMEOUTS.includes(network)) {
		return { fault: 'lost', network, sentence: 'Capillary did not answer in time' };
	}
	return { fault: 'lost', network };
}

function unsent(network: string): Problem {
	if (BAD_CERTIFICATE.test(network)) {
		const sentence = `The host's certificate is not trusted (${network}), so nothing was sent`;
		return { fault: 'badCredential', network, sentence, hint: HOST_HINT };
	}
	if (TLS.test(network)) {
		const sentence = 'The host does not speak https, so nothing was sent';
		return { fault: 'badCredential', network, sentence, hint: HOST_HINT };
	}
	const why = WORDS.get(network) ?? 'no connection in time';
	const sentence = `Capillary could not be reached, so nothing was sent (${why})`;
	return { fault: 'notReached', network, sentence };
}

const HOST_HINT = "Check the credential's 'Host'.";

/** What Node, axios and n8n hang on an error, each in its own place. */
interface Cause {
	message?: string;
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
	for (let one = error; isObject(one) && chain.length < 5; one = one.cause)
		chain.push(one as Cause);
	return chain;
}

const isCredentialError = (one: unknown): one is CredentialError => one instanceof CredentialError;

/** Older n8n drops the cause of its error and keeps only the network's code, as `httpCode`. */
function networkCode(chain: Cause[]): string | undefined {
	return chain
		.flatMap(({ code, httpCode }) => [code, httpCode])
		.find((code): code is string => typeof code === 'string' && !/^\d+$/.test(code));
}

/**
 * No code, and not of the HTTP client: n8n itself held the call back, for example by its list of
 * allowed domains. Not known where n8n has dropped the cause of its own error.
 */
function isHeldBack(chain: Cause[]): boolean {
	const isCauseDropped = chain.length === 1 && 'httpCode' in (chain[0] as Cause);
	const isError = typeof chain.at(-1)?.message === 'string';
	return isError && !isCauseDropped && !chain.some(({ isAxiosError }) => isAxiosError);
}

/**
 * Whether not a byte of the request has left: as long as the TLS handshake lasts, Node holds it back.
 * Undefined when neither the connection nor a system call shows it.
 */
function provenUnsent(chain: Cause[]): boolean | undefined {
	const handshakes = chain.map(({ request }) => request?.socket?.secureConnecting);
	if (handshakes.includes(true)) return true;
	const calls = chain.flatMap(systemCalls);
	if (calls.length > 0) return calls.every((call) => BEFORE_SENDING.test(call));
	return handshakes.includes(false) ? false : undefined;
}

/** Of an error, and of each address of the host that was tried; empty where none is named. */
function systemCalls({ syscall, errors }: Cause): string[] {
	const tries = Array.isArray(errors) ? (errors as Array<Partial<Cause> | null>) : [];
	const text = (call: unknown) => (typeof call === 'string' ? call : '');
	return [
		...(syscall === undefined || syscall === null ? [] : [text(syscall)]),
		...tries.map((error) => text(error?.syscall)),
	];
}

function withoutStop(message: string): string {
	return message.replace(/\.$/, '');
}
