// `npm run bench`: our node against n8n's HTTP Request node in a real n8n. Writes bench/RESULTS.md.
import fs from 'node:fs';
import path from 'node:path';

import { Command } from '@commander-js/extra-typings';

import { measureAll } from '../bench/lib/measureAll.cts';
import { speedTable, writeReport } from '../bench/lib/report.cts';
import { installN8n } from '../e2e/lib/install.cts';
import { log } from '../e2e/lib/log.cts';
import { pack } from '../e2e/lib/pack.cts';
import { CACHE, ROOT } from '../e2e/lib/paths.cts';
import { runCommand, wholeNumber } from './cli.cts';

const bench = new Command('npm run bench --')
	.description(
		'Takes about 40 minutes; nothing else should run on the machine. Writes bench/RESULTS.md, ' +
			'unless --only or --dist is given.',
	)
	.option('--rounds <number>', 'rounds after the warm-up', wholeNumber(1), 5)
	.option('--only <text>', 'only the cases whose name contains this, printed and not written')
	.option('--skip <text>', 'without the cases whose name contains this')
	.option(
		'--dist <folder>',
		'against the node as built in this folder, in place of the HTTP Request node; printed and not written',
	)
	.action(async ({ rounds, only, skip, dist }) => {
		await installN8n();
		const tarball = await pack();
		const data = path.join(CACHE, 'bench-results.json');
		const report = path.join(ROOT, 'bench', 'RESULTS.md');
		const writes = only === undefined && dist === undefined;
		const results = await measureAll({
			rounds,
			only,
			skip,
			dist,
			tarball,
			async onProgress(soFar) {
				fs.writeFileSync(data, JSON.stringify(soFar, null, 2));
				if (writes) await writeReport(report, soFar);
			},
		});
		log(`\n${speedTable(results)}`);
		if (writes) log(`Written: ${path.relative(ROOT, report)}`);
	});

void runCommand(bench);
