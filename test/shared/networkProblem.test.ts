import { networkProblem } from '../../nodes/shared/answer/networkProblem';
import { CredentialError } from '../../nodes/shared/problem/CredentialError';

type Fields = Record<string, unknown>;

/** An error with its fields, inside of those that the HTTP client and n8n put around it. */
function wrapped(fields: Fields, around: Fields = { isAxiosError: true }): Error {
	const inner = Object.assign(new Error('as Node says it'), fields);
	return Object.assign(new Error('as n8n says it', { cause: inner }), around);
}

const socket = (secureConnecting: boolean) => ({ request: { socket: { secureConnecting } } });

describe('a system call that proves that nothing was sent', () => {
	it.each([
		['connect', 'ECONNREFUSED', 'connection refused'],
		['connect', 'EHOSTUNREACH', 'host unreachable'],
		['connect', 'ENETUNREACH', 'network unreachable'],
		['connect', 'ECONNRESET', 'connection closed'],
		['connect', 'ETIMEDOUT', 'no connection in time'],
		['bind', 'EADDRNOTAVAIL', 'no address to send from'],
		['getaddrinfo', 'ENOTFOUND', 'host name not found'],
		['getaddrinfo', 'EAI_AGAIN', 'host name cannot be looked up now'],
		['queryA', 'ENOTFOUND', 'host name not found'],
	])('%s %s', (syscall, code, words) => {
		expect(networkProblem(wrapped({ syscall, code }))).toEqual({
			fault: 'notReached',
			network: code,
			sentence: `Capillary could not be reached, so nothing was sent (${words})`,
		});
	});
});

describe('what may have arrived', () => {
	it.each([
		...['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE', 'ENOTFOUND'].flatMap(
			(code) => ['read', 'write', 'disconnect', 'reconnect', '', 7].map((call) => [call, code]),
		),
	])('system call %j, %s', (syscall, code) => {
		expect(networkProblem(wrapped({ syscall, code }))).toMatchObject({
			fault: 'lost',
			network: code,
		});
	});

	it.each(['ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE', 'EPROTO', 'UND_ERR_SOCKET'])(
		'%s, and nothing more is known',
		(code) => {
			expect(networkProblem(wrapped({ code }))).toEqual({ fault: 'lost', network: code });
		},
	);

	it.each(['ECONNABORTED', 'ETIMEDOUT'])('a time-out: %s', (code) => {
		expect(networkProblem(wrapped({ code }))).toEqual({
			fault: 'lost',
			network: code,
			sentence: 'Capillary did not answer in time',
		});
	});

	it.each([[undefined], [null], ['text'], [7], [{}], [wrapped({}, { isAxiosError: true })]])(
		'something thrown that says nothing: %p',
		(thrown) => {
			expect(networkProblem(thrown)).toEqual({ fault: 'lost' });
		},
	);
});

describe('codes that only a connection that was never made gives', () => {
	it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])('%s, as older n8n tells it', (httpCode) => {
		const error = Object.assign(new Error('n8n'), { httpCode });
		expect(networkProblem(error)).toMatchObject({ fault: 'notReached', network: httpCode });
	});

	it('an HTTP status in the same place is none', () => {
		const error = Object.assign(new Error('n8n'), { httpCode: '500' });
		expect(networkProblem(error)).toEqual({ fault: 'lost' });
	});
});

describe('a host with several addresses', () => {
	const tries = (...calls: unknown[]) => ({
		code: 'ECONNREFUSED',
		errors: calls.map((syscall) => ({ syscall })),
	});

	it('was not reached when each try failed before it sent', () => {
		expect(networkProblem(wrapped(tries('connect', 'connect')))).toMatchObject({
			fault: 'notReached',
		});
	});

	it.each([['read'], [undefined], [7]])('may have been, when one try says %j', (other) => {
		expect(networkProblem(wrapped(tries('connect', other)))).toMatchObject({ fault: 'lost' });
	});

	it('may have been, when a try is missing', () => {
		const error = wrapped({ code: 'ECONNREFUSED', errors: [null] });
		expect(networkProblem(error)).toMatchObject({ fault: 'lost' });
	});
});

describe('TLS', () => {
	it.each([
		...['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
		...['SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH'],
		...['CRL_HAS_EXPIRED', 'INVALID_CA', 'INVALID_PURPOSE', 'PATH_LENGTH_EXCEEDED'],
	])('%s: Node checks the certificate before it sends', (code) => {
		expect(networkProblem(wrapped({ code }))).toEqual({
			fault: 'badCredential',
			network: code,
			sentence: `The host's certificate is not trusted (${code}), so nothing was sent`,
			hint: "Check the credential's 'Host'.",
		});
	});

	it.each(['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_TLS_HANDSHAKE_TIMEOUT'])(
		'%s during the handshake: nothing was sent',
		(code) => {
			expect(networkProblem(wrapped({ code }, socket(true)))).toMatchObject({
				fault: 'badCredential',
				sentence: 'The host does not speak https, so nothing was sent',
			});
		},
	);

	it.each(['EPROTO', 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'CERT_HAS_EXPIRED'])(
		'%s after the handshake: it may have arrived',
		(code) => {
			expect(networkProblem(wrapped({ code }, socket(false)))).toMatchObject({ fault: 'lost' });
		},
	);

	it('a connection closed during the handshake', () => {
		expect(networkProblem(wrapped({ code: 'ECONNRESET' }, socket(true)))).toMatchObject({
			fault: 'notReached',
		});
	});
});

describe('a cancelled call', () => {
	const code = 'ERR_CANCELED';

	it('may have arrived', () => {
		expect(networkProblem(wrapped({ code }))).toEqual({
			fault: 'lost',
			network: code,
			sentence: 'The execution ended before the answer came',
		});
	});

	it('has not, during the handshake', () => {
		expect(networkProblem(wrapped({ code }, socket(true)))).toEqual({
			fault: 'stopped',
			network: code,
		});
	});
});

describe('before the call', () => {
	it('a credential that cannot be used', () => {
		const problem = { fault: 'limited' as const, httpStatus: 429 };
		const error = new Error('n8n', { cause: new CredentialError('No token now.', problem) });
		expect(networkProblem(error)).toEqual({ ...problem, sentence: 'No token now' });
	});

	it('n8n itself held it back', () => {
		const error = wrapped({}, {});
		expect(networkProblem(error)).toEqual({
			fault: 'badCredential',
			sentence: 'as Node says it',
		});
		expect(networkProblem(new Error('Domain not allowed'))).toEqual({
			fault: 'badCredential',
			sentence: 'Domain not allowed',
		});
	});

	it('which older n8n does not tell', () => {
		const error = Object.assign(new Error('n8n'), { httpCode: null });
		expect(networkProblem(error)).toEqual({ fault: 'lost' });
	});
});
