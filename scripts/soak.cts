// `npm run soak`: mixed load with faults on one n8n, and what is left in its memory.
import { Command } from '@commander-js/extra-typings';

import { soak } from '../bench/soak/soak.cts';
import { installN8n } from '../e2e/lib/install.cts';
import { conclude } from '../e2e/lib/log.cts';
import { pack } from '../e2e/lib/pack.cts';
import { runCommand, wholeNumber } from './cli.cts';

const soakCommand = new Command('npm run soak --')
	.description("Mixed load with faults on one n8n, and what is left of it in n8n's memory.")
	.option('--minutes <number>', 'how long', wholeNumber(1), 15)
	.action(async ({ minutes }) => {
		await installN8n();
		conclude(await soak({ tarball: await pack(), minutes }));
	});

void runCommand(soakCommand);
