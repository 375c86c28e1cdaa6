const { rm } = require('node:fs/promises');
const { dest, src } = require('gulp');

/** Empties dist/: what was built of a source that is gone would be packed. */
async function clean() {
	await rm('dist', { recursive: true, force: true });
}

/** Copies what tsc leaves behind (icons, codex, output schemas) into dist/, at the same place. */
function assets() {
	const files = ['icons/*.svg', 'nodes/**/*.node.json', 'nodes/**/__schema__/**/*.json'];
	return src(files, { base: '.', encoding: false }).pipe(dest('dist'));
}

module.exports = { clean, default: assets };
