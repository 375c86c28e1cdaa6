import { connect, createServer, type Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

import { CERTIFICATE, KEY } from '../../sandbox/certificate';
import { runNode } from '../support/engine';
import { GOOD } from '../support/useServer';

type OnSocket = (socket: Socket) => void;
type OnRequest = (socket: Socket, text: string) => void;

const open: Array<{ server: Server; sockets: Set<Socket> }> = [];
/** The sockets that this process has opened itself: those of the node, among others. */
const ours = new Set<Socket>();
let credentials = 0;

beforeEach(() => {
	const original = Socket.prototype.connect;
	jest.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...args) {
		ours.add(this);
		return original.apply(this, args as never) as never;
	});
});

afterEach(async () => {
	jest.restoreAllMocks();
	ours.clear();
	for (const { server, sockets } of open.splice(0)) {
		for (const socket of sockets) socket.destroy();
		await new Promise<void>((resolve) => server.close(() => resolve()));
	}
});

/** Listens on loopback. @returns the port */
async function listen(server: Server): Promise<number> {
	const sockets = new Set<Socket>();
	server.on('connection', (socket) => {
		sockets.add(socket);
		socket.on('error', () => {});
	});
	server.on('tlsClientError', () => {});
	open.push({ server, sockets });
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
	return (server.address() as { port: number }).port;
}

/** Calls back once a whole request has come in, and keeps the requests. */
function requests(onRequest: OnRequest): { onSocket: OnSocket; got: string[] } {
	const got: string[] = [];
	const onSocket = (socket: Socket) => {
		let text = '';
		socket.on('error', () => {});
		socket.on('data', (part) => {
			text += String(part);
			const [head = '', body] = text.split('\r\n\r\n');
			const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
			if (body === undefined || body.length < length) return;
			// The look for what the customer holds, after a lost call, does not count.
			if (!text.startsWith('GET /v1.1/customer')) got.push(text);
			onRequest(socket, text);
		});
	};
	return { onSocket, got };
}

const tlsServer = (onSocket: OnSocket, options = {}) =>
	createTlsServer({ key: KEY, cert: CERTIFICATE, ...options }, onSocket);

interface Told {
	outcomes: unknown[];
	code: unknown;
	message: string;
}

/** One issue call; with `again`, it is also tried again by "Retry On Fail". */
async function issueAt(
	host: string,
	{ trust = true, timeout = 2_000, again = false } = {},
): Promise<Told> {
	credentials += 1;
	const run = await runNode({
		parameters: {
			...GOOD.issue,
			options: { maxWait: 1 },
			requestOptions: { allowUnauthorizedCerts: trust, timeout },
		},
		items: [{}],
		settings: {
			onError: 'continueErrorOutput',
			retryOnFail: again,
			maxTries: 3,
			waitBetweenTries: 10,
		},
		credentials: { host, authentication: 'basic', username: 'till', password: 'secret' },
		credentialId: `network ${credentials}`,
	});
	const { error, details } = run.errors[0]?.json ?? {};
	return {
		outcomes: run.errors.map(({ json }) => json.details.outcome),
		code: details?.code,
		message: error,
	};
}

const fault = (code: string, syscall?: string) =>
	Object.assign(new Error([syscall, code].filter(Boolean).join(' ')), { code, syscall });

/** The node's end of a connection. */
function nodeEnd(socket: Socket): Socket {
	const end = [...ours].find(({ localPort }) => localPort === socket.remotePort);
	if (!end) throw new Error('The connection is not one of this process');
	return end;
}

describe('a fault before the connection stands: nothing was sent', () => {
	it('a port where nobody listens', async () => {
		const port = await listen(createServer());
		const { server } = open.pop() as { server: Server };
		await new Promise<void>((resolve) => server.close(() => resolve()));
		const told = await issueAt(`http://127.0.0.1:${port}`);

		expect(told).toMatchObject({ outcomes: ['notSent'], code: 'ECONNREFUSED' });
		expect(told.message).toContain('so nothing was sent (connection refused)');
	});

	it('a host name that does not exist', async () => {
		const told = await issueAt('https://nowhere.invalid');
		expect(told.outcomes).toEqual(['notSent']);
		expect(told.code).toMatch(/ENOTFOUND|EAI_AGAIN/);
	});

	it.each(['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ECONNRESET', 'EADDRNOTAVAIL'])(
		'%s while connecting',
		async (code) => {
			jest.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket) {
				process.nextTick(() => this.destroy(fault(code, 'connect')));
				return this as never;
			});
			expect(await issueAt('http://127.0.0.1:9')).toMatchObject({ outcomes: ['notSent'], code });
		},
	);
});

describe('a fault on an open connection, after the request: unknown, and sent once', () => {
	const CODES = [
		...['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN'],
		// What a firewall that rejects with "port unreachable" makes of a connection that stood.
		...['ECONNREFUSED', 'ECONNABORTED', 'EPROTO', 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC'],
	];
	const FAULTS = CODES.flatMap((code) => ['read', 'write'].map((syscall) => ({ code, syscall })));

	it.each(FAULTS)('$syscall $code, http', async ({ code, syscall }) => {
		const { onSocket, got } = requests((socket) => nodeEnd(socket).destroy(fault(code, syscall)));
		const port = await listen(createServer(onSocket));
		const told = await issueAt(`http://127.0.0.1:${port}`, { again: true });

		expect(told.outcomes).toEqual(['unknown']);
		expect(told.message).toContain('may have been issued');
		expect(got).toHaveLength(1);
	});

	it.each([...FAULTS, { code: 'CERT_HAS_EXPIRED', syscall: undefined }])(
		'$syscall $code, https',
		async ({ code, syscall }) => {
			const { onSocket, got } = requests((socket) => nodeEnd(socket).destroy(fault(code, syscall)));
			const port = await listen(tlsServer(onSocket));
			const told = await issueAt(`https://127.0.0.1:${port}`, { again: true });

			expect(told.outcomes).toEqual(['unknown']);
			expect(told.message).not.toContain('nothing was sent');
			expect(got).toHaveLength(1);
		},
	);

	it.each([
		['is closed', (socket: Socket) => socket.end()],
		['is gone', (socket: Socket) => socket.destroy()],
		['brings garbage', (socket: Socket) => socket.end('no HTTP at all\r\n\r\n')],
		[
			'ends in the middle of the answer',
			(socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"code":'),
		],
		[
			'ends in the middle of a chunk',
			(socket: Socket) =>
				socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{"code":"A1"'),
		],
		[
			'ends in the middle of gzip',
			(socket: Socket) =>
				socket.end(
					Buffer.concat([
						Buffer.from('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 12\r\n\r\n'),
						Buffer.from('1f8b08000000000000035356', 'hex'),
					]),
				),
		],
		[
			'brings a header that is none',
			(socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nx\r\n\r\n'),
		],
		['only says 100', (socket: Socket) => socket.end('HTTP/1.1 100 Continue\r\n\r\n')],
	])('the connection %s', async (_, answer) => {
		const plain = requests(answer);
		const http = await issueAt(`http://127.0.0.1:${await listen(createServer(plain.onSocket))}`);
		expect(http.outcomes).toEqual(['unknown']);
		expect(plain.got).toHaveLength(1);

		const secure = requests(answer);
		const https = await issueAt(`https://127.0.0.1:${await listen(tlsServer(secure.onSocket))}`);
		expect(https.outcomes).toEqual(['unknown']);
		expect(secure.got).toHaveLength(1);
	});

	it('no answer in time', async () => {
		const { onSocket, got } = requests(() => {});
		const port = await listen(tlsServer(onSocket));
		const told = await issueAt(`https://127.0.0.1:${port}`, { timeout: 200 });

		expect(told.outcomes).toEqual(['unknown']);
		expect(told.message).toContain('did not answer in time');
		expect(got).toHaveLength(1);
	});
});

describe('TLS', () => {
	it.each([{}, { maxVersion: 'TLSv1.2' }])(
		'a certificate that is not trusted: nothing was sent, nothing arrived (%j)',
		async (options) => {
			const { onSocket, got } = requests(() => {});
			let bytes = 0;
			const port = await listen(
				tlsServer((socket) => {
					socket.on('data', ({ length }) => (bytes += length));
					onSocket(socket);
				}, options),
			);
			const told = await issueAt(`https://127.0.0.1:${port}`, { trust: false });

			expect(told).toMatchObject({ outcomes: ['notSent'], code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
			expect(told.message).toContain('certificate is not trusted');
			expect([got, bytes]).toEqual([[], 0]);
		},
	);

	it.each([
		['answers in plain http', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
		['closes', (socket: Socket) => socket.end()],
		['resets', (socket: Socket) => socket.resetAndDestroy()],
		['hangs', () => {}],
	])('a host that %s in the handshake: nothing was sent', async (way, answer) => {
		const port = await listen(createServer(answer));
		const told = await issueAt(`https://127.0.0.1:${port}`, { timeout: 300 });

		expect(told.outcomes).toEqual(['notSent']);
		expect(told.message).toContain('nothing was sent');
		if (way.includes('plain')) expect(told.message).toContain('does not speak https');
	});

	it('garbage in place of a record, after the request: unknown', async () => {
		const { onSocket, got } = requests(() => {
			// Below TLS: what the client gets is no record that it can read.
			const [raw] = [...wires].slice(-1);
			raw?.end('0123456789 garbage in place of a TLS record');
		});
		const wires = new Set<Socket>();
		const tls = tlsServer(onSocket);
		const tlsPort = await listen(tls);
		const port = await listen(
			createServer((client) => {
				wires.add(client);
				const behind = connect(tlsPort, '127.0.0.1');
				behind.on('error', () => {});
				client.pipe(behind);
				behind.on('data', (part) => client.writable && client.write(part));
			}),
		);
		const told = await issueAt(`https://127.0.0.1:${port}`, { again: true });

		expect(told.outcomes).toEqual(['unknown']);
		expect(told.message).not.toContain('nothing was sent');
		expect(got).toHaveLength(1);
	});
});
