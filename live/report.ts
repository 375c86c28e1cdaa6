import { PROBES } from './probes';
import {
	count,
	headersOf,
	join,
	route,
	type Safe,
	say,
	seconds,
	shape,
	status,
	told,
	zone,
} from './safe';
import type { Verdict } from './Verdict';
import type { Exchange } from './Wire.cts';

/** A question, and what came of it. */
export interface Finding {
	number: string;
	question: Safe;
	verdict: Verdict;
}

/** The report's text: everything in it is safe, or a word of this file. */
export function reportOf(findings: Finding[], exchanges: Exchange[], startedAt: Date): string {
	const inOrder = [...findings].sort((a, b) => orderOf(a) - orderOf(b));
	const ofKind = (kind: string) => inOrder.filter(({ number }) => number.startsWith(kind));
	return [
		'# Check against a live system',
		`Written by \`npm run check:live\` on ${startedAt.toISOString().slice(0, 10)}. It holds types and the API's own codes, no values. Numbers are those of \`sandbox/README.md\`.`,
		summaryOf(inOrder),
		'## Guesses',
		table(['No.', 'Guess', 'Found', 'How'], ofKind('G').map(rowOf)),
		'## Facts',
		table(['No.', 'Fact', 'Found', 'How'], ofKind('F').map(rowOf)),
		'## Server',
		serverOf(exchanges).join('\n'),
		'## Calls',
		table(['Call', 'Answer', 'Time', 'Headers'], exchanges.slice(0, 200).map(callRow)),
		'## Shapes',
		shapesOf(exchanges).join('\n\n'),
	].join('\n\n');
}

/** One line of the screen. */
export function lineOf({ number, question, verdict }: Finding): Safe {
	const found = {
		'as guessed': say`as guessed`,
		otherwise: say`OTHERWISE`,
		'not answerable': say`not answerable`,
	}[verdict.result];
	return say`${numberOf(number)} ${question}: ${found} (${verdict.how})`;
}

function numberOf(number: string): Safe {
	const known = PROBES.find((one) => one.number === number);
	return known
		? join([known.number.startsWith('G') ? say`G` : say`F`, count(Number(number.slice(1)))], '')
		: say`?`;
}

function orderOf({ number }: Finding): number {
	return Number(number.slice(1));
}

function summaryOf(findings: Finding[]): string {
	const numbersOf = (result: Verdict['result']) =>
		findings.filter(({ verdict }) => verdict.result === result).map(({ number }) => number);
	return (['as guessed', 'otherwise', 'not answerable'] as const)
		.map((result) => [result, numbersOf(result)] as const)
		.map(([result, numbers]) => `- ${result}: ${numbers.length} (${numbers.join(', ') || 'none'})`)
		.join('\n');
}

function rowOf({ number, question, verdict }: Finding): string[] {
	return [number, String(question), verdict.result, String(verdict.how)];
}

function callRow(exchange: Exchange): string[] {
	return [
		String(route(exchange)),
		String(told(exchange)),
		String(seconds(exchange.ms)),
		String(join(headersOf(exchange))),
	];
}

/** The clock and the zone, as far as answers tell. */
function serverOf(exchanges: Exchange[]): string[] {
	const lines: Safe[] = [];
	const [dated] = exchanges.filter(
		({ headers }) => !Number.isNaN(Date.parse(String(headers.date))),
	);
	if (dated) {
		const off = Math.abs(Date.parse(String(dated.headers.date)) - dated.sentAt);
		lines.push(say`- clock: ${seconds(off)} from this machine's`);
	}
	const zones = new Map<string, Safe>();
	for (const { body } of exchanges) {
		for (const one of zonesIn(body, 0)) zones.set(String(one), one);
	}
	lines.push(
		say`- zone in its times: ${zones.size > 0 ? join([...zones.values()]) : say`none seen`}`,
	);
	const answered = exchanges.filter((one) => one.status !== undefined).map(({ ms }) => ms);
	answered.sort((a, b) => a - b);
	const middle = answered[Math.floor(answered.length / 2)];
	if (middle !== undefined) {
		lines.push(
			say`- ${count(exchanges.length)} calls, answered in ${seconds(middle)} (median), ${seconds(answered.at(-1) ?? 0)} (longest)`,
		);
	}
	return lines.map(String);
}

function zonesIn(value: unknown, depth: number): Safe[] {
	if (typeof value === 'string') return [zone(value)].filter((one) => one !== undefined);
	if (typeof value !== 'object' || value === null || depth > 8) return [];
	return Object.values(value)
		.slice(0, 200)
		.flatMap((one) => zonesIn(one, depth + 1));
}

/** The shapes of the answers, each once. */
function shapesOf(exchanges: Exchange[]): string[] {
	const shapes = new Set(
		exchanges
			.filter(({ kind }) => kind === 'JSON')
			.map(
				(one) =>
					`${String(route(one))}, ${String(status(one.status))}:\n\n    ${String(shape(one.body))}`,
			),
	);
	return [...shapes].slice(0, 60);
}

function table(head: string[], rows: string[][]): string {
	const line = (cells: string[]) =>
		`| ${cells.map((one) => one.replaceAll('|', '\\|')).join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
