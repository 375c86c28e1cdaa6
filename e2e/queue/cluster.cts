import fs from 'node:fs';
import path from 'node:path';

import { N8nClient, OWNER } from '../lib/client.cts';
import { type N8n, startN8n } from '../lib/n8n.cts';
import { installNode } from '../lib/pack.cts';
import { DATABASE_USER, type Server } from './servers.cts';

/** Executions at a time in each worker; n8n's default. */
export const CONCURRENCY = 10;

/**
 * n8n's defaults for noticing a dead worker (a minute, ten seconds, half a minute) would make this
 * test wait for two minutes.
 */
const QUICK_TO_NOTICE = {
	QUEUE_WORKER_LOCK_DURATION: '15000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '3000',
	QUEUE_WORKER_STALLED_INTERVAL: '5000',
};

export type Cluster = Awaited<ReturnType<typeof startCluster>>;

/**
 * Starts n8n in queue mode: a main and two workers, each with a folder of its own as in containers.
 * @param tarball the packed node
 */
export async function startCluster(
	folder: string,
	tarball: string,
	redis: Server,
	postgres: Server,
) {
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
	const launch = async (name: string, command: 'start' | 'worker') => {
		const userFolder = path.join(folder, name);
		fs.mkdirSync(userFolder, { recursive: true });
		installNode(userFolder, tarball);
		const args = command === 'worker' ? [`--concurrency=${CONCURRENCY}`] : [];
		return await startN8n({ command, args, userFolder, env, name: `queue-${name}` });
	};

	// The main process first: it makes the tables.
	const main = await launch('main', 'start');
	const workers = new Map<string, N8n>();
	const startWorker = async (name: string) => {
		workers.set(name, await launch(name, 'worker'));
	};
	await startWorker('worker-1');
	await startWorker('worker-2');

	const client = new N8nClient(main.url);
	await client.signIn(OWNER);
	return {
		/** Signed in at the main process. */
		client,
		startWorker,
		/** By SIGKILL. */
		async killWorker(name: string) {
			const worker = workers.get(name);
			if (worker?.pid !== undefined) process.kill(worker.pid, 'SIGKILL');
			await worker?.exited;
		},
	};
}
