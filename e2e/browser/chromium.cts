import fs from 'node:fs';

import { type Browser, chromium, selectors } from 'playwright-core';

import { installFromDebian } from '../lib/install.cts';
import { Failure } from '../lib/log.cts';

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
	'--disable-sync',
	// No call leaves the machine. Playwright's routes would do the same, and turn the cache off.
	'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/**
 * Starts a Chromium without a window. Installs Debian's when the machine has none.
 * @throws {Failure} with what to do when there is none to start
 */
export async function launchChromium(): Promise<Browser> {
	if (!findChromium()) await installFromDebian(['chromium']);
	selectors.setTestIdAttribute('data-test-id');
	return await chromium.launch({ executablePath: findChromium(), args: ARGUMENTS });
}

function findChromium(): string | undefined {
	const named = process.env['CHROMIUM'];
	if (named && !fs.existsSync(named)) {
		throw new Failure(`CHROMIUM names ${named}, which is not there.`);
	}
	return named || USUAL_PLACES.find((place) => fs.existsSync(place));
}
