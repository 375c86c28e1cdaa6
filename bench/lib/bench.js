'use strict';
// One n8n, one sandbox, both processes of their own: runs a case's workflows and reads n8n's own clock.
const { createHash, randomUUID } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { N8nClient } = require('../../e2e/lib/client');
const { poll } = require('../../e2e/lib/log');
const { startN8n } = require('../../e2e/lib/n8n');
const { installNode } = require('../../e2e/lib/pack');
const { PACKAGE } = require('../../e2e/lib/paths');
const { flow } = require('./flow');

/** @typedef {import('../../e2e/lib/client').Credential} Credential */
/** @typedef {import('./cases').Case} Case */
/** @typedef {import('./cases').Step} Step */

/**
 * One run of a workflow.
 * @typedef {object} Measured
 * @property {number} nodeMs what n8n notes as the run time of the steps
 * @property {number} callerMs what the caller of the webhook waited
 * @property {number} cpuMs what n8n's process computed during the run: without waiting, and without
 *   what others did on the machine
 * @property {number} peakMb the most memory n8n's process held during the run
 * @property {number} out items
 * @property {number} calls that the API received
 * @property {number} issued coupons in the sandbox's ledger
 * @property {string} status of the execution
 */

/** Steps that only prepare the input of ours are not counted. */
const UNCOUNTED = ['First'];

/** Linux counts in hundredths of a second. */
const MS_PER_TICK = 10;

class Bench {
	/**
	 * @param {N8nClient} client
	 * @param {import('../../e2e/lib/sandbox').Sandbox} sandbox
	 * @param {import('../../e2e/lib/n8n').N8n} n8n
	 * @param {Credential[]} credentials
	 * @param {() => Promise<void>} stop
	 */
	constructor(client, sandbox, n8n, credentials, stop) {
		this.client = client;
		this.sandbox = sandbox;
		this.n8n = n8n;
		this.credentials = credentials;
		this.stop = stop;
	}

	/**
	 * Imports the workflow of some steps.
	 * @param {Step[]} steps
	 * @returns {Promise<{ path: string, id: string, steps: Step[], remove: () => Promise<void> }>}
	 */
	async install(steps) {
		const webhook = randomUUID();
		const { client, credentials } = this;
		const workflow = await client.importWorkflow(flow(webhook, steps), credentials);
		await client.activate(workflow);
		const remove = async () => await client.deleteWorkflow(workflow);
		return { path: webhook, id: workflow.id, steps, remove };
	}

	/**
	 * Runs an installed workflow once.
	 * @param {Awaited<ReturnType<Bench['install']>>} workflow
	 * @param {Case} measuredCase
	 * @returns {Promise<Measured>}
	 */
	async run({ path: webhook, id, steps }, { items, issues, latencyMs, rateLimit }) {
		const { client, sandbox, n8n } = this;
		if (issues) await sandbox.control('POST', '/reset');
		await sandbox.control('POST', '/settings', { latencyMs, rateLimit: rateLimit ?? null });
		const before = await sandbox.control('GET', '/stats');
		const known = (await client.executions(id))[0]?.id;
		forgetPeak(n8n.pid);

		const cpuBefore = cpuMsOf(n8n.pid);
		const started = process.hrtime.bigint();
		await client.webhook(webhook, { items });
		const callerMs = Number(process.hrtime.bigint() - started) / 1e6;
		const cpuMs = cpuMsOf(n8n.pid) - cpuBefore;
		const peakMb = memory(n8n.pid, 'VmHWM');

		const execution = await poll(
			async () => (await client.executions(id)).find((one) => one.id !== known)?.id,
			{ what: 'n8n shows no execution of the workflow' },
		);
		const { data, status } = await client.execution(execution);
		const after = await sandbox.control('GET', '/stats');
		let nodeMs = 0;
		for (const { name } of steps.filter((step) => !UNCOUNTED.includes(step.name))) {
			/** @type {any} */
			const run = data.resultData.runData[name]?.at(-1);
			nodeMs += run?.executionTime ?? 0;
		}
		const last = data.resultData.runData[steps.at(-1)?.name ?? '']?.at(-1);
		return {
			nodeMs,
			callerMs,
			cpuMs,
			peakMb,
			out: last?.data?.main?.[0]?.length ?? 0,
			calls: after.calls - before.calls,
			issued: after.issued - before.issued,
			status,
		};
	}
}

/**
 * Starts an n8n with the packed node.
 * @param {object} options
 * @param {string} options.tarball
 * @param {import('../../e2e/lib/sandbox').Sandbox} options.sandbox
 * @param {import('../../e2e/lib/log').Log} options.log
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {string} [options.dist] a folder to use in place of the packed `dist`, for experiments
 * @returns {Promise<Bench>}
 */
async function startBench({ tarball, sandbox, log, env, dist }) {
	const userFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-capillary-bench-'));
	const remove = () => fs.rmSync(userFolder, { recursive: true, force: true });
	process.once('exit', remove);
	installNode(userFolder, tarball);
	if (dist) {
		const target = path.join(userFolder, '.n8n', 'nodes', 'node_modules', PACKAGE, 'dist');
		fs.cpSync(dist, target, { recursive: true });
	}
	const n8n = await startN8n({ userFolder, env, log });
	const client = new N8nClient(n8n.url);
	await client.signIn({ email: 'owner@sandbox.example', password: 'Sandbox-1234' });

	const { basic } = sandbox.accounts;
	const md5 = createHash('md5').update(String(basic['password'])).digest('hex');
	const credentials = [
		await client.createCredential({ name: 'Ours', type: 'capillaryApi', data: basic }),
		await client.createCredential({
			name: 'Theirs',
			type: 'httpBasicAuth',
			data: { user: basic['username'], password: md5 },
		}),
	];
	return new Bench(client, sandbox, n8n, credentials, async () => {
		await n8n.stop();
		remove();
	});
}

/**
 * Lets the kernel note the peak of memory anew. Without the right to it, the peak stays that of the
 * process's life.
 * @param {number | undefined} pid
 */
function forgetPeak(pid) {
	try {
		fs.writeFileSync(`/proc/${pid}/clear_refs`, '5');
	} catch {
		// Not Linux, or not allowed.
	}
}

/**
 * @param {number | undefined} pid
 * @param {'VmHWM' | 'VmRSS'} field
 * @returns {number} megabytes, NaN where the kernel does not tell
 */
function memory(pid, field) {
	try {
		const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
		return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
	} catch {
		return NaN;
	}
}

/**
 * @param {number | undefined} pid
 * @returns {number} NaN where the kernel does not tell
 */
function cpuMsOf(pid) {
	try {
		// The name in brackets may hold anything; user and system time are the 12th and 13th behind it.
		const fields = fs
			.readFileSync(`/proc/${pid}/stat`, 'utf8')
			.replace(/^.*\) /s, '')
			.split(' ');
		return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
	} catch {
		return NaN;
	}
}

module.exports = { Bench, memory, startBench };
