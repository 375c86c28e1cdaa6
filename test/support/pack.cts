import { execFileSync } from 'node:child_process';
import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { PACKAGE } from './engine';

/** The package as it would be published: packed by npm and unpacked again. */
export interface Packed {
	folder: string;
	/** Of the tarball, in bytes. */
	size: number;
	/** Paths of all files, in order. */
	files: string[];
	read(file: string): string;
	/** Where the repository lies on this machine: no packed file may tell. */
	source: string;
	remove(): void;
}

/** Paths of all files below a folder, with slashes, in order. */
function filesIn(folder: string): string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
		.sort();
}

/** The files of the repository that belong into the package, as they are called there. */
export function expectedFiles(): string[] {
	const built = ['nodes', 'credentials', 'icons'].flatMap((folder) =>
		filesIn(join(PACKAGE, folder)).map((file) => `dist/${folder}/${file.replace(/\.ts$/, '.js')}`),
	);
	return [...built, 'LICENSE.md', 'README.md', 'package.json'].sort();
}

export function pack(): Packed {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-capillary-pack-'));
	const unpacked = join(folder, 'unpacked');
	// The one module that n8n itself provides.
	mkdirSync(join(unpacked, 'node_modules'), { recursive: true });
	const provided = join('node_modules', 'n8n-workflow');
	symlinkSync(join(PACKAGE, provided), join(unpacked, provided), 'junction');
	const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
	const out = execFileSync(
		npm,
		['pack', '--json', '--ignore-scripts', '--offline', '--pack-destination', folder],
		{ cwd: PACKAGE, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
	);
	const tarball = join(folder, JSON.parse(out)[0].filename);
	execFileSync('tar', ['-xzf', tarball, '-C', unpacked]);
	const root = join(unpacked, 'package');
	return {
		folder: root,
		size: statSync(tarball).size,
		files: filesIn(root),
		read: (file) => readFileSync(join(root, file), 'utf8'),
		source: PACKAGE,
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}
