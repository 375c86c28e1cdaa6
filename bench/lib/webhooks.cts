import { quantile } from 'simple-statistics';

import type { Bench, Installed } from './Bench.cts';
import type { Case } from './cases.cts';
import { Failure } from './n8n.cts';
import { cpuMs } from './process.cts';

const AT_A_TIME = 20;

/** One round of webhook calls. */
export interface Journeys {
	perSecond: number;
	/** What a caller waits. */
	medianMs: number;
	/** The 99th percentile of it. */
	slowMs: number;
	/** What n8n's process computed, a call. */
	cpuMs: number;
}

/**
 * Calls the webhook for each item of the case by itself, some at a time.
 *
 * @throws Failure when a call failed or issued nothing
 */
export async function callWebhooks(
	bench: Bench,
	{ path }: Installed,
	measured: Case,
): Promise<Journeys> {
	const { client, sandbox, n8n } = bench;
	await bench.setSandbox(measured);
	const left = [...measured.items];
	const count = left.length;
	const times: number[] = [];
	const started = performance.now();
	const cpuBefore = cpuMs(n8n.pid);
	const caller = async () => {
		for (let item = left.pop(); item; item = left.pop()) {
			const called = performance.now();
			const { status, text } = await client.webhook(path, { items: [item] });
			if (status !== 200) throw new Failure(`The webhook answered ${status}: ${text}`);
			times.push(performance.now() - called);
		}
	};
	await Promise.all(Array.from({ length: AT_A_TIME }, caller));
	const seconds = (performance.now() - started) / 1000;
	const cpu = cpuMs(n8n.pid) - cpuBefore;
	const { issued } = await sandbox.control('GET', '/stats');
	if (issued !== count) throw new Failure(`${issued} coupons were issued in place of ${count}`);
	return {
		perSecond: count / seconds,
		medianMs: quantile(times, 0.5),
		slowMs: quantile(times, 0.99),
		cpuMs: cpu / count,
	};
}
