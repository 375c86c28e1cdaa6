// `npm run test:queue`: the packed node in n8n's queue mode, with a worker killed in the middle.
import { Command, Option } from '@commander-js/extra-typings';

import { installN8n } from '../e2e/lib/install.cts';
import { conclude, log } from '../e2e/lib/log.cts';
import { pack } from '../e2e/lib/pack.cts';
import { temporaryFolder } from '../e2e/lib/paths.cts';
import { startCluster } from '../e2e/queue/cluster.cts';
import { installServers, startPostgres, startRedis } from '../e2e/queue/servers.cts';
import { runTest } from '../e2e/queue/test.cts';
import { runCommand, wholeNumber } from './cli.cts';

const queue = new Command('npm run test:queue --')
	.description(
		'Calls a webhook of an n8n in queue mode (Redis, PostgreSQL, two workers), kills a worker in the ' +
			'middle and compares what was issued with what everybody was told. Logs are in .cache/logs/.',
	)
	.option('--calls <number>', 'webhook calls', wholeNumber(100), 2000)
	.addOption(new Option('--small', '300 calls, for CI').implies({ calls: 300 }))
	.action(async ({ calls }) => {
		await installServers();
		await installN8n();
		const tarball = await pack();
		const folder = temporaryFolder('queue');

		log('Starting Redis and PostgreSQL ...');
		const [redis, postgres] = await Promise.all([startRedis(folder), startPostgres(folder)]);
		const start = async () => await startCluster(folder, tarball, redis, postgres);
		conclude(await runTest(calls, start));
	});

void runCommand(queue);
