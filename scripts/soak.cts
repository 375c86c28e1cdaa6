// `npm run soak`: mixed load with faults on one n8n, and what is left in its memory.
import { soak } from '../bench/soak/soak.cts';
import { installN8n } from '../e2e/lib/install.cts';
import { log } from '../e2e/lib/log.cts';
import { pack } from '../e2e/lib/pack.cts';
import { command, wholeNumber } from './cli.cts';

const HELP = `Usage: npm run soak -- [options]

Mixed load with faults on one n8n, and what is left of it in n8n's memory.

  --minutes <number>  how long (15)
  --help              show this`;

const OPTIONS = { minutes: { type: 'string', default: '15' } } as const;

void command(HELP, OPTIONS, async (given) => {
	const minutes = wholeNumber('minutes', given.minutes, 1);
	await installN8n();
	const { passed, failed } = await soak({ tarball: await pack(), minutes });
	log(`${passed} passed, ${failed} failed`);
	return failed === 0 ? 0 : 1;
});
