import type { Auth, Caller } from './auth';
import type { SandboxSettings } from './settings';
import type { CouponStore } from './state';
import type { CallRecord, Customer, CustomerKeys } from './types';

/** What a route gets to do its work. */
export interface RequestContext {
	call: CallRecord;
	caller: Caller;
	/** The customer the request names, when it is known. */
	customer: Customer | undefined;
	state: CouponStore;
	auth: Auth;
	settings: Readonly<SandboxSettings>;
	now: () => number;
}

export type Query = CallRecord['query'];

/** All values of a key that may be repeated, as `?couponCodes=ABC&couponCodes=DEF`. */
export function queryList(query: Query, name: string): string[] {
	const value = query[name];
	if (value === undefined) return [];
	return Array.isArray(value) ? value : [value];
}

/** The value of a key that is given once; empty counts as not given. */
export function queryValue(query: Query, name: string): string | undefined {
	return queryList(query, name)[0] || undefined;
}

/** Whether a value is a JSON object: no list, no null. */
export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `customer` of an issue body. The page's own example sends unused identifiers as empty strings. */
export function customerOfBody(body: unknown): CustomerKeys {
	const customer = isObject(body) ? body.customer : undefined;
	if (!isObject(customer)) return {};
	return onlyGiven({
		id: customer.id,
		mobile: customer.mobile,
		email: customer.email,
		externalId: customer.externalId,
	});
}

/** The customer's identifiers in a query: v1.1 spells them with underscores. */
export function customerOfQuery(query: Query): CustomerKeys {
	return onlyGiven({
		id: queryValue(query, 'id'),
		mobile: queryValue(query, 'mobile'),
		email: queryValue(query, 'email'),
		externalId: queryValue(query, 'external_id'),
	});
}

function onlyGiven(keys: Record<keyof CustomerKeys, unknown>): CustomerKeys {
	const given: CustomerKeys = {};
	for (const name of ['id', 'mobile', 'email', 'externalId'] as const) {
		const value = keys[name];
		if (typeof value === 'string' && value.trim() !== '') given[name] = value.trim();
		if (typeof value === 'number') given[name] = String(value);
	}
	return given;
}

/** An integer given as a number or as digits; undefined for everything else. */
export function toInteger(value: unknown): number | undefined {
	if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
	if (typeof value !== 'string' || !/^-?\d+$/.test(value.trim())) return undefined;
	return Number(value);
}

/** "By default, the system automatically converts the coupon code to upper case." */
export function inCodeCase(code: string, wanted: string | undefined): string {
	if (wanted === 'AS_IT_IS') return code;
	return wanted === 'LOWER' ? code.toLowerCase() : code.toUpperCase();
}
