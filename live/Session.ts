import { sleep } from 'n8n-workflow';

import { runNode, searchList, testCredential } from '../test/support/engine';
import type { Untyped } from '../test/support/untyped';
import { type Safe, say } from './safe';
import { type Exchange, isLimited, type Outgoing, waitOf, type Wire } from './Wire.cts';

/** Fields of the node's credential, without the host. */
export type Login = Record<string, string>;

/** What came of one run of the node: its calls on the wire, and its items. Holds personal data. */
export interface Observation {
	exchanges: Exchange[];
	/** The last of them: the answer to what was asked. */
	last: Exchange;
	items: Untyped[];
}

/** Why a probe has no answer. */
export class Unanswered extends Error {
	constructor(readonly why: Safe) {
		super('unanswered');
	}
}

/** How a run differs from an ordinary one. */
export interface RunOptions {
	login?: Login;
	/** Another spelling of the host: the node then takes it for another API client. */
	hostEnding?: string;
	/** Changes the node's requests on their way out. */
	alter?: (request: Outgoing) => void;
}

const LONGEST_WAIT_MS = 120_000;

/** Runs of the built node, by n8n's engine, over the wire. */
export class Session {
	constructor(
		readonly wire: Wire,
		readonly login: Login,
	) {}

	/** Runs the node once for one item. @throws Unanswered when nothing went over the wire */
	async run(parameters: object, options: RunOptions = {}): Promise<Observation> {
		return await this.observed(options, async (credentials) => {
			const { items } = await runNode({
				parameters: { simplify: false, options: { maxWait: 2 }, ...parameters },
				items: [{}],
				credentials,
				settings: { onError: 'continueErrorOutput' },
			});
			return items.map(({ json }) => json);
		});
	}

	/** The series list of the editor. */
	async series(alter?: RunOptions['alter']): Promise<Observation> {
		return await this.observed({ alter }, async (credentials) => {
			const { results } = await searchList({ method: 'searchAllSeries', credentials });
			return results;
		});
	}

	/** The editor's test of the credential; its item says whether it was green. */
	async credentialTest(options: RunOptions): Promise<Observation> {
		return await this.observed(options, async (credentials) => {
			const { status } = await testCredential(credentials);
			return [status];
		});
	}

	private async observed(
		{ login = this.login, hostEnding = '', alter }: RunOptions,
		work: (credentials: object) => Promise<Untyped[]>,
	): Promise<Observation> {
		for (let attempt = 1; ; attempt += 1) {
			if (this.wire.left === 0) throw new Unanswered(say`the calls of this check were used up`);
			const before = this.wire.exchanges.length;
			this.wire.alter = alter;
			let items: Untyped[] = [];
			try {
				items = await work({ ...login, host: this.wire.url + hostEnding });
			} catch {
				// The answer is on the wire; the node's own words may repeat it.
			} finally {
				this.wire.alter = undefined;
			}
			const exchanges = this.wire.exchanges.slice(before);
			const last = exchanges.at(-1);
			if (!last) throw new Unanswered(say`the node sent nothing`);
			if (!isLimited(last)) return { exchanges, last, items };
			const wait = waitOf(last) ?? 10_000;
			if (attempt === 2 || wait > LONGEST_WAIT_MS) {
				throw new Unanswered(say`the rate limit came in between`);
			}
			await sleep(wait);
		}
	}
}

/** A function that works once, and then gives the same result again. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
	let result: Promise<T> | undefined;
	return async () => await (result ??= work());
}
