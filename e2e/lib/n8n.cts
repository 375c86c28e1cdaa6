import path from 'node:path';

import { nodeForN8n } from './install.cts';
import { log } from './log.cts';
import { E2E } from './paths.cts';
import { answers, freePort, start, untilReady } from './processes.cts';

/** A running n8n. */
export interface N8n {
	/** Its address, without a slash at the end. */
	url: string;
	userFolder: string;
	logFile: string;
	pid: number | undefined;
	/** Its exit code. */
	exited: Promise<number>;
	/** Ends it with all its children. */
	stop: () => Promise<void>;
}

export interface N8nOptions {
	command?: 'start' | 'worker';
	/** More arguments, e.g. `['--concurrency=5']` for a worker. */
	args?: string[];
	/** What `N8N_USER_FOLDER` says. */
	userFolder: string;
	/** A free one unless told; of a worker: its health check. */
	port?: number;
	/** Goes over what is set here. */
	env?: NodeJS.ProcessEnv;
	/** Of the log below `.cache/logs/`, without its ending. */
	name?: string;
}

/** No call leaves the machine, no window asks anything. */
const QUIET = {
	EXTERNAL_FRONTEND_HOOKS_URLS: '',
	N8N_AI_ENABLED: 'false',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_DISABLED_MODULES: 'mcp-registry',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
};

/** What the caller's shell says about another n8n, npm or a proxy must not reach this one. */
const FOREIGN =
	/^(N8N_|DB_|QUEUE_|EXECUTIONS_|WEBHOOK_|npm_|NODE_OPTIONS$|JEST_|(https?|all)_proxy$)/i;

/**
 * Starts n8n and waits until it answers.
 * @throws {Failure} when it ends or stays silent, with the end of its log
 */
export async function startN8n({
	command = 'start',
	args = [],
	userFolder,
	port: wanted,
	env: extra,
	name = 'n8n',
}: N8nOptions): Promise<N8n> {
	const port = wanted ?? (await freePort());
	const url = `http://127.0.0.1:${port}`;
	const env = {
		...Object.fromEntries(Object.entries(process.env).filter(([key]) => !FOREIGN.test(key))),
		...QUIET,
		NODE_ENV: 'production',
		// Not a secret: it only ever guards the sandbox's credentials.
		N8N_ENCRYPTION_KEY: 'n8n-nodes-capillary-sandbox',
		N8N_USER_FOLDER: userFolder,
		N8N_HOST: '127.0.0.1',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_SECURE_COOKIE: 'false',
		N8N_EDITOR_BASE_URL: `${url}/`,
		N8N_WEBHOOK_URL: `${url}/`,
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '5',
		...(command === 'start'
			? { N8N_PORT: String(port) }
			: {
					QUEUE_HEALTH_CHECK_ACTIVE: 'true',
					QUEUE_HEALTH_CHECK_PORT: String(port),
					N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
				}),
		...extra,
	};
	log(`Starting n8n ${command === 'start' ? '' : `${command} `}on port ${port} ...`);
	const entry = path.join(E2E, 'node_modules', 'n8n', 'bin', 'n8n');
	const options = { cwd: userFolder, env, log: `${name}.log` };
	const running = start(nodeForN8n(), [entry, command, ...args], options);
	// The health check answers before the REST API does; only the main process has one.
	const paths = ['/healthz/readiness', ...(command === 'start' ? ['/rest/settings'] : [])];
	await untilReady(running, 'n8n', async () => await answers(...paths.map((one) => url + one)));
	return { ...running, url, userFolder };
}
