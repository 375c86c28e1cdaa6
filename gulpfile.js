const { dest, src } = require('gulp');

/** Copies what tsc leaves behind (icons, codex, output schemas) into dist/, at the same place. */
function assets() {
	return src(['icons/*.svg', 'nodes/**/*.node.json', 'nodes/**/__schema__/**/*.json'], {
		base: '.',
		encoding: false,
	}).pipe(dest('dist'));
}

exports.default = assets;
