'use strict';
// `npm run test:e2e [-- jest options]`: installs what is missing, then tests the packed node in a
// real n8n. The counts are left in .cache/e2e-results.json.
const fs = require('node:fs');
const path = require('node:path');
const { requireNode, main } = require('./cli');

requireNode();
const { installN8n, installTools } = require('../e2e/lib/install');
const { CACHE, ROOT } = require('../e2e/lib/paths');
const { start } = require('../e2e/lib/processes');

void main(async ({ log }) => {
	await installTools({ log });
	await installN8n({ log });
	const results = path.join(CACHE, 'e2e-results.json');
	fs.mkdirSync(CACHE, { recursive: true });
	fs.rmSync(results, { force: true });
	const jest = path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
	const config = path.join(ROOT, 'e2e', 'jest.config.js');
	const report = ['--json', `--outputFile=${results}`];
	const args = [jest, '--config', config, '--runInBand', ...report, ...process.argv.slice(2)];
	return await start(process.execPath, args, { cwd: ROOT }).exited;
});
