'use strict';
// `npm run bench`: our node against n8n's HTTP Request node in a real n8n. Writes bench/RESULTS.md.
const fs = require('node:fs');
const path = require('node:path');
const { requireNode, main, readOptions } = require('./cli');

requireNode();
const { measureAll } = require('../bench/lib/measureAll');
const { speedTable, writeReport } = require('../bench/lib/report');
const { installN8n, installTools } = require('../e2e/lib/install');
const { Failure } = require('../e2e/lib/log');
const { CACHE, ROOT } = require('../e2e/lib/paths');
const { pack } = require('../e2e/lib/pack');

const HELP = `Usage: npm run bench -- [options]

Takes about half an hour; nothing else should run on the machine. Writes bench/RESULTS.md, unless
--only or --dist is given.

  --rounds <number>  rounds after the warm-up (5)
  --only <text>      only the cases whose name contains this, printed and not written
  --skip <text>      without the cases whose name contains this
  --dist <folder>    against the node as built in this folder, in place of the HTTP Request node;
                     printed and not written
  --help             show this`;

function readArguments() {
	const options = readOptions(
		{
			rounds: { type: 'string', default: '5' },
			only: { type: 'string' },
			skip: { type: 'string' },
			dist: { type: 'string' },
		},
		HELP,
	);
	const rounds = Number(options.rounds);
	if (Number.isInteger(rounds) && rounds > 0) return { ...options, rounds };
	throw new Failure('--rounds needs a whole number above 0.');
}

void main(async ({ log }) => {
	const { help, ...options } = readArguments();
	if (help) return log(HELP);
	await installTools({ log });
	const tarball = await pack({ log });
	await installN8n({ log });
	const data = path.join(CACHE, 'bench-results.json');
	const report = path.join(ROOT, 'bench', 'RESULTS.md');
	const writes = options.only === undefined && options.dist === undefined;
	const results = await measureAll({
		...options,
		tarball,
		log,
		async onProgress(soFar) {
			fs.writeFileSync(data, JSON.stringify(soFar, null, 2));
			if (writes) await writeReport(report, soFar);
		},
	});
	log(`\n${speedTable(results)}`);
	if (writes) log(`Written: ${path.relative(ROOT, report)}`);
});
