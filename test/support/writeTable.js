const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Writes rows as a Markdown table into test/FAULTS.md.
 *
 * @param {string} text what stands above the table
 * @param {Array<Record<string, string | number>>} rows all with the same keys
 */
function writeFaultTable(text, rows) {
	const columns = Object.keys(rows[0] ?? {});
	/** @param {Array<string | number>} cells */
	const line = (cells) => `| ${cells.join(' | ')} |`;
	const table = [
		line(columns),
		line(columns.map(() => '---')),
		...rows.map((row) => line(columns.map((column) => row[column] ?? ''))),
	];
	writeFileSync(join(__dirname, '../FAULTS.md'), `${text}\n\n${table.join('\n')}\n`);
}

module.exports = { writeFaultTable };
