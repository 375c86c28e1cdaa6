'use strict';
// `node test/versions/run.js <folder> <sandbox>`: the checks by the n8n that is installed in a folder,
// with the packed node and a copy of the test engine in it. Writes one line of JSON for each check.
const { createRequire } = require('node:module');
const path = require('node:path');
require('../support/setup');
const { controlOf } = require('../../e2e/lib/sandbox');
const { checks } = require('./checks');

const [folder = '', url = ''] = process.argv.slice(2);

/** @param {object} line */
const write = (line) => void process.stdout.write(`${JSON.stringify(line)}\n`);

async function main() {
	const requireThere = createRequire(path.join(folder, 'package.json'));
	requireThere('reflect-metadata');
	const engine = requireThere('n8n-nodes-capillary/test/support/engine.js');
	const control = controlOf(url);
	const { credentials } = await control('GET', '');
	const accounts = {
		basic: { host: url, authentication: 'basic', ...credentials.basic },
		oauth: { host: url, authentication: 'oauth', ...credentials.oauth },
	};
	for (const [name, check] of Object.entries(checks)) {
		await control('POST', '/reset');
		const error = await check({ engine, control, accounts }).then(
			() => undefined,
			(/** @type {Error} */ thrown) => String(thrown.stack ?? thrown),
		);
		write({ name, ok: error === undefined, error });
	}
}

main().then(
	() => process.exit(0),
	(error) => {
		write({ name: 'start', ok: false, error: String(error.stack ?? error) });
		process.exit(1);
	},
);
