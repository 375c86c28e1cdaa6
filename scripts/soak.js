'use strict';
// `npm run soak [-- --minutes 15]`: mixed load with faults on one n8n, and what is left in its memory.
const { requireNode, main, readOptions } = require('./cli');

requireNode();
const { soak } = require('../bench/soak/soak');
const { installN8n, installTools } = require('../e2e/lib/install');
const { Failure } = require('../e2e/lib/log');
const { pack } = require('../e2e/lib/pack');

const HELP = `Usage: npm run soak -- [options]

  --minutes <number>  how long (15)
  --help              show this`;

function readArguments() {
	const { help, ...given } = readOptions({ minutes: { type: 'string', default: '15' } }, HELP);
	const minutes = Number(given.minutes);
	if (minutes >= 1) return { minutes, help };
	throw new Failure('--minutes needs a number of at least 1.');
}

void main(async ({ log }) => {
	const { minutes, help } = readArguments();
	if (help) return log(HELP);
	await installTools({ log });
	const tarball = await pack({ log });
	await installN8n({ log });
	const { passed, failed } = await soak({ tarball, minutes, log });
	log(`${passed} passed, ${failed} failed`);
	return failed === 0 ? 0 : 1;
});
