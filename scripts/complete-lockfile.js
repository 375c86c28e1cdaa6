'use strict';
// `node scripts/complete-lockfile.js [folder]`, after a change of dependencies: names the optional
// packages for other machines in package-lock.json that the registry in use did not have. `npm ci`
// refuses a lockfile without them, although it skips them where they don't fit.
const fs = require('node:fs');
const path = require('node:path');

/**
 * @typedef {object} Entry
 * @property {string} [version]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {boolean} [dev]
 * @property {boolean} [peer]
 * @property {boolean} [optional]
 * @property {Record<string, string>} [optionalDependencies]
 */

const OS = /\b(android|darwin|freebsd|linux|openharmony|win32)\b/;
const CPU = /-(arm64|armv7|arm|ia32|loong64|ppc64|riscv64|s390x|x64)\b/;

/**
 * @param {Record<string, Entry>} packages
 * @returns {Record<string, Entry>} the entries that are missing
 */
function missingEntries(packages) {
	/** @type {Record<string, Entry>} */
	const missing = {};
	for (const [place, entry] of Object.entries(packages)) {
		for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
			if (isFound(packages, place, name)) continue;
			const system = OS.exec(name)?.[1];
			const cpu = CPU.exec(name)?.[1];
			if (!system || !cpu || !/^\d+\.\d+\.\d+$/.test(version)) {
				throw new Error(`${place} wants ${name}@${version}, which can't be named from here.`);
			}
			const { dev, peer } = entry;
			const fields = { version, cpu: [cpu], ...(dev && { dev }), optional: true, os: [system] };
			missing[`node_modules/${name}`] = { ...fields, ...(peer && { peer }) };
		}
	}
	return missing;
}

/**
 * Node's way of looking upwards for a package.
 * @param {Record<string, Entry>} packages
 * @param {string} place
 * @param {string} name
 */
function isFound(packages, place, name) {
	for (let at = place; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
		if (packages[`${at && `${at}/`}node_modules/${name}`]) return true;
		if (at === '') return false;
	}
}

const file = path.resolve(process.argv[2] ?? '.', 'package-lock.json');
const lock = JSON.parse(fs.readFileSync(file, 'utf8'));
const missing = missingEntries(lock.packages);
const entries = Object.entries({ ...lock.packages, ...missing });
entries.sort(([a], [b]) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries(entries);
if (Object.keys(missing).length > 0) fs.writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${Object.keys(missing).length} packages added to ${file}\n`);
