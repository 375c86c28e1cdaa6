// Loaded into n8n by `--require`, where Node itself strips the types: each SIGUSR2 collects the
// garbage and writes what is left of us.
import { renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { getActiveResourcesInfo } from 'node:process';
import v8 from 'node:v8';
import vm from 'node:vm';

export interface Sample {
	/** Counts up. */
	number: number;
	heapMb: number;
	rssMb: number;
	timers: number;
	/** Runs of the node that are still in memory. */
	runs: number;
}

const file = process.env['CAPILLARY_PROBE'];
// All modules share one cache, whoever asks for it.
const { cache } = createRequire(process.execPath);
let number = 0;

function sample(): Sample {
	v8.setFlagsFromString('--expose-gc');
	vm.runInNewContext('gc')();
	// The class as n8n has loaded it.
	const run = Object.keys(cache).find((one) => /n8n-nodes-capillary.*[\\/]Run\.js$/.test(one));
	const { Run } = run ? cache[run]?.exports : {};
	const { heapUsed, rss } = process.memoryUsage();
	return {
		number: ++number,
		heapMb: heapUsed / 2 ** 20,
		rssMb: rss / 2 ** 20,
		timers: getActiveResourcesInfo().filter((one) => one === 'Timeout').length,
		runs: Run ? v8.queryObjects(Run, { format: 'count' }) : 0,
	};
}

// n8n's task runner inherits the option, but not the job.
if (file && process.argv[1]?.endsWith('n8n')) {
	process.on('SIGUSR2', () => {
		writeFileSync(`${file}.new`, JSON.stringify(sample()));
		renameSync(`${file}.new`, file);
	});
}
