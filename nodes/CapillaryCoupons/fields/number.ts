/** The number that a field holds, also when an expression gives it as text; NaN when it holds none. */
export function toNumber(value: unknown): number {
	return typeof value === 'number' || (typeof value === 'string' && value.trim())
		? Number(value)
		: NaN;
}
