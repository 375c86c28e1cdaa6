/** @param rows all with the same keys, which become the head; no table without rows */
export function markdownTable(rows: Array<Record<string, string | number>>): string {
	if (!rows[0]) return '';
	const head = Object.keys(rows[0]);
	const lines = [head, head.map(() => '---'), ...rows.map((row) => head.map((key) => row[key]))];
	return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
