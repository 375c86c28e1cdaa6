import type { Profiler } from 'node:inspector';

/** The first that fits a function's file (or, for built-in functions, their name) decides. */
const PARTS: Array<[string, RegExp]> = [
	['idle', /^\((idle|program)\)$/],
	['garbage collection', /^\(garbage collector\)$/],
	['this package', /n8n-nodes-capillary\/dist|\/dist\/(nodes|credentials)\/(Capillary|shared)/],
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
];

/** A stretch of time on the machine's monotonic clock, which `process.hrtime` reads, in microseconds. */
export interface Window {
	from: number;
	to: number;
}

/** The clock of profiles. */
export function now(): number {
	return Number(process.hrtime.bigint() / 1000n);
}

/** Milliseconds by part of the software; a built-in function belongs to whoever called it. */
export function partsOf(profile: Profiler.Profile, { from, to }: Window): Map<string, number> {
	const byId = new Map(profile.nodes.map((node) => [node.id, node]));
	const parents = new Map(
		profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])),
	);
	const partOf = (id: number | undefined): string => {
		const node = id === undefined ? undefined : byId.get(id);
		if (!node) return 'Node';
		const { url, functionName } = node.callFrame;
		const found = PARTS.find(([, pattern]) => pattern.test(url || functionName));
		return found?.[0] ?? partOf(parents.get(node.id));
	};
	const parts = new Map<string, number>();
	let at = profile.startTime;
	profile.samples?.forEach((id, index) => {
		const delta = profile.timeDeltas?.[index] ?? 0;
		at += delta;
		const part = partOf(id);
		if (at < from || at > to || part === 'idle') return;
		parts.set(part, (parts.get(part) ?? 0) + delta / 1000);
	});
	return parts;
}

/** The parts as lines, the largest first, for a number of items. */
export function describe(parts: Map<string, number>, items: number): string {
	const all = [...parts.values()].reduce((sum, ms) => sum + ms, 0);
	const lines = [...parts]
		.sort(([, one], [, other]) => other - one)
		.map(([name, ms]) => {
			const share = ((ms / all) * 100).toFixed(1).padStart(5);
			return `${share} % ${(ms / items).toFixed(3)} ms  ${name}`;
		});
	return [`busy for ${all.toFixed(0)} ms, ${(all / items).toFixed(2)} ms an item`, ...lines].join(
		'\n',
	);
}
