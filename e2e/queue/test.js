'use strict';
// The story of the test: load, a worker's death in the middle, and what everybody knows afterwards.
const { poll } = require('../lib/log');
const { startSandbox } = require('../lib/sandbox');
const { CONCURRENCY, startCluster } = require('./cluster');
const { callAll } = require('./load');
const { check } = require('./checks');
const { workflow } = require('./workflow');

/** @typedef {import('../lib/client').N8nClient} N8nClient */

const WORKERS = 2;
const TOKEN_LIFE_SECONDS = 10;
const DEAD_FOR_MS = 3_000;
const LATENCY_MS = 100;
/** While the worker dies: it must have calls open at the API, which carries them out all the same. */
const SLOW_MS = 2_000;
/** Below what two workers manage, so that both meet it. */
const RATE_LIMIT = { calls: 30, windowMs: 2_000 };
const PATH = 'queue-issue';

/**
 * @param {object} options
 * @param {number} options.calls
 * @param {string} options.folder
 * @param {string} options.tarball
 * @param {import('./servers').Server} options.redis
 * @param {import('./servers').Server} options.postgres
 * @param {import('../lib/log').Log} options.log
 * @returns {Promise<{ passed: number, failed: number }>}
 */
async function runTest({ calls, log, ...parts }) {
	const settings = [`latencyMs=${LATENCY_MS}`, `rateLimit=${JSON.stringify(RATE_LIMIT)}`];
	const sandbox = await startSandbox({
		log,
		args: [
			'--token-life',
			String(TOKEN_LIFE_SECONDS),
			...settings.flatMap((one) => ['--set', one]),
		],
	});
	const cluster = await startCluster({ ...parts, log });
	const { client } = cluster;
	const credential = await client.createCredential({
		name: 'Sandbox OAuth',
		type: 'capillaryApi',
		data: sandbox.accounts.oauth,
	});
	const imported = await client.importWorkflow(workflow(PATH), [credential]);
	await client.activate(imported);
	// Waits until the webhook is there; without a number nothing is sent.
	await client.webhook(PATH, { mobile: '' });
	const before = (await client.executions(imported.id)).map(({ id }) => id);

	log(`Calling the webhook ${calls} times ...`);
	const started = Date.now();
	/** @type {Promise<Map<string, string>> | undefined} */
	let death;
	const callers = await callAll({
		url: `${client.url}/webhook/${PATH}`,
		calls,
		parallel: 2 * WORKERS * CONCURRENCY,
		onAnswer(done) {
			if (done % Math.ceil(calls / 10) === 0) log(`${done} answers`);
			if (done >= calls / 2) death ??= killOne({ cluster, sandbox, id: imported.id, log });
		},
	});
	const underWay = (await death) ?? new Map();
	const seconds = (Date.now() - started) / 1000;
	log(`All callers are back after ${seconds.toFixed(0)} s`);

	const statuses = await statusesOf(client, imported.id, [...underWay.keys()]);
	const evidence = {
		callers,
		underWay,
		statuses,
		failures: (await failedExecutions(client, imported.id)).filter((id) => !before.includes(id)),
		stats: await sandbox.control('GET', '/stats'),
		ledger: (await sandbox.control('GET', '/ledger?from=0&limit=1000000')).coupons,
		// Each process of a worker may fetch one token per life, and one when it begins.
		tokenCallsAllowed: (WORKERS + 1) * (Math.ceil(seconds / (TOKEN_LIFE_SECONDS * 0.9)) + 1),
	};
	await cluster.stop();
	return check(evidence, log);
}

/**
 * Kills a worker without warning, notes what was under way, and starts it again.
 * @param {object} options
 * @param {import('./cluster').Cluster} options.cluster
 * @param {import('../lib/sandbox').Sandbox} options.sandbox
 * @param {string} options.id the workflow's
 * @param {import('../lib/log').Log} options.log
 * @returns {Promise<Map<string, string>>} the executions under way: id and mobile number
 */
async function killOne({ cluster, sandbox, id: workflowId, log }) {
	const { client, killWorker, startWorker } = cluster;
	await sandbox.control('POST', '/settings', { latencyMs: SLOW_MS });
	await sleep(SLOW_MS);
	log('Killing worker-1 by SIGKILL ...');
	await killWorker('worker-1');
	await sandbox.control('POST', '/settings', { latencyMs: LATENCY_MS });
	await sleep(DEAD_FOR_MS);
	const ids = (await find(client, workflowId, ['running', 'new'])).map(({ id }) => id);
	/** @type {Map<string, string>} */
	const mobiles = new Map();
	for (const id of ids) {
		const mobile = await mobileOf(client, id);
		if (mobile) mobiles.set(id, mobile);
	}
	await startWorker('worker-1');
	log('worker-1 is back');
	return mobiles;
}

/** @param {number} ms */
async function sleep(ms) {
	await new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * The number that a waiting or running execution is about; n8n strikes it when the execution fails.
 * @param {N8nClient} client
 * @param {string} id
 * @returns {Promise<string | undefined>}
 */
async function mobileOf(client, id) {
	const execution = await client.rest('GET', `/executions/${id}`);
	return /9199\d{8}/.exec(String(execution?.data))?.[0];
}

/**
 * @param {N8nClient} client
 * @param {string} workflowId
 * @param {string[]} status
 * @returns {Promise<Array<{ id: string, status: string }>>}
 */
async function find(client, workflowId, status) {
	const filter = encodeURIComponent(JSON.stringify({ workflowId, status }));
	return (await client.rest('GET', `/executions?limit=100&filter=${filter}`)).results;
}

/** @param {N8nClient} client @param {string} workflowId */
async function failedExecutions(client, workflowId) {
	return (await find(client, workflowId, ['error', 'crashed'])).map(({ id }) => id);
}

/**
 * What n8n says in the end about the executions that were under way at the kill.
 * @param {N8nClient} client
 * @param {string} workflowId
 * @param {string[]} ids
 * @returns {Promise<Map<string, string>>} id and status
 */
async function statusesOf(client, workflowId, ids) {
	await poll(
		async () => {
			const open = await find(client, workflowId, ['running', 'new']);
			return open.length === 0 || undefined;
		},
		{ timeoutMs: 180_000, everyMs: 1000, what: 'executions still count as running' },
	);
	/** @type {Map<string, string>} */
	const statuses = new Map();
	for (const id of ids) statuses.set(id, (await client.rest('GET', `/executions/${id}`)).status);
	return statuses;
}

module.exports = { runTest };
