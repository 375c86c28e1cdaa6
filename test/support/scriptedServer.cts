import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import type { Untyped } from './untyped';

/** One request, as it came over the wire. */
export interface Call {
	method: string;
	/** Without the query. */
	path: string;
	/** As it was sent, still encoded. */
	query: string;
	/** Names in lower case. */
	headers: Record<string, Untyped>;
	/** Parsed JSON, or the text when it is none. */
	body: Untyped;
}

export interface Answer {
	/** Default 200. */
	status?: number;
	headers?: Record<string, string>;
	/** A text goes out as it is, everything else as JSON. */
	body?: unknown;
	/** Ends the connection without an answer. */
	hangUp?: boolean;
}

/** Answers in turn, or one made for each call. */
export type Script = Answer[] | ((call: Call, index: number) => Answer | Promise<Answer>);

/** A loopback server that answers word for word what a test tells it to, and records what it got. */
export interface ScriptedServer {
	url: string;
	calls: Call[];
	/** Replaces the script and forgets the calls so far. */
	answer(next: Script): void;
	close(): Promise<void>;
}

/** @param script a list that is used up answers 599, which no test expects */
export async function startServer(script: Script = []): Promise<ScriptedServer> {
	let current = script;
	const calls: Call[] = [];

	async function answerTo(call: Call): Promise<Answer> {
		if (typeof current === 'function') return await current(call, calls.length - 1);
		return current[calls.length - 1] ?? { status: 599, body: 'no answer is left in the script' };
	}

	const server = createServer(async (request, response) => {
		const call = await received(request);
		calls.push(call);
		const { status = 200, headers, body = '', hangUp } = await answerTo(call);
		if (hangUp) {
			request.socket.destroy();
			return;
		}
		response.writeHead(status, { 'content-type': 'application/json', ...headers });
		response.end(typeof body === 'string' ? body : JSON.stringify(body));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;

	return {
		url: `http://127.0.0.1:${port}`,
		calls,
		answer(next) {
			current = next;
			calls.length = 0;
		},
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

async function received(request: IncomingMessage): Promise<Call> {
	const { method = '', url = '', headers } = request;
	const [path = '', query = ''] = url.split('?');
	return { method, path, query, headers, body: parsed(await text(request)) };
}

function parsed(body: string): Untyped {
	try {
		return JSON.parse(body);
	} catch {
		return body;
	}
}
