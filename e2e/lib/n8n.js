'use strict';
const { randomBytes } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { nodeForN8n } = require('./install');
const { Failure, poll } = require('./log');
const { CACHE, E2E } = require('./paths');
const { cleanEnv, freePort, start, tail } = require('./processes');

/**
 * A running n8n.
 * @typedef {object} N8n
 * @property {string} url its address, without a slash at the end
 * @property {number} port
 * @property {string} userFolder what `N8N_USER_FOLDER` says
 * @property {string} logFile
 * @property {number | undefined} pid of n8n itself
 * @property {Promise<number>} exited its exit code
 * @property {() => Promise<void>} stop ends it with all its children; a folder made for it goes too
 */

/**
 * @typedef {object} N8nOptions
 * @property {'start' | 'worker' | 'webhook'} [command] `start` unless told
 * @property {string[]} [args] more arguments, e.g. `['--concurrency=5']` for a worker
 * @property {string} [userFolder] a fresh temporary one unless told
 * @property {number} [port] a free one unless told (of a worker: its health check)
 * @property {NodeJS.ProcessEnv} [env] goes over what is set here
 * @property {import('./log').Log} [log]
 * @property {string} [logFile]
 * @property {number} [timeoutMs] how long it may take to become ready (120 s)
 */

/** Not a secret: it only ever guards the sandbox's credentials. */
const ENCRYPTION_KEY = 'n8n-nodes-capillary-sandbox';

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

/**
 * Starts n8n and waits until it answers.
 * @param {N8nOptions} [options]
 * @returns {Promise<N8n>}
 * @throws {Failure} when it ends or stays silent, with the end of its log
 */
async function startN8n(options = {}) {
	const { command = 'start', args = [], log = () => {}, timeoutMs = 120_000 } = options;
	const port = options.port ?? (await freePort());
	const userFolder = options.userFolder ?? fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-capillary-'));
	const logFile =
		options.logFile ??
		path.join(CACHE, 'logs', `n8n-${command}-${randomBytes(3).toString('hex')}.log`);
	const env = await environment(command, port, userFolder, options.env);

	log(`Starting n8n ${command === 'start' ? '' : `${command} `}on port ${port} ...`);
	fs.rmSync(logFile, { force: true });
	const entry = path.join(E2E, 'node_modules', 'n8n', 'bin', 'n8n');
	const running = start(nodeForN8n(), [entry, command, ...args], { cwd: userFolder, env, logFile });

	const url = `http://127.0.0.1:${port}`;
	const stop = async () => {
		await running.stop();
		if (!options.userFolder) fs.rmSync(userFolder, { recursive: true, force: true });
	};
	try {
		await poll(() => ready(running, command, url, logFile), {
			timeoutMs,
			what: `n8n did not answer on ${url} (log: ${logFile})`,
		});
	} catch (error) {
		await stop();
		throw error;
	}
	const pid = await running.pid;
	return { url, port, userFolder, logFile, pid, exited: running.exited, stop };
}

/**
 * @param {import('./processes').Running} running
 * @param {string} command
 * @param {string} url
 * @param {string} logFile
 * @returns {Promise<true | undefined>}
 */
async function ready(running, command, url, logFile) {
	if (!running.isRunning()) {
		const said = tail(fs.readFileSync(logFile, 'utf8'));
		throw new Failure(`n8n ended before it was ready. It said:\n${said}\nLog: ${logFile}`);
	}
	// The health check answers before the REST API does; only the main process has one.
	const paths =
		command === 'start' ? ['/healthz/readiness', '/rest/settings'] : ['/healthz/readiness'];
	for (const part of paths) {
		const response = await fetch(url + part).catch(() => undefined);
		await response?.arrayBuffer();
		if (!response?.ok) return undefined;
	}
	return true;
}

/**
 * @param {string} command
 * @param {number} port
 * @param {string} userFolder
 * @param {NodeJS.ProcessEnv} [extra]
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
async function environment(command, port, userFolder, extra) {
	// What the caller's shell says about another n8n, or about a proxy, must not reach this one.
	const foreign =
		/^(N8N_|DB_|QUEUE_|EXECUTIONS_|WEBHOOK_|NODE_OPTIONS$|JEST_|(https?|all)_proxy$)/i;
	const own = Object.entries(cleanEnv()).filter(([name]) => !foreign.test(name));
	const url = `http://127.0.0.1:${port}/`;
	return {
		...Object.fromEntries(own),
		...QUIET,
		NODE_ENV: 'production',
		N8N_ENCRYPTION_KEY: ENCRYPTION_KEY,
		N8N_USER_FOLDER: userFolder,
		N8N_HOST: '127.0.0.1',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_SECURE_COOKIE: 'false',
		N8N_EDITOR_BASE_URL: url,
		N8N_WEBHOOK_URL: url,
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '5',
		...(command === 'worker'
			? {
					QUEUE_HEALTH_CHECK_ACTIVE: 'true',
					QUEUE_HEALTH_CHECK_PORT: String(port),
					N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
				}
			: { N8N_PORT: String(port) }),
		...extra,
	};
}

module.exports = { startN8n };
