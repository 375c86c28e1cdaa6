import { createServer, type IncomingMessage, request as httpRequest, type Server } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { sleep } from 'n8n-workflow';

import { parseBody } from '../nodes/shared/answer/body';
import { errorsOfV11, errorsOfV2, errorsOfXml } from '../nodes/shared/answer/envelope';
import { retryAfter } from '../nodes/shared/answer/readAnswer';

/** What kind of body an answer has. */
export type BodyKind = 'JSON' | 'XML' | 'HTML' | 'nothing' | 'text';

/** One call, as it went over the wire. Holds personal data: only `safe.ts` makes report texts of it. */
export interface Exchange {
	method: string;
	path: string;
	/** Undefined when the connection ended before an answer. */
	status?: number;
	headers: IncomingMessage['headers'];
	kind: BodyKind;
	body: Record<string, unknown>;
	/** Codes of the errors in the body, v2, v1.1 and XML. */
	codes: Array<number | undefined>;
	/** The sending, in milliseconds since 1970, and how long the answer took. */
	sentAt: number;
	ms: number;
	/** The login that it was sent with. */
	token?: string;
}

/** A request of the node on its way out. */
export interface Outgoing {
	query: URLSearchParams;
	body: Record<string, unknown>;
	headers: Record<string, string>;
}

export interface WireOptions {
	/** The API's base URL. */
	target: string;
	/** Calls in all. */
	most: number;
	/** Milliseconds between the starts of two calls. */
	paceMs: number;
}

/**
 * Stands on loopback between the node and Capillary: hands everything on, one call after another and
 * not faster than the pace, and keeps what it saw. The node runs as in n8n; only what it would never
 * send itself (a count of -1) is put into its request here, by `alter`.
 */
export class Wire {
	readonly exchanges: Exchange[] = [];

	/** Changes the requests of the node while it is set. */
	alter?: (request: Outgoing) => void;

	/** How many calls may be under way at a time. */
	width = 1;

	url = '';

	private underWay = 0;

	private readonly waiting: Array<() => void> = [];

	private nextAt = 0;

	private most: number;

	private paceMs: number;

	private readonly server: Server;

	private constructor(private readonly options: WireOptions) {
		this.most = options.most;
		this.paceMs = options.paceMs;
		this.server = createServer((incoming, outgoing) => {
			void this.handle(incoming).then(
				(answer) => {
					if (answer) outgoing.writeHead(answer.status, answer.headers).end(answer.body);
					else outgoing.socket?.destroy();
				},
				() => outgoing.socket?.destroy(),
			);
		});
	}

	static async open(options: WireOptions): Promise<Wire> {
		const wire = new Wire(options);
		await new Promise<void>((resolve) => wire.server.listen(0, '127.0.0.1', resolve));
		wire.url = `http://127.0.0.1:${(wire.server.address() as AddressInfo).port}`;
		return wire;
	}

	get left(): number {
		return Math.max(0, this.most - this.exchanges.length);
	}

	/** Opens for a search of the rate limit: so many more calls, so many at a time, without a pace. */
	async inBurst<T>(more: number, width: number, work: () => Promise<T>): Promise<T> {
		const { paceMs } = this;
		const start = this.exchanges.length;
		const { most } = this;
		Object.assign(this, { most: start + more, paceMs: 0, width });
		try {
			return await work();
		} finally {
			const made = this.exchanges.length - start;
			Object.assign(this, { most: most + made, paceMs, width: 1 });
		}
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private async handle(incoming: IncomingMessage) {
		const text = await textOf(incoming);
		await this.turn();
		try {
			if (this.left === 0) return { status: 403, headers: {}, body: '' };
			return await this.forward(incoming, text);
		} finally {
			this.underWay -= 1;
			this.waiting.shift()?.();
		}
	}

	private async turn(): Promise<void> {
		while (this.underWay >= this.width) {
			await new Promise<void>((resolve) => this.waiting.push(resolve));
		}
		this.underWay += 1;
		const wait = this.nextAt - Date.now();
		if (wait > 0) await sleep(wait);
	}

	private async forward(incoming: IncomingMessage, text: string) {
		const url = new URL(incoming.url ?? '/', 'http://wire');
		const headers = without(incoming.headers, ['host', 'connection', 'content-length']);
		const request: Outgoing = {
			query: url.searchParams,
			body: text ? (parseBody(text) ?? {}) : {},
			headers: { ...(headers as Record<string, string>), 'accept-encoding': 'identity' },
		};
		let body = text;
		if (this.alter) {
			this.alter(request);
			if (text) body = JSON.stringify(request.body);
		}
		const exchange: Exchange = {
			method: incoming.method ?? 'GET',
			path: url.pathname,
			headers: {},
			kind: 'nothing',
			body: {},
			codes: [],
			sentAt: Date.now(),
			ms: 0,
			token: request.headers['x-cap-api-oauth-token'],
		};
		this.exchanges.push(exchange);
		this.nextAt = exchange.sentAt + this.paceMs;
		const query = request.query.size > 0 ? `?${request.query.toString()}` : '';
		const answer = await this.send(exchange.method, url.pathname + query, request.headers, body);
		exchange.ms = Date.now() - exchange.sentAt;
		if (!answer) return undefined;
		Object.assign(exchange, { status: answer.status, headers: answer.headers }, read(answer.body));
		return { ...answer, headers: without(answer.headers, ['transfer-encoding', 'connection']) };
	}

	private async send(
		method: string,
		path: string,
		headers: Record<string, string>,
		body: string,
	): Promise<{ status: number; headers: IncomingMessage['headers']; body: string } | undefined> {
		const target = this.options.target + path;
		const send = target.startsWith('https:') ? httpsRequest : httpRequest;
		const length = body ? { 'content-length': String(Buffer.byteLength(body)) } : {};
		return await new Promise((resolve) => {
			const failed = () => resolve(undefined);
			const request = send(target, { method, headers: { ...headers, ...length }, agent: false });
			request.setTimeout(30_000, () => request.destroy());
			request.on('error', failed);
			request.on('response', (response) => {
				const { statusCode: status = 0, headers: given } = response;
				textOf(response).then((text) => resolve({ status, headers: given, body: text }), failed);
			});
			request.end(body);
		});
	}
}

/** Headers that are of one connection, and not of the message. */
function without(headers: IncomingMessage['headers'], names: string[]) {
	return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

async function textOf(message: IncomingMessage): Promise<string> {
	const parts: Buffer[] = [];
	for await (const part of message) parts.push(part as Buffer);
	return Buffer.concat(parts).toString('utf8');
}

function read(text: string): Pick<Exchange, 'kind' | 'body' | 'codes'> {
	const body = parseBody(text);
	if (body) {
		const errors = [...errorsOfV11(body), ...errorsOfV2(body)];
		return { kind: 'JSON', body, codes: errors.map(({ code }) => code) };
	}
	const codes = errorsOfXml(text).map(({ code }) => code);
	return { kind: kindOf(text.trim()), body: {}, codes };
}

function kindOf(text: string): BodyKind {
	if (text === '') return 'nothing';
	if (/^<!doctype html|^<html/i.test(text)) return 'HTML';
	return text.startsWith('<') ? 'XML' : 'text';
}

/** Refused for the rate limit, by HTTP status or only in the body. */
export function isLimited({ status, codes }: Exchange): boolean {
	return status === 429 || codes.includes(429);
}

/** Milliseconds that an answer asks to wait. */
export function waitOf({ headers }: Exchange): number | undefined {
	return retryAfter(headers['retry-after']);
}
