'use strict';
// Reads a CPU profile: who used the time, by part of the software and by function.

/** @typedef {import('node:inspector').Profiler.Profile} Profile */
/** @typedef {import('node:inspector').Profiler.ProfileNode} ProfileNode */

/** The first that fits a function's file (or, for built-in functions, their name) decides. */
const PARTS = /** @type {Array<[string, RegExp]>} */ ([
	['idle', /^\((idle|program)\)$|bench\/lib\/profiler/],
	['garbage collection', /^\(garbage collector\)$/],
	['this package', /(n8n-nodes-capillary\/dist|main\/dist|\/dist\/(nodes|credentials)\/Capillary)/],
	['HTTP Request node', /n8n-nodes-base\/dist\/nodes\/HttpRequest/],
	['expressions', /evalClosureSync|expression|isolated-vm|tournament|recast|esprima|luxon/i],
	[
		'HTTP client',
		/axios|follow-redirects|agent-base|undici|backend-network|form-data|node:_?(http|net|dns|stream|tls)/,
	],
	['n8n-core', /n8n-core/],
	['n8n-workflow', /n8n-workflow/],
	['database', /typeorm|sqlite|\/pg\//],
	['n8n', /n8n\/dist|@n8n/],
	['other packages', /node_modules/],
]);

/**
 * The part a function belongs to; a built-in one belongs to whoever called it.
 * @param {Profile} profile
 * @param {Map<number, number>} parents
 * @returns {(id: number | undefined) => string}
 */
function partsOf({ nodes }, parents) {
	/** @type {Map<number | undefined, string | undefined>} */
	const parts = new Map();
	for (const { id, callFrame } of nodes) {
		const place = callFrame.url || callFrame.functionName;
		parts.set(id, PARTS.find(([, pattern]) => pattern.test(place))?.[0]);
	}
	return (id) => {
		for (let at = id; at !== undefined; at = parents.get(at)) {
			const part = parts.get(at);
			if (part) return part;
		}
		return 'Node';
	};
}

/**
 * @param {Profile} profile
 * @returns {Map<number, number>} milliseconds that each node was on top of the stack
 */
function ownTimes({ samples = [], timeDeltas = [] }) {
	/** @type {Map<number, number>} */
	const times = new Map();
	samples.forEach((id, index) => {
		times.set(id, (times.get(id) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
	});
	return times;
}

/**
 * Time by part, and by function: `own` in the function itself, `total` with what it called, without
 * what it only set going.
 * @param {Profile} profile
 */
function summarize(profile) {
	const own = ownTimes(profile);
	const parents = new Map(
		profile.nodes.flatMap(({ id, children = [] }) => children.map((one) => [one, id])),
	);
	const partOf = partsOf(profile, parents);
	const byId = new Map(profile.nodes.map((node) => [node.id, node]));

	/** @type {Map<string, number>} */
	const parts = new Map();
	/** @type {Map<string, { own: number, total: number, part: string }>} */
	const functions = new Map();
	/** @param {ProfileNode} node */
	const nameOf = ({ callFrame: { functionName, url, lineNumber } }) =>
		`${functionName || '(anonymous)'} ${url.split('/').slice(-2).join('/')}:${lineNumber + 1}`;
	for (const [id, ms] of own) {
		const top = byId.get(id);
		const part = partOf(id);
		if (!top || part === 'idle') continue;
		parts.set(part, (parts.get(part) ?? 0) + ms);
		/** @type {Set<string>} */
		const seen = new Set();
		for (let at = /** @type {number | undefined} */ (id); at !== undefined; at = parents.get(at)) {
			const node = byId.get(at);
			if (!node) break;
			const name = nameOf(node);
			const entry = functions.get(name) ?? { own: 0, total: 0, part: partOf(at) };
			if (at === id) entry.own += ms;
			if (!seen.has(name)) entry.total += ms;
			seen.add(name);
			functions.set(name, entry);
		}
	}
	return { parts, functions };
}

/**
 * @param {Profile} profile
 * @param {number} items
 * @returns {string}
 */
function describe(profile, items) {
	const { parts, functions } = summarize(profile);
	const all = [...parts.values()].reduce((sum, ms) => sum + ms, 0);
	/** @param {number} ms */
	const share = (ms) => `${((ms / all) * 100).toFixed(1).padStart(5)} %`;
	/** @param {number} ms */
	const perItem = (ms) => `${((ms / items) * 1000).toFixed(0).padStart(6)} µs`;
	const lines = [`busy for ${all.toFixed(0)} ms, ${(all / items).toFixed(2)} ms an item`, ''];
	for (const [name, ms] of [...parts].sort((a, b) => b[1] - a[1])) {
		lines.push(`${share(ms)} ${perItem(ms)}  ${name}`);
	}
	/** @param {'own' | 'total'} by @param {(part: string) => boolean} wanted @param {number} most */
	const list = (by, wanted, most) => {
		const found = [...functions].filter(([, entry]) => wanted(entry.part));
		found.sort((a, b) => b[1][by] - a[1][by]);
		for (const [name, entry] of found.slice(0, most)) {
			lines.push(`${share(entry[by])} ${perItem(entry[by])}  ${name} [${entry.part}]`);
		}
	};
	lines.push('', 'this package, with what it calls:');
	list('total', (part) => part === 'this package', 25);
	lines.push('', 'all, with what they call:');
	list('total', () => true, 60);
	lines.push('', 'all, by themselves:');
	list('own', () => true, 40);
	return lines.join('\n');
}

module.exports = { describe };
