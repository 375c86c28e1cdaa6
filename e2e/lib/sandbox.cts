import type { Fault, FaultMatch } from '../../sandbox/faults';
import type { CallRecord, IssuedCoupon } from '../../sandbox/types';
import { Failure, log } from './log.cts';
import { ROOT } from './paths.cts';
import { answers, freePort, start, untilReady } from './processes.cts';

/** What the sandbox lets in, as a credential's parameters. */
export type Accounts = Record<'basic' | 'oauth', Record<string, unknown> & { host: string }>;

/** A running sandbox: a stand-in for Capillary's API on loopback. */
export interface Sandbox {
	/** Its address, the `host` of a credential. */
	url: string;
	accounts: Accounts;
	control: Control;
	stop: () => Promise<void>;
}

export type Control = ReturnType<typeof controlOf>;

/** A customer and a series the sandbox knows, without limits. */
export const KNOWN = { mobile: '918028464628', seriesId: 868760 };

/**
 * Starts the sandbox and waits until it answers.
 * @param options `port`: a free one unless told; `args`: more arguments of the sandbox's command;
 *   `name`: of the log, without its ending
 * @throws {Failure} when it ends or stays silent, with the end of its log
 */
export async function startSandbox({
	port: wanted,
	args = [],
	name = 'sandbox',
}: { port?: number; args?: string[]; name?: string } = {}): Promise<Sandbox> {
	const port = wanted ?? (await freePort());
	log(`Starting the sandbox on port ${port} ...`);
	const command = ['run', '--silent', 'sandbox', '--', '--port', String(port), ...args];
	const running = start('npm', command, { cwd: ROOT, log: `${name}.log` });
	const url = `http://127.0.0.1:${port}`;
	await untilReady(running, 'The sandbox', async () => await answers(`${url}/__sandbox`));
	const control = controlOf(url);
	const { credentials } = await control('GET', '');
	const accounts = {
		basic: { host: url, authentication: 'basic', ...credentials.basic },
		oauth: { host: url, authentication: 'oauth', ...credentials.oauth },
	};
	return { url, control, accounts, stop: running.stop };
}

/**
 * The control interface of a sandbox.
 * @param url the sandbox's address
 * @returns makes one call, with a path below `/__sandbox`, and gives what JSON there was
 */
export function controlOf(url: string) {
	return async (method: string, path: string, body?: unknown) => {
		const json = body === undefined ? undefined : JSON.stringify(body);
		const headers = json === undefined ? undefined : { 'content-type': 'application/json' };
		const response = await fetch(`${url}/__sandbox${path}`, { method, headers, body: json });
		const text = await response.text();
		if (response.ok) return JSON.parse(text);
		throw new Failure(`The sandbox answered ${method} ${path} with ${response.status}: ${text}`);
	};
}

/** What tests ask of a sandbox, by name. */
export function witnessOf(url: string) {
	const control = controlOf(url);
	return {
		url,
		control,
		reset: async () => void (await control('POST', '/reset')),
		/** The coupons really issued. */
		ledger: async (): Promise<IssuedCoupon[]> =>
			(await control('GET', '/ledger?from=0&limit=1000000')).coupons,
		/** The calls that came, with their headers. */
		calls: async (): Promise<CallRecord[]> => (await control('GET', '/calls?headers=true')).calls,
		/** Puts a fault in force; for the next issue call unless told. */
		fault: async (fault: Fault, match: FaultMatch = { path: '/v2/coupon/issue', count: 1 }) =>
			void (await control('POST', '/faults', { match, fault })),
	};
}
