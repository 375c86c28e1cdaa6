import { max, median, min } from 'simple-statistics';

/** NaN for no values. */
export function middle(values: number[]): number {
	return values.length > 0 ? median(values) : NaN;
}

/** The median of the rounds' own ratios: what slowed the machine down slowed both sides of a round. */
export function ratio(above: number[], below: number[]): number {
	return middle(above.map((value, round) => value / (below[round] ?? NaN)));
}

/** `12 (10 to 15)`: the median, the smallest, the largest. */
export function spread(values: number[], digits = 0): string {
	if (values.length === 0) return 'not measured';
	const [middle, least, most] = [median(values), min(values), max(values)].map((value) =>
		value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
	);
	return `${middle} (${least} to ${most})`;
}
