import type { CallRecord } from './types';

export const LOGIN_PATH = '/v3/oauth/token/generate';

/** Counters that never have to walk through the list of calls. */
export class Stats {
	/** Requests received, token calls included. */
	calls = 0;

	/** Calls of the token endpoint. */
	tokenCalls = 0;

	/** Requests that wait for their answer now. */
	open = 0;

	/** Most requests open at one time. */
	maxOpen = 0;

	/** Most requests open at one time for any one customer. */
	maxOpenPerCustomer = 0;

	readonly byStatus: Record<string, number> = {};

	readonly byOutcome: Record<string, number> = {};

	readonly byPath: Record<string, number> = {};
}

/** Every request received, in order; the oldest ones are dropped beyond a bound. */
export class CallLog {
	readonly calls: CallRecord[] = [];

	stats = new Stats();

	/** Most requests open at one time, by customer ID (or the identifier of an unknown customer). */
	readonly maxOpenByCustomer = new Map<string, number>();

	private readonly openByCustomer = new Map<string, number>();

	private nextIndex = 0;

	constructor(private readonly keep: number) {}

	open(call: Omit<CallRecord, 'index'>): CallRecord {
		const record = { index: this.nextIndex++, ...call };
		this.calls.push(record);
		// Dropping a tenth at once keeps the cost of dropping small.
		const drop = Math.ceil(this.keep / 10);
		if (this.calls.length > this.keep + drop) this.calls.splice(0, drop);
		const { stats } = this;
		stats.calls++;
		if (call.path === LOGIN_PATH) stats.tokenCalls++;
		stats.open++;
		stats.maxOpen = Math.max(stats.maxOpen, stats.open);
		stats.byPath[call.path] = (stats.byPath[call.path] ?? 0) + 1;
		return record;
	}

	/** Counts the call for its customer; the result is how many that customer has open now. */
	openFor(customer: string): number {
		const open = (this.openByCustomer.get(customer) ?? 0) + 1;
		this.openByCustomer.set(customer, open);
		if (open > (this.maxOpenByCustomer.get(customer) ?? 0)) {
			this.maxOpenByCustomer.set(customer, open);
		}
		this.stats.maxOpenPerCustomer = Math.max(this.stats.maxOpenPerCustomer, open);
		return open;
	}

	/** The connection of a call has gone, or its answer is on its way. */
	close(customer: string | undefined): void {
		this.stats.open--;
		if (customer === undefined) return;
		const left = (this.openByCustomer.get(customer) ?? 1) - 1;
		if (left > 0) this.openByCustomer.set(customer, left);
		else this.openByCustomer.delete(customer);
	}

	/** What becomes of a call is known. */
	settle(call: CallRecord): void {
		const { byStatus, byOutcome } = this.stats;
		const status = String(call.status ?? 'none');
		byStatus[status] = (byStatus[status] ?? 0) + 1;
		byOutcome[call.outcome] = (byOutcome[call.outcome] ?? 0) + 1;
	}

	/** Forgets the past; calls that are open stay counted as open. */
	reset(): void {
		this.calls.length = 0;
		const { open } = this.stats;
		this.stats = new Stats();
		this.stats.open = open;
		this.stats.maxOpen = open;
		this.maxOpenByCustomer.clear();
	}
}
