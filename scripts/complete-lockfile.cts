// `npx tsx scripts/complete-lockfile.cts [folder]`, after a change of dependencies: names the optional
// packages for other machines in package-lock.json that the registry in use did not have. `npm ci`
// refuses a lockfile without them, although it skips them where they don't fit.
import fs from 'node:fs';
import path from 'node:path';

interface Entry {
	version: string;
	dev?: boolean;
	peer?: boolean;
	optionalDependencies?: Record<string, string>;
}

type Packages = Record<string, Entry>;

const OS = /\b(android|darwin|freebsd|linux|openharmony|win32)\b/;
const CPU = /-(arm64|armv7|arm|ia32|loong64|ppc64|riscv64|s390x|x64)\b/;

/** Node's way of looking upwards for a package. */
function isFound(packages: Packages, place: string, name: string): boolean {
	if (packages[`${place && `${place}/`}node_modules/${name}`]) return true;
	const above = place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')));
	return place !== '' && isFound(packages, above, name);
}

const file = path.resolve(process.argv[2] ?? '.', 'package-lock.json');
const lock: { packages: Packages } = JSON.parse(fs.readFileSync(file, 'utf8'));
const missing: Record<string, object> = {};
for (const [place, { dev, peer, optionalDependencies = {} }] of Object.entries(lock.packages)) {
	for (const [name, version] of Object.entries(optionalDependencies)) {
		if (isFound(lock.packages, place, name)) continue;
		const [os, cpu] = [OS.exec(name)?.[1], CPU.exec(name)?.[1]];
		if (!os || !cpu || !/^\d+\.\d+\.\d+$/.test(version)) {
			throw new Error(`${place} wants ${name}@${version}, which can't be named from here.`);
		}
		const fields = { version, cpu: [cpu], ...(dev && { dev }), optional: true, os: [os] };
		missing[`node_modules/${name}`] = { ...fields, ...(peer && { peer }) };
	}
}
const entries = Object.entries({ ...lock.packages, ...missing });
entries.sort(([a], [b]) => a.localeCompare(b, 'en'));
const completed = { ...lock, packages: Object.fromEntries(entries) };
fs.writeFileSync(file, `${JSON.stringify(completed, null, 2)}\n`);
process.stdout.write(`${Object.keys(missing).length} packages added to ${file}\n`);
