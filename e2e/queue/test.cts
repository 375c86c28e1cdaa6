// The story of the test: load, a worker's death in the middle, and what everybody knows afterwards.
import { setTimeout as sleep } from 'node:timers/promises';

import type { N8nClient } from '../lib/client.cts';
import { type Claim, log, poll } from '../lib/log.cts';
import { type Sandbox, startSandbox, witnessOf } from '../lib/sandbox.cts';
import { coupons, inARow, issueTo, webhook } from '../lib/workflow.cts';
import { call, callAll } from './callers.cts';
import { claimsOf } from './checks.cts';
import { type Cluster, CONCURRENCY } from './cluster.cts';

const WORKERS = 2;
const TOKEN_LIFE_SECONDS = 10;
const DEAD_FOR_MS = 3_000;
const LATENCY_MS = 100;
/** While the worker dies: it must have calls open at the API, which carries them out all the same. */
const SLOW_MS = 2_000;
/** Below what two workers manage, so that both meet it. */
const RATE_LIMIT = { calls: 20, windowMs: 2_000 };
const PATH = 'queue-issue';
const PATH_AGAIN = 'queue-issue-once';

/** Runs the test. */
export async function runTest(
	calls: number,
	startCluster: () => Promise<Cluster>,
): Promise<Claim[]> {
	const sandbox = await startSandbox({ args: ['--token-life', String(TOKEN_LIFE_SECONDS)] });
	await sandbox.control('POST', '/settings', { latencyMs: LATENCY_MS, rateLimit: RATE_LIMIT });
	const cluster = await startCluster();
	const { client } = cluster;
	const credential = await client.createCredential({
		name: 'Sandbox OAuth',
		type: 'capillaryApi',
		data: sandbox.accounts.oauth,
	});
	const issueByWebhook = async (path: string, more: object = {}) => {
		const nodes = [webhook(path), coupons({ ...issueTo('={{ $json.body.mobile }}'), ...more })];
		const workflow = await client.importWorkflow(inARow(path, nodes), [credential]);
		await client.activate(workflow);
		// Waits until the webhook is there; without a number nothing is sent.
		await client.webhook(path, { mobile: '' });
		return workflow;
	};
	const imported = await issueByWebhook(PATH);
	const before = (await client.executions(imported.id)).map(({ id }) => id);

	log(`Calling the webhook ${calls} times ...`);
	const started = Date.now();
	let death: ReturnType<typeof killOne> | undefined;
	const callers = await callAll({
		url: `${client.url}/webhook/${PATH}`,
		calls,
		parallel: 2 * WORKERS * CONCURRENCY,
		onAnswer(done) {
			if (done % Math.ceil(calls / 10) === 0) log(`${done} answers`);
			if (done >= calls / 2) death ??= killOne(cluster, sandbox, imported.id);
		},
	});
	const underWay = (await death) ?? new Map<string, string>();
	const seconds = (Date.now() - started) / 1000;
	log(`All callers are back after ${seconds.toFixed(0)} s`);

	const statuses = await statusesOf(client, imported.id, [...underWay.keys()]);
	const failed = (await client.executions(imported.id, ['error', 'crashed'])).map(({ id }) => id);
	const { ledger } = witnessOf(sandbox.url);
	const evidence = {
		callers,
		underWay,
		statuses,
		failures: failed.filter((id) => !before.includes(id)),
		stats: await sandbox.control('GET', '/stats'),
		ledger: await ledger(),
		// Each process of a worker may fetch one token per life, and one when it begins.
		tokenCallsAllowed: (WORKERS + 1) * (Math.ceil(seconds / (TOKEN_LIFE_SECONDS * 0.9)) + 1),
	};

	await issueByWebhook(PATH_AGAIN, { issueOnce: true });
	const without = callers.filter(({ code }) => code === undefined);
	log(`Once more, with Issue Once, for the ${without.length} callers without a coupon ...`);
	const again = without.map(
		async ({ mobile }) => await call(`${client.url}/webhook/${PATH_AGAIN}`, mobile),
	);
	return claimsOf({ ...evidence, again: await Promise.all(again), ledgerAtTheEnd: await ledger() });
}

/**
 * Kills a worker without warning, notes what was under way, and starts it again.
 * @returns the executions under way: id and mobile number
 */
async function killOne(
	{ client, killWorker, startWorker }: Cluster,
	{ control }: Sandbox,
	workflowId: string,
): Promise<Map<string, string>> {
	await control('POST', '/settings', { latencyMs: SLOW_MS });
	await sleep(SLOW_MS);
	log('Killing worker-1 by SIGKILL ...');
	await killWorker('worker-1');
	await control('POST', '/settings', { latencyMs: LATENCY_MS });
	await sleep(DEAD_FOR_MS);
	const mobiles = new Map<string, string>();
	for (const { id } of await client.executions(workflowId, ['running', 'new'])) {
		// n8n strikes the number when the execution fails.
		const execution = await client.rest<{ data: string } | undefined>('GET', `/executions/${id}`);
		const mobile = /9199\d{8}/.exec(String(execution?.data))?.[0];
		if (mobile) mobiles.set(id, mobile);
	}
	await startWorker('worker-1');
	log('worker-1 is back');
	return mobiles;
}

/**
 * What n8n says in the end about the executions that were under way at the kill.
 * @returns id and status
 */
async function statusesOf(
	client: N8nClient,
	workflowId: string,
	ids: string[],
): Promise<Map<string, string>> {
	const haveEnded = async () =>
		(await client.executions(workflowId, ['running', 'new'])).length === 0 || undefined;
	const what = 'executions still count as running';
	await poll(haveEnded, { timeoutMs: 180_000, everyMs: 1000, what });
	const statuses = new Map<string, string>();
	for (const id of ids) {
		const { status } = await client.rest<{ status: string }>('GET', `/executions/${id}`);
		statuses.set(id, status);
	}
	return statuses;
}
