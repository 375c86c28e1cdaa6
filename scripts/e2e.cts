// `npm run test:e2e`, `npm run screenshots`: the packed node in a real n8n, by jest.
import path from 'node:path';

import { Command } from '@commander-js/extra-typings';

import { installN8n } from '../e2e/lib/install.cts';
import { log } from '../e2e/lib/log.cts';
import { ROOT } from '../e2e/lib/paths.cts';
import { start } from '../e2e/lib/processes.cts';
import { runCommand } from './cli.cts';

const e2e = new Command('npm run test:e2e --')
	.description(
		'Tests the packed node in a real n8n, and in a real browser. Logs are in .cache/logs/.',
	)
	.argument('[file...]', 'by a part of its path, for example: operations browser')
	.option('-t, --testNamePattern <text>', 'only the tests whose name contains this')
	.option('--pictures', 'only the tests that take pictures; makes those in docs/images/ anew')
	.action(async (files, { testNamePattern, pictures }) => {
		await installN8n();
		const jest = path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
		const args = [jest, '--config', path.join('e2e', 'jest.config.js'), '--runInBand', ...files];
		if (testNamePattern) args.push('--testNamePattern', testNamePattern);
		if (pictures) args.push('browser/editor', 'browser/canvas');
		const images = path.join('docs', 'images');
		const env = { ...process.env, ...(pictures && { CAPILLARY_E2E_PICTURES: images }) };
		const code = await start(process.execPath, args, { cwd: ROOT, env }).exited;
		if (pictures && code === 0) log(`Look at the pictures in ${images}/ before you commit them.`);
		process.exitCode = code;
	});

void runCommand(e2e);
