import type { BodyKind, CodeForm } from './errors';
import type { CallRecord, ExpiredTokenForm } from './types';

/** The work is done before the fault strikes: issuing a coupon, reading a list. */
interface MaybeAfterWork {
	afterWork?: boolean;
}

/** What goes wrong. */
export type Fault =
	/** A delay before anything is done. */
	| { kind: 'latency'; ms: number }
	/** 429, nothing done. */
	| { kind: 'rateLimited'; retryAfter?: number | string; body?: BodyKind }
	/** Any status with a body of a kind; another string is sent as it is, an object as JSON. */
	| ({
			kind: 'status';
			status: number;
			body?: BodyKind | string | object;
			headers?: Record<string, string>;
	  } & MaybeAfterWork)
	/** HTTP 200 (or `status`) with a code in the body: "something went wrong behind", 401, 429. */
	| ({
			kind: 'code';
			code: number;
			message?: string;
			/** Default `errors`. */
			as?: CodeForm;
			status?: number;
	  } & MaybeAfterWork)
	/** An error (400, or `status`) whose words repeat all headers and the body of the request. */
	| ({ kind: 'echo'; status?: number } & MaybeAfterWork)
	/** The token is told to be expired; with `revoke` it really is worthless from now on. */
	| { kind: 'expiredToken'; as: ExpiredTokenForm; revoke?: boolean }
	/** The connection is cut before or after the work; with `reset` by RST in place of FIN. */
	| { kind: 'lostBefore' | 'lostAfter'; reset?: boolean }
	/** No answer ever, before or after the work. */
	| { kind: 'hang' | 'hangAfter' }
	/** Bytes that are neither HTTP nor TLS, then the connection is cut. */
	| ({ kind: 'garbage' } & MaybeAfterWork)
	/** A literal answer: hostile bodies, redirects. */
	| ({
			kind: 'raw';
			status: number;
			headers?: Record<string, string>;
			body?: string | object;
	  } & MaybeAfterWork)
	/** The work is done; values of the answer, by their paths (`coupons.0.code`), are replaced. */
	| { kind: 'altered'; set: Record<string, unknown> }
	/**
	 * The work is done, the answer stops in the middle. With `cleanEnd` the HTTP message is complete
	 * and only its JSON is cut.
	 */
	| { kind: 'truncated'; cleanEnd?: boolean };

/** The key of each kind says whether it strikes after the work. */
const AFTER_WORK: Record<Fault['kind'], boolean | 'asked'> = {
	latency: false,
	rateLimited: false,
	status: 'asked',
	code: 'asked',
	echo: 'asked',
	expiredToken: false,
	lostBefore: false,
	lostAfter: true,
	hang: false,
	hangAfter: true,
	garbage: 'asked',
	raw: 'asked',
	altered: true,
	truncated: true,
};

/** Whether the work is to be done before the fault strikes. */
export function strikesAfterWork(fault: Fault): boolean {
	const when = AFTER_WORK[fault.kind];
	return when === 'asked' ? 'afterWork' in fault && fault.afterWork === true : when;
}

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
		if (!Object.hasOwn(AFTER_WORK, rule.fault?.kind)) {
			throw new Error(`Unknown fault kind. Known: ${Object.keys(AFTER_WORK).join(', ')}`);
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
