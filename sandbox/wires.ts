import type { FastifyInstance, FastifyRequest } from 'fastify';

export type Socket = FastifyRequest['raw']['socket'];

/**
 * The TCP connections of a server. With TLS a request only has the socket inside it; who wants to
 * cut the connection or write past TLS needs the one below.
 */
export class Wires {
	private readonly byPort = new Map<number, Socket>();

	constructor(server: FastifyInstance['server']) {
		server.on('connection', (wire: Socket) => {
			const { remotePort } = wire;
			if (remotePort === undefined) return;
			this.byPort.set(remotePort, wire);
			wire.once('close', () => this.byPort.delete(remotePort));
		});
	}

	of(request: FastifyRequest): Socket {
		const { socket } = request.raw;
		return this.byPort.get(socket.remotePort ?? NaN) ?? socket;
	}
}
