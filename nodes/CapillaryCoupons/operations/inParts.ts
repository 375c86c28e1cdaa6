/** The values in lists of at most `size`, in the same order. */
export function inParts(values: string[], size: number): string[][] {
	const parts: string[][] = [];
	for (let at = 0; at < values.length; at += size) parts.push(values.slice(at, at + size));
	return parts;
}
