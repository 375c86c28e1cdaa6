import type { CallRecord, ExpiredTokenForm } from './types';

/** What goes wrong. "Work" is what the call asks for: issuing a coupon, reading a list. */
export type Fault =
	/** A delay before anything is done. */
	| { kind: 'latency'; ms: number }
	/** 429, nothing done. */
	| { kind: 'rateLimited'; retryAfter?: number | string; body?: 'json' | 'html' | 'empty' }
	/**
	 * Any status with a body of a kind; another string is sent as it is, an object as JSON. With
	 * `afterWork` the work has been done all the same, as behind a gateway that gave up.
	 */
	| {
			kind: 'status';
			status: number;
			body?: 'json' | 'xml' | 'html' | 'empty' | string | object;
			headers?: Record<string, string>;
			afterWork?: boolean;
	  }
	/** The token is told to be expired; with `revoke` it really is worthless from now on. */
	| { kind: 'expiredToken'; as: ExpiredTokenForm; revoke?: boolean }
	/** The connection is cut, nothing done. */
	| { kind: 'lostBefore' }
	/** The work is done, then the connection is cut without an answer. */
	| { kind: 'lostAfter' }
	/** No answer ever, nothing done. */
	| { kind: 'hang' }
	/** The work is done, but no answer ever. */
	| { kind: 'hangAfter' }
	/** A literal answer: hostile bodies, redirects. */
	| {
			kind: 'raw';
			status: number;
			headers?: Record<string, string>;
			body?: string | object;
			afterWork?: boolean;
	  }
	/**
	 * The work is done, the answer stops in the middle. With `cleanEnd` the HTTP message is complete
	 * and only its JSON is cut.
	 */
	| { kind: 'truncated'; cleanEnd?: boolean };

export const FAULT_KINDS: Array<Fault['kind']> = [
	'latency',
	'rateLimited',
	'status',
	'expiredToken',
	'lostBefore',
	'lostAfter',
	'hang',
	'hangAfter',
	'raw',
	'truncated',
];

/** Which calls a fault hits. Everything that is given must fit; nothing given fits every call. */
export interface FaultMatch {
	/** The exact path without query, or an expression. */
	path?: string | RegExp;
	method?: string;
	/** Any identifier of the customer, as the request gives it. */
	customer?: string;
	/** Only these of the calls that fit otherwise; counted from 1. */
	nth?: number | number[];
	/** Only that many times. */
	count?: number;
}

export interface FaultRule {
	match?: FaultMatch;
	fault: Fault;
}

/** A rule in force. */
export interface ActiveFault extends FaultRule {
	/** Calls that fitted, `nth` and `count` aside. */
	seen: number;
	/** Calls it was applied to. */
	hits: number;
}

/** The switches for faults. */
export class Faults {
	readonly rules: ActiveFault[] = [];

	/** Puts a fault in force; the result shows how often it has been applied. */
	add(rule: FaultRule): ActiveFault {
		if (!FAULT_KINDS.includes(rule.fault?.kind)) {
			throw new Error(`Unknown fault kind. Known: ${FAULT_KINDS.join(', ')}`);
		}
		const active = { ...rule, seen: 0, hits: 0 };
		this.rules.push(active);
		return active;
	}

	clear(): void {
		this.rules.length = 0;
	}

	/**
	 * The faults for a call: the delays of all rules that fit, and the first rule of another kind.
	 * Rules behind that one do not see the call.
	 */
	take(call: CallRecord): { delayMs: number; fault?: Fault } {
		let delayMs = 0;
		for (const rule of this.rules) {
			if (!this.applies(rule, call)) continue;
			if (rule.fault.kind !== 'latency') return { delayMs, fault: rule.fault };
			delayMs += rule.fault.ms;
		}
		return { delayMs };
	}

	private applies(rule: ActiveFault, call: CallRecord): boolean {
		const match = rule.match ?? {};
		if (match.method && match.method.toUpperCase() !== call.method) return false;
		if (typeof match.path === 'string' && match.path !== call.path) return false;
		if (match.path instanceof RegExp && call.path.search(match.path) < 0) return false;
		if (match.customer !== undefined) {
			if (!Object.values(call.customer).includes(match.customer)) return false;
		}
		rule.seen++;
		if (match.nth !== undefined && ![match.nth].flat().includes(rule.seen)) return false;
		if (match.count !== undefined && rule.hits >= match.count) return false;
		rule.hits++;
		return true;
	}
}
