'use strict';
// `node scripts/run.js <command> [options]`: the first step of the commands in package.json, in
// JavaScript because it runs before anything is installed. Installs the tools when they are missing
// or older than the lockfile, then hands over to scripts/<command>.cts.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 15)) {
	process.stderr.write(`This needs Node 20.15 or newer; here is Node ${process.versions.node}.\n`);
	process.exit(1);
}

const { spawnSync } = require('child_process');
const { join } = require('path');
const { isInstalled } = require('../e2e/lib/isInstalled');

const ROOT = join(__dirname, '..');
if (!isInstalled(ROOT)) {
	process.stdout.write('Installing the tools (about a minute) ...\n');
	const args = ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
	const { status } = spawnSync('npm', args, { cwd: ROOT, stdio: 'inherit' });
	if (status !== 0) {
		process.stderr.write('"npm ci" failed. Do what npm says above, then start this again.\n');
		process.exit(1);
	}
}
const [command] = process.argv.splice(2, 1);
// The first one lets Node read TypeScript.
for (const file of ['tsx/cjs', `./${command}.cts`]) require(file);
