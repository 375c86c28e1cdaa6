'use strict';
// JavaScript, because scripts/run.js asks it before anything is installed.
const { readFileSync } = require('fs');
const { join } = require('path');

/**
 * The packages that a lockfile names; none when there is no such file.
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean, extraneous?: boolean }>}
 */
function packagesIn(file) {
	try {
		return JSON.parse(readFileSync(file, 'utf8')).packages;
	} catch {
		return {};
	}
}

/**
 * Whether `node_modules` holds what `package-lock.json` asks for, by the list that npm leaves behind
 * at the end of an install. Packages for other machines, or needed by nobody, may be absent.
 * @param {string} folder
 */
function isInstalled(folder) {
	const found = packagesIn(join(folder, 'node_modules', '.package-lock.json'));
	return Object.entries(packagesIn(join(folder, 'package-lock.json'))).every(([place, wanted]) => {
		const there = found[place];
		if (there) return there.version === wanted.version;
		return place === '' || wanted.optional || wanted.extraneous;
	});
}

module.exports = { isInstalled };
