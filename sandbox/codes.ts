import type { CodeStyle } from './types';

/** Shares no factor with 10, so that `n * STEP` modulo 10^10 takes every value before it repeats. */
const STEP = 6_180_339_887;
const RANGE = 10_000_000_000;

/** Length of the part that counts up; the rest of a code is filled in front of it. */
const COUNTED = { digits: 10, upper: 7, mixed: 7 };

/**
 * The n-th code of a style. Codes look random but are the same in every run, which makes a failed
 * test repeatable. They differ in more than letter case, because lookups ignore case.
 */
export function makeCode(style: CodeStyle, n: number): string {
	const scattered = ((n * STEP) % RANGE) + (style.alphabet === 'digits' ? 0 : 36 ** 6);
	const base = style.alphabet === 'digits' ? 10 : 36;
	const counted = scattered
		.toString(base)
		.toUpperCase()
		.padStart(COUNTED[style.alphabet], '0')
		.slice(-COUNTED[style.alphabet]);
	const prefix = style.prefix ?? '';
	const room = style.length - prefix.length - counted.length;
	const filler = style.alphabet === 'digits' ? '0' : 'XQ7K3';
	const code = prefix + filler.repeat(Math.max(0, room)).slice(0, Math.max(0, room)) + counted;
	return style.alphabet === 'mixed' ? alternateCase(code) : code;
}

function alternateCase(code: string): string {
	return [...code].map((char, i) => (i % 2 === 0 ? char.toLowerCase() : char)).join('');
}
