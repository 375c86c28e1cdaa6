'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { Failure, poll } = require('./log');
const { CACHE, ROOT } = require('./paths');
const { cleanEnv, freePort, start, tail } = require('./processes');

/**
 * One call of the sandbox's control interface; `path` below `/__sandbox`.
 * @typedef {(method: string, path: string, body?: unknown) => Promise<any>} Control
 */

/**
 * What the sandbox lets in, as a credential's parameters.
 * @typedef {Record<'basic' | 'oauth', Record<string, unknown> & { host: string }>} Accounts
 */

/**
 * A running sandbox: a stand-in for Capillary's API on loopback.
 * @typedef {object} Sandbox
 * @property {string} url its address, the `host` of a credential
 * @property {Accounts} accounts
 * @property {Control} control
 * @property {string} logFile
 * @property {() => Promise<void>} stop
 */

/** A customer and a series the sandbox knows, without limits. */
const KNOWN = { mobile: '918028464628', seriesId: 868760 };

/**
 * Starts the sandbox and waits until it answers.
 * @param {{ port?: number, args?: string[], log?: import('./log').Log, logFile?: string }} [options]
 *   `port`: a free one unless told; `args`: more arguments of the sandbox's command
 * @returns {Promise<Sandbox>}
 * @throws {Failure} when it ends or stays silent, with the end of its log
 */
async function startSandbox(options = {}) {
	const { args = [], log = () => {} } = options;
	const port = options.port ?? (await freePort());
	const logFile = options.logFile ?? path.join(CACHE, 'logs', `sandbox-${port}.log`);
	fs.rmSync(logFile, { force: true });
	log(`Starting the sandbox on port ${port} ...`);
	const cli = path.join(ROOT, 'sandbox', 'cli.mjs');
	const command = ['--import', 'tsx', cli, '--port', String(port), ...args];
	const running = start(process.execPath, command, { cwd: ROOT, env: cleanEnv(), logFile });

	const url = `http://127.0.0.1:${port}`;
	try {
		await poll(
			async () => {
				if (!running.isRunning()) {
					const said = tail(fs.readFileSync(logFile, 'utf8'));
					throw new Failure(`The sandbox ended at once. It said:\n${said}`);
				}
				const answer = await fetch(`${url}/__sandbox`).catch(() => undefined);
				await answer?.arrayBuffer();
				return answer && true;
			},
			{ what: `the sandbox did not answer on ${url} (log: ${logFile})` },
		);
	} catch (error) {
		await running.stop();
		throw error;
	}
	const control = controlOf(url);
	return { url, control, accounts: await accountsOf(url, control), logFile, stop: running.stop };
}

/**
 * @param {string} url
 * @param {Control} control
 * @returns {Promise<Accounts>}
 */
async function accountsOf(url, control) {
	const { credentials } = await control('GET', '');
	return {
		basic: { host: url, authentication: 'basic', ...credentials.basic },
		oauth: { host: url, authentication: 'oauth', ...credentials.oauth },
	};
}

/**
 * @param {string} url a sandbox's address
 * @returns {Control} throws a Failure with the sandbox's words when it refuses
 */
function controlOf(url) {
	return async (method, path, body) => {
		const json = body === undefined ? undefined : JSON.stringify(body);
		const headers = json === undefined ? undefined : { 'content-type': 'application/json' };
		const response = await fetch(`${url}/__sandbox${path}`, { method, headers, body: json });
		const text = await response.text();
		if (!response.ok) {
			throw new Failure(`The sandbox answered ${method} ${path} with ${response.status}: ${text}`);
		}
		return JSON.parse(text);
	};
}

module.exports = { KNOWN, controlOf, startSandbox };
