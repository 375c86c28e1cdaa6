// `npx tsx bench/profile.cts`: where the time goes. Node writes the profile (`--cpu-prof`), of the
// second of two runs.
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { join } from 'node:path';

import { Command } from '@commander-js/extra-typings';

import { Bench, type BenchOptions } from './lib/Bench.cts';
import { type Case, issueCase } from './lib/cases.cts';
import type { Side } from './lib/compare.cts';
import { CACHE, Failure, log, pack, runCommand, startSandbox, wholeNumber } from './lib/n8n.cts';
import { describe, now, partsOf, type Window } from './lib/profileParts.cts';

const FOLDER = join(CACHE, 'profiles');
const FLAGS = ['--cpu-prof', `--cpu-prof-dir=${FOLDER}`, '--cpu-prof-interval=500'];

/** @returns when the second run was */
async function runTwice(measured: Case, side: Side, options: BenchOptions): Promise<Window> {
	const bench = await Bench.start({ ...options, env: { NODE_OPTIONS: FLAGS.join(' ') } });
	const workflow = await bench.install(measured[side]);
	await bench.run(workflow, measured);
	const from = now();
	const { nodeMs } = await bench.run(workflow, measured);
	const to = now();
	log(`The node took ${nodeMs} ms`);
	// n8n writes its profile when it ends.
	await bench.n8n.stop();
	return { from, to };
}

/** The profile with the most samples: n8n's helpers and threads write some, too. */
function readProfile(): { file: string; profile: Profiler.Profile } {
	const profiles = readdirSync(FOLDER).map((name) => {
		const file = join(FOLDER, name);
		return { file, profile: JSON.parse(readFileSync(file, 'utf8')) as Profiler.Profile };
	});
	const size = ({ profile }: (typeof profiles)[number]) => profile.nodes.length;
	const [largest] = profiles.sort((one, other) => size(other) - size(one));
	if (!largest) throw new Failure(`Node has left no profile in ${FOLDER}.`);
	return largest;
}

const command = new Command('npx tsx bench/profile.cts')
	.description('Where the time goes, by the CPU profile of the second of two runs.')
	.option('--items <number>', 'how many coupons are issued', wholeNumber(1), 1000)
	.option('--latency <number>', "what the API's answer takes, in ms", wholeNumber(0), 0)
	.option('--theirs', 'by the HTTP Request node')
	.option('--dist <folder>', 'the node as built in this folder')
	.action(async ({ items, latency, theirs, dist }) => {
		rmSync(FOLDER, { recursive: true, force: true });
		mkdirSync(FOLDER, { recursive: true });
		const sandbox = await startSandbox();
		const measured = issueCase(sandbox.url, items, latency);
		const options = { tarball: await pack(), sandbox, dist };
		const window = await runTwice(measured, theirs ? 'theirs' : 'ours', options);
		const { file, profile } = readProfile();
		log(describe(partsOf(profile, window), measured.items.length));
		log(`\nAll of it, for Chrome's DevTools: ${file}`);
	});

void runCommand(command);
