import type { FastifyRequest } from 'fastify';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The TCP connections of a server. With TLS a request only has the socket inside it; who wants to
 * cut the connection or write past TLS needs the one below.
 */
export class Wires {
	private readonly byPort = new Map<number, Socket>();

	constructor(server: Pick<Server, 'on'>) {
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
