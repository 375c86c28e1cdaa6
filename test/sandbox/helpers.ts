import { createHash } from 'node:crypto';

import type { ContentOptions, ListenOptions } from '../../sandbox/sandbox';
import { Sandbox } from '../../sandbox/sandbox';
import { listen } from '../../sandbox/server';

export interface Reply {
	status: number;
	headers: Headers;
	text: string;
}

/** The header for a user and a password, as the documentation of Basic authentication says. */
export function basic(username: string, password: string): Record<string, string> {
	const hash = createHash('md5').update(password, 'utf8').digest('hex');
	return { authorization: `Basic ${Buffer.from(`${username}:${hash}`).toString('base64')}` };
}

/** Calls a sandbox as its default user, unless `headers` say otherwise. */
export class Client {
	constructor(
		private readonly sandbox: Sandbox,
		private readonly headers: Record<string, string> = basic(
			sandbox.credentials.basic.username,
			sandbox.credentials.basic.password,
		),
	) {}

	async get(pathAndQuery: string): Promise<Reply> {
		return await this.send(pathAndQuery, {});
	}

	async post(path: string, body: unknown, signal?: AbortSignal): Promise<Reply> {
		return await this.send(path, {
			method: 'POST',
			signal,
			body: typeof body === 'string' ? body : JSON.stringify(body),
			headers: { 'content-type': 'application/json' },
		});
	}

	async issue(
		seriesId: unknown,
		customer: object = { mobile: '1234512345' },
		signal?: AbortSignal,
	): Promise<Reply> {
		return await this.post('/v2/coupon/issue', { seriesId, customer }, signal);
	}

	async issueMany(
		seriesId: unknown,
		count: unknown,
		customer: object = { mobile: '1234512345' },
		more: object = {},
	): Promise<Reply> {
		return await this.post('/v2/coupon/issue/multiple', { seriesId, count, customer, ...more });
	}

	/** Exchanges key and secret for a token. */
	async token(key = 'sandbox-key', secret = 'loopback-only'): Promise<string> {
		const reply = await this.post('/v3/oauth/token/generate', { key, secret });
		return String(at(reply, 'data.accessToken'));
	}

	private async send(path: string, init: RequestInit): Promise<Reply> {
		const response = await fetch(this.sandbox.url + path, {
			redirect: 'manual',
			...init,
			headers: { ...this.headers, ...(init.headers as Record<string, string>) },
		});
		return {
			status: response.status,
			headers: response.headers,
			text: await response.text(),
		};
	}
}

/** A client that sends a token in place of user and password. */
export function withToken(
	sandbox: Sandbox,
	token: string,
	more: Record<string, string> = {},
): Client {
	return new Client(sandbox, { 'x-cap-api-oauth-token': token, ...more });
}

export function json(reply: Reply): Record<string, unknown> {
	return JSON.parse(reply.text) as Record<string, unknown>;
}

/** A value deep in the body, by its path: `at(reply, 'errors.0.code')`. */
export function at(reply: Reply, path: string): unknown {
	let value: unknown = json(reply);
	for (const key of path.split('.')) value = (value as Record<string, unknown> | null)?.[key];
	return value;
}

/** The `code` of the first v2 error. */
export function errorCode(reply: Reply): unknown {
	return at(reply, 'errors.0.code');
}

/** A sandbox for the tests of a `describe`, back at its start for each, and a client of it. */
export function useSandbox(content: ContentOptions = {}, where: ListenOptions = {}) {
	const sandbox = new Sandbox(content);
	beforeAll(async () => await listen(sandbox, where));
	afterEach(() => sandbox.reset());
	afterAll(async () => await sandbox.close());
	return { sandbox, client: new Client(sandbox) };
}
