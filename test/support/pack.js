/** The package as it would be published: packed by npm and unpacked again. */
const { execFileSync } = require('node:child_process');
const {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
} = require('node:fs');
const { tmpdir } = require('node:os');
const { join, relative, resolve } = require('node:path');

const ROOT = resolve(__dirname, '../..');

/** Paths of all files below a folder, with slashes, in order. @param {string} folder */
function filesIn(folder) {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
		.sort();
}

/** The files of the repository that belong into the package, as they are called there. */
function expectedFiles() {
	const built = ['nodes', 'credentials', 'icons'].flatMap((folder) =>
		filesIn(join(ROOT, folder)).map((file) => `dist/${folder}/${file.replace(/\.ts$/, '.js')}`),
	);
	return [...built, 'LICENSE.md', 'README.md', 'package.json'].sort();
}

function pack() {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-capillary-pack-'));
	const unpacked = join(folder, 'unpacked');
	// The one module that n8n itself provides.
	mkdirSync(join(unpacked, 'node_modules'), { recursive: true });
	const provided = join('node_modules', 'n8n-workflow');
	symlinkSync(join(ROOT, provided), join(unpacked, provided), 'junction');
	const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
	const out = execFileSync(
		npm,
		['pack', '--json', '--ignore-scripts', '--offline', '--pack-destination', folder],
		{ cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
	);
	const tarball = join(folder, JSON.parse(out)[0].filename);
	execFileSync('tar', ['-xzf', tarball, '-C', unpacked]);
	const root = join(unpacked, 'package');
	return {
		folder: root,
		size: statSync(tarball).size,
		files: filesIn(root),
		/** @param {string} file */
		read: (file) => readFileSync(join(root, file), 'utf8'),
		/** Where the repository lies on this machine: no packed file may tell. */
		source: ROOT,
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}

module.exports = { expectedFiles, pack };
