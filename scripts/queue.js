'use strict';
// `npm run test:queue [-- --calls 2000 | --small]`: the packed node in n8n's queue mode, with a worker
// killed in the middle. The counts are left in .cache/queue-results.json.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { requireNode, main, readOptions } = require('./cli');

requireNode();
const { installN8n, installTools } = require('../e2e/lib/install');
const { Failure } = require('../e2e/lib/log');
const { CACHE } = require('../e2e/lib/paths');
const { pack } = require('../e2e/lib/pack');
const { installServers, startPostgres, startRedis } = require('../e2e/queue/servers');
const { runTest } = require('../e2e/queue/test');

const HELP = `Usage: npm run test:queue -- [options]

  --calls <number>  webhook calls (2000)
  --small           about 300 calls, for CI
  --help            show this`;

function readArguments() {
	const { help, small, ...given } = readOptions(
		{ calls: { type: 'string' }, small: { type: 'boolean', default: false } },
		HELP,
	);
	const calls = Number(given.calls ?? (small ? 300 : 2000));
	if (Number.isInteger(calls) && calls >= 100) return { calls, help };
	throw new Failure('--calls needs a whole number of at least 100.');
}

void main(async ({ log }) => {
	const { calls, help } = readArguments();
	if (help) return log(HELP);
	const results = path.join(CACHE, 'queue-results.json');
	fs.mkdirSync(CACHE, { recursive: true });
	fs.rmSync(results, { force: true });

	await installServers({ log });
	await installTools({ log });
	const tarball = await pack({ log });
	await installN8n({ log });
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-capillary-queue-'));
	process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));

	log('Starting Redis and PostgreSQL ...');
	const [redis, postgres] = await Promise.all([startRedis(folder), startPostgres(folder)]);
	const { passed, failed } = await runTest({ calls, folder, tarball, redis, postgres, log });
	const counts = { numPassedTests: passed, numFailedTests: failed };
	fs.writeFileSync(results, `${JSON.stringify(counts)}\n`);
	log(`${passed} passed, ${failed} failed`);
	return failed === 0 ? 0 : 1;
});
