'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { chromium, selectors } = require('playwright-core');
const { Failure, withProgress } = require('../lib/log');
const { CACHE } = require('../lib/paths');
const { run } = require('../lib/processes');

/** Where Chromium or Chrome is when nobody says otherwise. */
const USUAL_PLACES = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const ARGUMENTS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

const ADVICE =
	'Install it ("sudo apt-get install chromium" on Debian), or name one that is there: CHROMIUM=/path/to/chromium.';

/**
 * Starts a Chromium without a window. Installs Debian's when the machine has none.
 * @param {import('../lib/log').Log} log
 * @returns {Promise<import('playwright-core').Browser>}
 * @throws {Failure} with what to do when there is none to start
 */
async function launchChromium(log) {
	const executablePath = findChromium() ?? (await installChromium(log));
	selectors.setTestIdAttribute('data-test-id');
	return await chromium.launch({ executablePath, args: ARGUMENTS });
}

function findChromium() {
	const named = process.env['CHROMIUM'];
	if (named && !fs.existsSync(named)) {
		throw new Failure(`CHROMIUM names ${named}, which is not there.`);
	}
	return named || USUAL_PLACES.find((place) => fs.existsSync(place));
}

/**
 * @param {import('../lib/log').Log} log
 * @returns {Promise<string>} path of the executable
 */
async function installChromium(log) {
	if (!fs.existsSync('/usr/bin/apt-get')) {
		throw new Failure(`The browser test needs Chromium, and none was found. ${ADVICE}`);
	}
	const isRoot = process.getuid?.() === 0;
	const logFile = path.join(CACHE, 'logs', 'chromium.log');
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	/** @param {string[]} args */
	const apt = async (...args) => {
		const command = ['apt-get', ...args];
		// Without a terminal sudo must not ask for a password: it fails at once instead.
		const [name = '', ...rest] = isRoot ? command : ['sudo', '-n', '-E', ...command];
		return await run(name, rest, { env, logFile });
	};
	await withProgress(log, 'Installing Chromium by apt-get', async () => {
		await apt('update');
		await apt('install', '-y', '--no-install-recommends', 'chromium');
	});
	const found = findChromium();
	if (found) return found;
	const why = isRoot ? 'apt-get could not install it' : 'installing it needs root or sudo';
	throw new Failure(
		`The browser test needs Chromium, and none was found: ${why}. ${ADVICE} Log: ${logFile}`,
	);
}

module.exports = { launchChromium };
