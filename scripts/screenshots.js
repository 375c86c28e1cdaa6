'use strict';
// `npm run screenshots`: runs the browser test and makes the README's pictures in docs/images/ anew.
const path = require('node:path');
const { requireNode, main } = require('./cli');

requireNode();
const { installN8n, installTools } = require('../e2e/lib/install');
const { ROOT } = require('../e2e/lib/paths');
const { start } = require('../e2e/lib/processes');

void main(async ({ log }) => {
	await installTools({ log });
	await installN8n({ log });
	const jest = path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
	const config = path.join(ROOT, 'e2e', 'jest.config.js');
	const args = [jest, '--config', config, '--runInBand', '--testMatch=<rootDir>/browser/*.test.ts'];
	const images = path.join(ROOT, 'docs', 'images');
	const env = { ...process.env, CAPILLARY_E2E_PICTURES: images };
	const code = await start(process.execPath, args, { cwd: ROOT, env }).exited;
	if (code === 0)
		log(`The pictures are in ${path.relative(ROOT, images)}/. Look at them before you commit.`);
	return code;
});
