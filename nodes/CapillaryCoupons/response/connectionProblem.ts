import { CredentialError } from '../../../credentials/CredentialError';
import type { Problem } from './Problem';

/**
 * Found before a byte of the call was sent. In words, because n8n puts a general text in place of a
 * message that holds one of these codes.
 */
const NOT_REACHED: Record<string, string> = {
	ECONNREFUSED: 'connection refused',
	ENOTFOUND: 'host name not found',
	EAI_AGAIN: 'host name cannot be looked up now',
	EHOSTUNREACH: 'host unreachable',
	ENETUNREACH: 'network unreachable',
	EADDRNOTAVAIL: 'no address to send from',
};
const BAD_CERTIFICATE = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;
const TIMEOUTS = ['ECONNABORTED', 'ETIMEDOUT'];

/**
 * What a call has met on its way that got no answer. It tells above all whether the API can have got it.
 *
 * @param error as n8n's request helper throws it, with Node's own error somewhere in its `cause` chain
 */
export function connectionProblem(error: unknown): Problem {
	const chain = causes(error);
	const credential = chain.find((one) => one instanceof CredentialError);
	if (credential) return credentialProblem(credential);

	// Older n8n drops the cause of its error and keeps only the network's code, as `httpCode`.
	const network = chain
		.flatMap(({ code, httpCode }) => [code, httpCode])
		.find((code) => typeof code === 'string' && !/^\d+$/.test(code)) as string | undefined;
	const connecting = chain.some(({ syscall }) => syscall === 'connect');
	if (network === 'ERR_CANCELED') return { fault: 'stopped', network };
	if (network === 'EPROTO') {
		const sentence = 'The host does not speak https, so nothing was sent';
		return { fault: 'badCredential', network, sentence, hint: "Check the credential's 'Host'." };
	}
	if (network && BAD_CERTIFICATE.test(network)) {
		const sentence = `The host's certificate is not trusted (${network}), so nothing was sent`;
		return { fault: 'badCredential', network, sentence, hint: "Check the credential's 'Host'." };
	}
	if (network && (NOT_REACHED[network] || connecting)) {
		const why = NOT_REACHED[network] ?? 'no connection in time';
		const sentence = `Capillary could not be reached, so nothing was sent (${why})`;
		return { fault: 'notReached', network, sentence };
	}
	if (network && TIMEOUTS.includes(network)) {
		return { fault: 'lost', network, sentence: 'Capillary did not answer in time' };
	}
	if (!network && !chain.some(({ isAxiosError }) => isAxiosError)) {
		// Not from the network: n8n itself held the call back, for example by its list of allowed domains.
		const sentence = chain.at(-1)?.message ?? 'n8n did not send the call';
		return { fault: 'badCredential', sentence };
	}
	return { fault: 'lost', network };
}

function credentialProblem({ message, tokenCall }: CredentialError): Problem {
	const { network, httpStatus, apiCode: code, apiMessage, retryAfterMs } = tokenCall ?? {};
	const known = {
		sentence: message.replace(/\.$/, ''),
		httpStatus,
		code,
		apiMessage,
		retryAfterMs,
	};
	// The call itself never went out, so it is safe to repeat whatever the token call may bring next time.
	if (httpStatus === 429) return { fault: 'limited', ...known };
	if (network || (httpStatus ?? 0) >= 500) return { fault: 'notReached', network, ...known };
	return { fault: tokenCall ? 'loginRejected' : 'badCredential', ...known };
}

interface Cause {
	code?: unknown;
	httpCode?: unknown;
	isAxiosError?: unknown;
	syscall?: unknown;
	cause?: unknown;
}

function causes(error: unknown): Array<Cause & Error> {
	const chain: Array<Cause & Error> = [];
	for (let one = error; one instanceof Error && chain.length < 5; one = (one as Cause).cause) {
		chain.push(one as Cause & Error);
	}
	return chain;
}
