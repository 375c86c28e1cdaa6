'use strict';
// `node bench/profile.js [--items 1000] [--latency 0] [--engine] [--theirs]`: where the time goes.
const fs = require('node:fs');
const { Session } = require('node:inspector/promises');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { main, requireNode } = require('../scripts/cli');

requireNode();
const { poll } = require('../e2e/lib/log');
const { pack } = require('../e2e/lib/pack');
const { CACHE } = require('../e2e/lib/paths');
const { startSandbox } = require('../e2e/lib/sandbox');
const { startBench } = require('./lib/bench');
const { issueCase } = require('./lib/cases');
const { describe } = require('./lib/summary');

/** @typedef {import('node:inspector').Profiler.Profile} Profile */

/**
 * In a real n8n.
 * @param {import('./lib/cases').Case} measured
 * @param {'ours' | 'theirs'} side
 * @param {Omit<Parameters<typeof startBench>[0], 'env'>} options
 * @returns {Promise<Profile>}
 */
async function inN8n(measured, side, options) {
	const file = path.join(CACHE, 'n8n.cpuprofile');
	fs.rmSync(file, { force: true });
	const preload = path.join(__dirname, 'lib', 'profiler.js');
	const env = { NODE_OPTIONS: `--require ${preload}`, CAPILLARY_PROFILE: file };
	const bench = await startBench({ ...options, env });
	const workflow = await bench.install(measured[side]);
	await bench.run(workflow, measured);
	process.kill(bench.n8n.pid ?? 0, 'SIGUSR2');
	const { nodeMs } = await bench.run(workflow, measured);
	process.kill(bench.n8n.pid ?? 0, 'SIGUSR2');
	options.log(`The node took ${nodeMs} ms`);
	const text = await poll(
		async () => (fs.existsSync(file) && fs.readFileSync(file, 'utf8')) || undefined,
		{ what: 'n8n has written no profile' },
	);
	return JSON.parse(text);
}

/**
 * In n8n-core alone, in this process: the built package in `dist`, no database, the older expression
 * engine.
 * @param {import('./lib/cases').Case} measured
 * @param {Record<string, unknown>} credentials
 * @param {import('../e2e/lib/log').Log} log
 * @returns {Promise<Profile>}
 */
async function inEngine({ ours, items }, credentials, log) {
	require('../test/support/setup.js');
	const { runNode } = require('../test/support/engine.js');
	const run = { parameters: ours[0]?.parameters ?? {}, items, credentials };
	await runNode(run);
	const session = new Session();
	session.connect();
	await session.post('Profiler.enable');
	await session.post('Profiler.start');
	const started = Date.now();
	await runNode(run);
	log(`The node took ${Date.now() - started} ms`);
	const { profile } = await session.post('Profiler.stop');
	return profile;
}

void main(async ({ log }) => {
	const { values } = parseArgs({
		options: {
			items: { type: 'string', default: '1000' },
			latency: { type: 'string', default: '0' },
			engine: { type: 'boolean', default: false },
			theirs: { type: 'boolean', default: false },
			dist: { type: 'string' },
		},
	});
	const sandbox = await startSandbox({ log });
	const measured = issueCase(sandbox.url, Number(values.items), Number(values.latency));
	const side = values.theirs ? 'theirs' : 'ours';
	const profile = values.engine
		? await inEngine(measured, sandbox.accounts.basic, log)
		: await inN8n(measured, side, {
				tarball: await pack({ log }),
				sandbox,
				log,
				dist: values.dist,
			});
	const file = path.join(CACHE, 'profile.cpuprofile');
	fs.writeFileSync(file, JSON.stringify(profile));
	log(`${describe(profile, measured.items.length)}\n\nFor Chrome's DevTools: ${file}`);
});
