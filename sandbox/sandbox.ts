import { sleep } from 'n8n-workflow';

import { Auth } from './auth';
import type { Stats } from './calls';
import { CallLog } from './calls';
import type { BasicUser, OAuthClient } from './data';
import { BASIC_USERS, OAUTH_CLIENTS } from './data';
import { Faults } from './faults';
import { RateLimiter } from './limits';
import type { SandboxSettings } from './settings';
import { applySettings, defaultSettings } from './settings';
import type { GivenCoupons } from './state';
import { CouponStore } from './state';
import { offsetMinutes } from './time';
import type { CallRecord, Customer, IssuedCoupon, Redemption, Series } from './types';

export interface ListenOptions {
	/** Default 0: any free port. */
	port?: number;
	/** Default 127.0.0.1. */
	host?: string;
	/** Listens with TLS, by a certificate of its own (`certificate`). */
	https?: boolean;
}

/** Every setting can be given at the start; the rest is fixed for the life of the sandbox. */
export interface ContentOptions extends Partial<SandboxSettings> {
	/** More series, or others in place of the ones with the same ID. */
	series?: Series[];
	/** More customers, or others in place of the ones with the same ID. */
	customers?: Customer[];
	/** More users for Basic authentication. */
	users?: BasicUser[];
	/** More OAuth clients. */
	clients?: OAuthClient[];
	/** How many calls are kept. Default 50,000. */
	keepCalls?: number;
	/** The clock, in milliseconds since 1970. */
	now?: () => number;
}

export type SandboxOptions = ContentOptions & ListenOptions;

/** A stand-in for the Capillary API: what it holds, and the switches. The server is around it. */
export class Sandbox {
	/** Where it listens. */
	url = '';

	port = 0;

	/** What a client has to trust when it listens with TLS (PEM). */
	certificate?: string;

	readonly credentials: {
		basic: { username: string; password: string };
		oauth: { clientKey: string; clientSecret: string };
	};

	/** In force now. Change them with `configure`. */
	readonly settings: Readonly<SandboxSettings>;

	readonly faults = new Faults();

	readonly state: CouponStore;

	readonly auth: Auth;

	readonly limiter = new RateLimiter();

	readonly log: CallLog;

	readonly now: () => number;

	isClosing = false;

	private readonly sleepers = new Set<AbortController>();

	private readonly startSettings: Partial<SandboxSettings>;

	constructor(options: ContentOptions = {}) {
		const {
			series = [],
			customers = [],
			users = [],
			clients = [],
			keepCalls = 50_000,
			now = Date.now,
			...startSettings
		} = options;
		this.startSettings = startSettings;
		this.now = now;
		this.settings = defaultSettings();
		this.configure(startSettings);
		this.state = new CouponStore(this.settings, now, { series, customers });
		const accounts = {
			users: [...BASIC_USERS, ...users],
			clients: [...OAUTH_CLIENTS, ...clients],
		};
		this.auth = new Auth(this.settings, now, accounts);
		this.log = new CallLog(keepCalls);
		const [{ username, password }] = BASIC_USERS;
		const [{ clientKey, clientSecret }] = OAUTH_CLIENTS;
		this.credentials = { basic: { username, password }, oauth: { clientKey, clientSecret } };
	}

	get series(): Series[] {
		return [...this.state.series.values()];
	}

	get customers(): Customer[] {
		return [...this.state.customers.values()];
	}

	/** Every coupon really issued, in order. The same array for the life of the sandbox. */
	get ledger(): IssuedCoupon[] {
		return this.state.ledger;
	}

	get redemptionCount(): number {
		return this.state.redemptionCount;
	}

	/** Every request received, in order. The same array for the life of the sandbox. */
	get calls(): CallRecord[] {
		return this.log.calls;
	}

	/** Counters since the start or the last reset. */
	get stats(): Stats {
		return this.log.stats;
	}

	/** Most requests open at one time, by customer ID. */
	get maxOpenByCustomer(): ReadonlyMap<string, number> {
		return this.log.maxOpenByCustomer;
	}

	configure(changes: Partial<SandboxSettings>): void {
		if (changes.timezone !== undefined) offsetMinutes(changes.timezone);
		applySettings(this.settings, { ...changes });
		if (changes.rateLimit !== undefined) this.limiter.reset();
	}

	/** Coupons that exist without a call; undefined for an unknown customer or series. */
	give(coupons: GivenCoupons): IssuedCoupon[] | undefined {
		return this.state.give(coupons);
	}

	/** Redeems a coupon; undefined when there is none with this code. */
	redeem(code: string, transactionNumber?: string): Redemption | undefined {
		return this.state.redeem(code, transactionNumber);
	}

	/** Lets a coupon expire, by its last day `YYYY-MM-DD`; undefined when there is none. */
	expire(code: string, lastDay?: string): IssuedCoupon | undefined {
		return this.state.expire(code, lastDay);
	}

	/** Makes tokens worthless before their time; returns how many. */
	revokeTokens(clientKey?: string): number {
		return this.auth.revokeTokens(clientKey);
	}

	/** Back to how it started: coupons, calls, faults, tokens, limits, settings. */
	reset(): void {
		applySettings(this.settings, { ...defaultSettings(), ...this.startSettings });
		this.state.reset();
		this.log.reset();
		this.faults.clear();
		this.auth.revokeTokens();
		this.limiter.reset();
	}

	/** Sleeps, but not beyond the end of the sandbox. */
	async pause(ms: number): Promise<void> {
		if (ms <= 0) return;
		const sleeper = new AbortController();
		this.sleepers.add(sleeper);
		await sleep(ms, sleeper.signal).catch(() => {});
		this.sleepers.delete(sleeper);
	}

	/** Ends every connection, also those that hang. The server hangs its own end in here. */
	async close(): Promise<void> {
		this.isClosing = true;
		for (const sleeper of this.sleepers) sleeper.abort(new Error('The sandbox closes'));
		await this.stopListening();
	}

	/** Set by the server. */
	stopListening: () => Promise<unknown> = async () => {};
}
