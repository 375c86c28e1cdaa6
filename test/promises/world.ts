import { createSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/server';
import { type NodeRun, type Output, runNode } from '../support/engine';
import type { Json } from '../support/useServer';

/** The series of the API page's example: normal, and any number a customer. */
export const SERIES = '868760';

export const issueParameters = {
	operation: 'issue',
	seriesId: { __rl: true, mode: 'id', value: SERIES },
	customerIdentifierType: 'mobile',
	mobile: '={{ $json.mobile }}',
};

export const once = { ...issueParameters, issueOnce: true };
export const onceMultiple = { ...once, operation: 'issueMultiple', count: 2 };
/** Node settings. */
export const goOn = { onError: 'continueRegularOutput' };

/** What came out by the first output, without links. */
export function jsonOf({ items }: { items: Array<{ json: Json }> }): Json[] {
	return items.map(({ json }) => json);
}

/** Input items, each for a customer of its own. */
export function customers(count: number, from = 0): Array<{ mobile: string; row: number }> {
	return Array.from({ length: count }, (_, row) => ({
		mobile: `9199${String(10_000_000 + from + row)}`,
		row,
	}));
}

let worlds = 0;
const open = new Set<Sandbox>();

// Also after a failed test: an open server would keep jest from ending.
afterEach(async () => {
	await Promise.all([...open].map(async (sandbox) => await sandbox.close()));
	open.clear();
});

/** A sandbox, and the node run against it by the real engine. */
export class World {
	private constructor(
		readonly sandbox: Sandbox,
		private readonly credentialId: string,
	) {}

	static async create(options: SandboxOptions = {}): Promise<World> {
		worlds += 1;
		const sandbox = await createSandbox({ anyCustomer: true, ...options });
		open.add(sandbox);
		// A credential of its own: lanes and tokens are kept by credential for the whole process.
		return new World(sandbox, `world-${worlds}`);
	}

	get basic() {
		return { host: this.sandbox.url, authentication: 'basic', ...this.sandbox.credentials.basic };
	}

	get oauth() {
		return { host: this.sandbox.url, authentication: 'oauth', ...this.sandbox.credentials.oauth };
	}

	async run(run: Partial<NodeRun>): Promise<Output> {
		return await runNode({
			parameters: issueParameters,
			items: [],
			credentials: this.basic,
			credentialId: this.credentialId,
			...run,
		});
	}

	issueCalls() {
		return this.sandbox.calls.filter(({ method }) => method === 'POST').filter(isApiCall);
	}

	tokenCalls() {
		return this.sandbox.calls.filter(({ path }) => path.startsWith('/v3/oauth')).length;
	}

	/** Compares what the sandbox has issued with what the caller got: codes lost, customers paid twice. */
	account(...runs: Output[]) {
		const told = new Set(runs.flatMap(codesTold));
		// What a caller was told may have happened is not lost: the customer is named and can be checked.
		const unknown = new Set(runs.flatMap(customersUnknown));
		const issued = this.sandbox.ledger;
		const perCustomer = new Map<number, number>();
		for (const { customerId } of issued) {
			perCustomer.set(customerId, (perCustomer.get(customerId) ?? 0) + 1);
		}
		return {
			issued: issued.length,
			lost: issued.filter(
				({ code, callIndex }) => !told.has(code) && !unknown.has(this.mobileOf(callIndex)),
			).length,
			doubled: [...perCustomer.values()].filter((count) => count > 1).length,
		};
	}

	private mobileOf(callIndex: number): string {
		return String(this.sandbox.calls[callIndex]?.customer.mobile);
	}

	async close(): Promise<void> {
		open.delete(this.sandbox);
		await this.sandbox.close();
	}
}

function isApiCall({ path }: { path: string }): boolean {
	return path.startsWith('/v2/');
}

function codesTold({ items, error }: Output): string[] {
	const issued = (error?.context?.data?.issued ?? []) as Array<{ codes: string[] }>;
	return [...items.map(({ json }) => json.code), ...issued.flatMap(({ codes }) => codes)].filter(
		(code) => code !== undefined,
	);
}

function customersUnknown({ items, errors, error, input }: Output): string[] {
	const told = [...items, ...errors]
		.filter(({ json }) => json.details?.outcome === 'unknown')
		.map(({ pairedItem }) => input[pairedItem.item]?.mobile);
	const stopped =
		error?.context?.data?.outcome === 'unknown' ? [input[error.context.itemIndex]?.mobile] : [];
	return [...told, ...stopped].map(String);
}
