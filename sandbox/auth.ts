import { createHash, randomBytes } from 'node:crypto';

import type { BasicUser, OAuthClient } from './data';
import { STORES } from './data';
import { expiredToken, unauthorized } from './errors';
import type { SandboxSettings } from './settings';
import type { Answer, CallRecord, Store } from './types';

/** Who is calling, once the credentials are accepted. */
export interface Caller {
	/** User name or client key: the rate limit counts per key. */
	key: string;
	/** Where coupons of this call are issued at. */
	store: Store;
}

interface Token {
	client: OAuthClient;
	expiresAt: number;
}

/** The two ways to authenticate, and the tokens that are alive. */
export class Auth {
	/** `username:md5` as it stands in the header, decoded. */
	private readonly basic = new Map<string, BasicUser>();

	private readonly clients = new Map<string, OAuthClient>();

	private readonly tokens = new Map<string, Token>();

	constructor(
		private readonly settings: SandboxSettings,
		private readonly now: () => number,
		accounts: { users: BasicUser[]; clients: OAuthClient[] },
	) {
		for (const user of accounts.users) {
			const hash = createHash('md5').update(user.password, 'utf8').digest('hex');
			this.basic.set(`${user.username}:${hash}`, user);
		}
		for (const client of accounts.clients) this.clients.set(client.clientKey, client);
	}

	/** A new token for a client, or undefined when key or secret are wrong. */
	createToken(clientKey: unknown, clientSecret: unknown): string | undefined {
		const client = typeof clientKey === 'string' ? this.clients.get(clientKey) : undefined;
		if (!client || client.clientSecret !== clientSecret) return undefined;
		if (this.settings.newTokenRevokesOld) this.revokeTokens(client.clientKey);
		const expiresAt = this.now() + this.settings.tokenLifeSeconds * 1000;
		const token = this.jwt(client, expiresAt);
		this.tokens.set(token, { client, expiresAt });
		return token;
	}

	/** Makes tokens worthless before their time: all, or those of one client. */
	revokeTokens(clientKey?: string): number {
		let count = 0;
		for (const [token, { client }] of this.tokens) {
			if (clientKey !== undefined && client.clientKey !== clientKey) continue;
			this.tokens.delete(token);
			count++;
		}
		return count;
	}

	revokeToken(token: string): void {
		this.tokens.delete(token);
	}

	/** The caller behind a request, or the answer that turns it away. */
	check(call: CallRecord, version: 'v2' | 'v11'): Caller | Answer {
		const token = header(call, 'x-cap-api-oauth-token');
		if (token !== undefined) return this.checkToken(call, token, version);
		const login = decodeBasic(header(call, 'authorization'));
		const user = this.basic.get(this.settings.lowerCaseHashOnly ? login : lowerCaseHash(login));
		if (!user) return unauthorized(version, this.settings);
		return { key: user.username, store: storeOfTill(user.till) };
	}

	private checkToken(call: CallRecord, token: string, version: 'v2' | 'v11'): Caller | Answer {
		const known = this.tokens.get(token);
		if (!known) return unauthorized(version, this.settings);
		if (known.expiresAt <= this.now()) {
			const form = this.settings.expiredTokenAs ?? (version === 'v2' ? '401xml' : 'v11body498');
			return expiredToken(form, known.expiresAt);
		}
		const store = attributedStore(call, known.client);
		const key = known.client.clientKey;
		if (store) return { key, store };
		if (this.settings.unknownAttribution === 'refused') return unauthorized(version, this.settings);
		return { key, store: storeOfTill(known.client.till) };
	}

	/** Looks like the real thing (a JWT), but nobody signed it: the last part is random. */
	private jwt(client: OAuthClient, expiresAt: number): string {
		const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
		const claims = {
			iss: 'capillary-sandbox',
			exp: Math.floor(expiresAt / 1000),
			iat: Math.floor(this.now() / 1000),
			jti: randomBytes(8).toString('hex'),
			client_key: client.clientKey,
			default_till: client.till,
		};
		const signature = randomBytes(32).toString('base64url');
		return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${signature}`;
	}
}

/** Narrows the result of `check`. */
export function isCaller(result: Caller | Answer): result is Caller {
	return 'key' in result;
}

/** A header of a call; of a repeated one the first. */
export function header(call: CallRecord, name: string): string | undefined {
	const value = call.headers[name];
	return Array.isArray(value) ? value[0] : value;
}

function decodeBasic(value: string | undefined): string {
	const encoded = /^Basic (.+)$/i.exec(value ?? '')?.[1];
	return encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
}

function storeOfTill(till: string): Store {
	return STORES.find((store) => store.till === till) ?? STORES[0];
}

function lowerCaseHash(login: string): string {
	return login.replace(/:[^:]*$/, (hash) => hash.toLowerCase());
}

/** Attribution works with OAuth only; undefined when the code names no store. */
function attributedStore(call: CallRecord, client: OAuthClient): Store | undefined {
	const code = header(call, 'x-cap-api-attribution-entity-code');
	if (code === undefined) return storeOfTill(client.till);
	const type = header(call, 'x-cap-api-attribution-entity-type') ?? 'TILL';
	return STORES.find((store) => entityCode(store, type) === code);
}

function entityCode(store: Store, type: string): string | undefined {
	switch (type) {
		case 'TILL':
			return store.till;
		case 'STORE_CODE':
			return store.code;
		case 'STORE_NAME':
			return store.name;
		case 'STORE_EXTERNAL_ID':
			return store.externalId;
		default:
			return undefined;
	}
}
