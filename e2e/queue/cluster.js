'use strict';
// n8n in queue mode: a main and two workers, each with a folder of its own as in containers.
const fs = require('node:fs');
const path = require('node:path');
const { N8nClient } = require('../lib/client');
const { startN8n } = require('../lib/n8n');
const { installNode } = require('../lib/pack');
const { CACHE } = require('../lib/paths');
const { DATABASE_USER } = require('./servers');

/** @typedef {import('../lib/n8n').N8n} N8n */

/** Executions at a time in each worker; n8n's default. */
const CONCURRENCY = 10;

/**
 * n8n's defaults for noticing a dead worker (a minute, ten seconds, half a minute) would make this
 * test wait for two minutes.
 */
const QUICK_TO_NOTICE = {
	QUEUE_WORKER_LOCK_DURATION: '15000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '3000',
	QUEUE_WORKER_STALLED_INTERVAL: '5000',
};

/**
 * @typedef {object} Cluster
 * @property {N8nClient} client signed in at the main process
 * @property {(name: string) => Promise<void>} killWorker by SIGKILL
 * @property {(name: string) => Promise<void>} startWorker
 * @property {() => Promise<void>} stop
 */

/**
 * @param {object} parts
 * @param {string} parts.folder
 * @param {string} parts.tarball the packed node
 * @param {import('./servers').Server} parts.redis
 * @param {import('./servers').Server} parts.postgres
 * @param {import('../lib/log').Log} parts.log
 * @returns {Promise<Cluster>}
 */
async function startCluster({ folder, tarball, redis, postgres, log }) {
	const env = {
		EXECUTIONS_MODE: 'queue',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		QUEUE_BULL_REDIS_PASSWORD: redis.password,
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(postgres.port),
		DB_POSTGRESDB_DATABASE: 'postgres',
		DB_POSTGRESDB_USER: DATABASE_USER,
		DB_POSTGRESDB_PASSWORD: postgres.password,
		...QUICK_TO_NOTICE,
	};
	/** @param {string} name @param {'start' | 'worker'} command */
	const launch = async (name, command) => {
		const userFolder = path.join(folder, name);
		fs.mkdirSync(userFolder, { recursive: true });
		installNode(userFolder, tarball);
		const logFile = path.join(CACHE, 'logs', `queue-${name}.log`);
		const args = command === 'worker' ? [`--concurrency=${CONCURRENCY}`] : [];
		return await startN8n({ command, args, userFolder, env, log, logFile });
	};

	// The main process first: it makes the tables.
	const main = await launch('main', 'start');
	/** @type {Map<string, N8n>} */
	const workers = new Map();
	const startWorker = async (/** @type {string} */ name) => {
		workers.set(name, await launch(name, 'worker'));
	};
	await startWorker('worker-1');
	await startWorker('worker-2');

	const client = new N8nClient(main.url);
	await client.signIn({ email: 'owner@sandbox.example', password: 'Sandbox-1234' });
	return {
		client,
		startWorker,
		async killWorker(name) {
			const worker = workers.get(name);
			if (worker?.pid !== undefined) process.kill(worker.pid, 'SIGKILL');
			await worker?.exited;
			await worker?.stop();
		},
		async stop() {
			await Promise.all([...workers.values()].map(async (worker) => await worker.stop()));
			await main.stop();
		},
	};
}

module.exports = { CONCURRENCY, startCluster };
