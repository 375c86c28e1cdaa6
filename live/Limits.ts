import { sleep } from 'n8n-workflow';

import { runNode } from '../test/support/engine';
import { MADE_UP, type Reads } from './Reads';
import { say } from './safe';
import { once, Unanswered } from './Session';
import { type Exchange, isLimited, waitOf } from './Wire.cts';

const WIDTH = 10;
/** So many refused calls are harmless; a higher limit is not told apart. */
const MOST_REFUSED = 100;
const LONGEST_WAIT_MS = 120_000;

/** Observations of the rate limit: many reads without a pause, until the first refusal. */
export class Limits {
	constructor(
		private readonly reads: Reads,
		/** 0 where nobody has agreed to a search. */
		private readonly most: number,
	) {}

	/** The first refusal, and how many calls were answered before it, in how long. */
	readonly refusal = once(async () => {
		if (this.most === 0) throw new Unanswered(say`\`--rate-limit\` was not given`);
		const { wire } = this.reads;
		const start = wire.exchanges.length;
		await wire.inBurst(this.most, WIDTH, async () => await this.burst());
		const exchanges = wire.exchanges.slice(start);
		const at = exchanges.findIndex(isLimited);
		const first = exchanges[at];
		if (!first) throw new Unanswered(say`no refusal came within the calls of the search`);
		return { first, passed: at, ms: first.sentAt - (exchanges[0]?.sentAt ?? first.sentAt) };
	});

	/** A token call while the limit of its key is used up. */
	readonly tokenCall = once(async () => {
		this.reads.oauth();
		await this.refusal();
		const exchanges = await this.one('///');
		const call = exchanges.find(({ path }) => path.startsWith('/v3/'));
		if (!call) throw new Unanswered(say`the node made no token call`);
		return call;
	});

	/** A call after the wait that the first refusal asked for, with refused calls during the wait. */
	readonly afterWait = once(async () => {
		const { first, passed } = await this.refusal();
		await this.tokenCall().catch(() => undefined);
		const wait = waitOf(first);
		if (wait === undefined) throw new Unanswered(say`the refusal names no time to wait`);
		if (wait > LONGEST_WAIT_MS) throw new Unanswered(say`the refusal asks for too long a wait`);
		if (passed > MOST_REFUSED) {
			throw new Unanswered(say`the limit is too high to be filled by refused calls`);
		}
		const end = first.sentAt + first.ms + wait;
		await sleep(Math.max(0, (end - Date.now()) / 2));
		// Enough to fill the limit, if they count.
		const during: Exchange[] = [];
		while (during.length < passed) during.push(...(await this.one()));
		if (!during.every(isLimited)) {
			throw new Unanswered(say`the limit lifted before the time it named`);
		}
		// Whole seconds are rounded up; a little later is surely after it.
		await sleep(Math.max(0, end + 100 - Date.now()));
		return await this.one();
	});

	private async burst(): Promise<void> {
		await this.run(this.most, '');
	}

	private async one(hostEnding = ''): Promise<Exchange[]> {
		const { wire } = this.reads;
		const start = wire.exchanges.length;
		await wire.inBurst(3, 1, async () => await this.run(1, hostEnding));
		return wire.exchanges.slice(start);
	}

	/** Without patience, so that the node tells a refusal in place of waiting it out. */
	private async run(items: number, hostEnding: string): Promise<void> {
		const { wire, asked, session } = this.reads;
		const login = asked.oauth ?? session.login;
		await runNode({
			parameters: {
				operation: 'getCoupon',
				lookupBy: 'couponCodes',
				lookupValues: [MADE_UP],
				options: { maxWait: 0, maxConcurrent: WIDTH },
			},
			items: Array.from({ length: items }, () => ({})),
			credentials: { ...login, host: wire.url + hostEnding },
			settings: { onError: 'continueErrorOutput' },
		});
	}
}
