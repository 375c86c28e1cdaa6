import fastify from 'fastify';

import { Auth } from './auth';
import type { Stats } from './calls';
import { CallLog, LOGIN_PATH } from './calls';
import type { BasicUser, OAuthClient } from './data';
import { BASIC_USERS, OAUTH_CLIENTS } from './data';
import { v2Error } from './errors';
import { Faults } from './faults';
import { RateLimiter } from './limits';
import type { Endpoint, Parts } from './pipeline';
import { serve } from './pipeline';
import { registerControl } from './routes/control';
import { customerCoupons } from './routes/customerCoupons';
import { getCoupon } from './routes/getCoupon';
import { issue } from './routes/issue';
import { issueMultiple } from './routes/issueMultiple';
import { seriesList } from './routes/series';
import { generateToken } from './routes/token';
import { applySettings, defaultSettings } from './settings';
import { CouponStore } from './state';
import { offsetMinutes } from './time';
import type {
	CallRecord,
	Customer,
	IssuedCoupon,
	Redemption,
	SandboxSettings,
	Series,
} from './types';

/** Every setting can be given at the start; the rest is fixed for the life of the sandbox. */
export interface SandboxOptions extends Partial<SandboxSettings> {
	/** Default 0: any free port. */
	port?: number;
	/** Default 127.0.0.1. */
	host?: string;
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

export interface Sandbox {
	url: string;
	port: number;
	credentials: {
		basic: { username: string; password: string };
		oauth: { clientKey: string; clientSecret: string };
	};
	/** In force now. Change them with `configure`. */
	readonly settings: Readonly<SandboxSettings>;
	readonly series: Series[];
	readonly customers: Customer[];
	/** Every coupon really issued, in order. The same array for the life of the sandbox. */
	readonly ledger: IssuedCoupon[];
	readonly redemptionCount: number;
	/** Every request received, in order. The same array for the life of the sandbox. */
	readonly calls: CallRecord[];
	readonly stats: Stats;
	/** Most requests open at one time, by customer ID. */
	readonly maxOpenByCustomer: ReadonlyMap<string, number>;
	readonly faults: Faults;
	configure(changes: Partial<SandboxSettings>): void;
	/** Redeems a coupon; undefined when there is none with this code. */
	redeem(code: string, transactionNumber?: string): Redemption | undefined;
	/** Makes tokens worthless before their time; returns how many. */
	revokeTokens(clientKey?: string): number;
	/** Back to how it started: coupons, calls, faults, tokens, limits, settings. */
	reset(): void;
	/** Ends every connection, also those that hang. */
	close(): Promise<void>;
}

/** Starts a stand-in for the Capillary API on loopback. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const {
		port = 0,
		host = '127.0.0.1',
		series = [],
		customers = [],
		users = [],
		clients = [],
		keepCalls = 50_000,
		now = Date.now,
		...startSettings
	} = options;
	const settings = defaultSettings();
	const configure = (changes: Partial<SandboxSettings>) => {
		if (changes.timezone !== undefined) offsetMinutes(changes.timezone);
		applySettings(settings, { ...changes });
		if (changes.rateLimit !== undefined) parts.limiter.reset();
	};
	const accounts = { users: [...BASIC_USERS, ...users], clients: [...OAUTH_CLIENTS, ...clients] };
	const parts: Parts = {
		settings,
		state: new CouponStore(settings, now, { series, customers }),
		auth: new Auth(settings, now, accounts),
		limiter: new RateLimiter(),
		faults: new Faults(),
		log: new CallLog(keepCalls),
		now,
		sleepers: new Set(),
	};
	configure(startSettings);

	// Without forceCloseConnections a hanging call would keep `close` from ever ending.
	const app = fastify({ forceCloseConnections: true });
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
		done(null, parseBody(String(body)));
	});
	for (const endpoint of endpoints(parts)) {
		app.route({
			method: endpoint.method,
			url: endpoint.path,
			handler: (request, reply) => serve(parts, endpoint, request, reply).then(() => reply),
		});
	}
	app.setNotFoundHandler((request, reply) =>
		serve(parts, UNKNOWN_PATH, request, reply).then(() => reply),
	);

	const sandbox: Sandbox = {
		url: '',
		port: 0,
		credentials: {
			basic: { username: BASIC_USERS[0].username, password: BASIC_USERS[0].password },
			oauth: {
				clientKey: OAUTH_CLIENTS[0].clientKey,
				clientSecret: OAUTH_CLIENTS[0].clientSecret,
			},
		},
		settings,
		faults: parts.faults,
		ledger: parts.state.ledger,
		calls: parts.log.calls,
		get series() {
			return [...parts.state.series.values()];
		},
		get customers() {
			return [...parts.state.customers.values()];
		},
		get redemptionCount() {
			return parts.state.redemptionCount;
		},
		get stats() {
			return parts.log.stats;
		},
		get maxOpenByCustomer() {
			return parts.log.maxOpenByCustomer;
		},
		configure,
		redeem: (code, transactionNumber) => parts.state.redeem(code, transactionNumber),
		revokeTokens: (clientKey) => parts.auth.revokeTokens(clientKey),
		reset: () => {
			parts.state.reset();
			parts.log.reset();
			parts.faults.clear();
			parts.auth.revokeTokens();
			parts.limiter.reset();
			applySettings(settings, { ...defaultSettings(), ...startSettings });
		},
		close: async () => {
			for (const sleeper of parts.sleepers) sleeper.abort(new Error('The sandbox closes'));
			await app.close();
		},
	};
	registerControl(app, sandbox);
	sandbox.url = await app.listen({ port, host });
	sandbox.port = Number(new URL(sandbox.url).port);
	return sandbox;
}

function endpoints({ auth, settings }: Parts): Endpoint[] {
	return [
		{ method: 'POST', path: '/v2/coupon/issue', access: 'v2', issues: true, work: issue },
		{
			method: 'POST',
			path: '/v2/coupon/issue/multiple',
			access: 'v2',
			issues: true,
			work: issueMultiple,
		},
		{ method: 'GET', path: '/v2/coupon', access: 'v2', work: getCoupon },
		{ method: 'GET', path: '/v1.1/customer/coupons', access: 'v11', work: customerCoupons },
		{ method: 'GET', path: '/v1.1/coupon/series', access: 'v11', work: seriesList },
		{
			method: 'POST',
			path: LOGIN_PATH,
			access: 'open',
			work: ({ call }) => generateToken(call, auth, settings),
		},
	];
}

const UNKNOWN_PATH: Endpoint = {
	method: 'GET',
	path: '',
	access: 'open',
	work: () => ({
		status: 404,
		body: { errors: [v2Error({ code: 404, message: 'Resource not found' })] },
		outcome: 'notFound',
	}),
};

/** JSON where it is JSON; anything else stays text, and the route says what is wrong with it. */
function parseBody(text: string): unknown {
	if (text === '') return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
