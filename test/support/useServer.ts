import { type Output, runNode } from './engine';
import { type Call, type Script, type ScriptedServer, startServer } from './scriptedServer.cts';

export type { Call, Output };
export type Json = Record<string, unknown>;

/** A scripted server, a new one for each test of a file, and runs of the node that talk to it. */
export function useServer() {
	let server: ScriptedServer;
	beforeEach(async () => {
		server = await startServer();
	});
	afterEach(async () => await server.close());

	return {
		get url() {
			return server.url;
		},
		get calls() {
			return server.calls;
		},
		answer(script: Script) {
			server.answer(script);
		},
		/** Basic authentication at this server. */
		get basic() {
			return { host: server.url, authentication: 'basic', username: 'till', password: 'secret' };
		},
		/**
		 * Runs the node with a saved credential of its own, so that no test waits for another's rate limit.
		 *
		 * @param settings node settings such as `onError`
		 */
		async run(parameters: Json, items: Json[] = [{}], settings: Json = {}, login?: Json) {
			return await runNode({ parameters, items, settings, credentials: login ?? this.basic });
		},
		/** Runs of one operation: parameters that go on top of `GOOD`'s, input items, On Error. */
		runsOf(operation: string) {
			return async (more: Json = {}, items?: Json[], onError?: string) =>
				await this.run({ ...GOOD[operation], ...more }, items, onError ? { onError } : {});
		},
	};
}

/** The value of the "Series" field when it is given by ID. */
export function seriesById(value: unknown): Json {
	return { __rl: true, mode: 'id', value };
}

/** Parameters with which an operation works; what a test is about goes on top. */
export const GOOD: Record<string, Json> = {
	issue: {
		operation: 'issue',
		seriesId: seriesById('868760'),
		customerIdentifierType: 'mobile',
		mobile: '1234512345',
	},
	issueMultiple: {
		operation: 'issueMultiple',
		seriesId: seriesById('415446'),
		customerIdentifierType: 'mobile',
		mobile: '11223569865',
		count: 2,
	},
	getCoupon: {
		operation: 'getCoupon',
		lookupBy: 'couponCodes',
		lookupValues: '5875447216353555',
	},
	getCustomerCoupons: {
		operation: 'getCustomerCoupons',
		customerIdentifierType: 'mobile',
		mobile: '1234512345',
	},
	revoke: {
		operation: 'revoke',
		revokeBy: 'couponCodes',
		couponCodes: '3138309782, 3636820421',
		seriesId: seriesById('415446'),
	},
};

/** A customer's coupons, as the call of Get Customer Coupons answers them; without a total unless told. */
export function couponList(coupon: Json[], total?: number): Json {
	const customers = { customer: [{ id: 7, coupons: { coupon } }] };
	const pagination = total === undefined ? {} : { pagination: { total } };
	return { response: { status: { success: 'true', code: 200 }, ...pagination, customers } };
}

/** What went over the wire, one line a call: `GET /v2/coupon?couponIds=1`. */
export function lines(calls: Call[]): string[] {
	return calls.map(({ method, path, query }) => `${method} ${path}${query ? `?${query}` : ''}`);
}

/** The `json` of the items, without their links. */
export function jsonOf(items: Array<{ json: Json }>): Json[] {
	return items.map(({ json }) => json);
}

/** Which input item each output item comes from. */
export function linksOf(items: Array<{ pairedItem?: unknown }>): unknown[] {
	return items.map(({ pairedItem }) => (pairedItem as { item?: unknown } | undefined)?.item);
}

/** The field that holds a customer's identifier of a kind. */
export function fieldOf(customerIdentifierType: string): string {
	return customerIdentifierType === 'id' ? 'customerId' : customerIdentifierType;
}

/** All four fields: n8n wants each filled that is shown, and shows all when the kind is an expression. */
export function whoeverFrom(value: unknown): Json {
	return { mobile: value, email: value, externalId: value, customerId: value };
}
