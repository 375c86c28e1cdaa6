/** A list in parts of at most `size`. */
export function inParts<T>(values: T[], size: number): T[][] {
	const parts: T[][] = [];
	for (let at = 0; at < values.length; at += size) parts.push(values.slice(at, at + size));
	return parts;
}
