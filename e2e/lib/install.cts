import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { isInstalled } from './isInstalled';
import { Failure } from './log.cts';
import { E2E } from './paths.cts';
import { step } from './processes.cts';

/** What n8n 2.41 asks for. */
const N8N_NODE_MAJOR = 24;

/**
 * Installs a real n8n, its Node and its database driver into `e2e/`, as far as they are missing.
 * @throws {Failure} with what to do: no network, no compiler, an unsupported machine
 */
export async function installN8n(): Promise<void> {
	// npm takes the settings of the folder that its caller works in, unless told otherwise.
	const npm = ['--prefix', E2E, '--prefer-offline', '--no-audit', '--no-fund'];
	if (!isInstalled(E2E)) {
		await step(
			'Installing n8n with its own Node (about 3 GB, a few minutes)',
			'npm',
			['ci', ...npm],
			{ log: 'npm-ci-e2e.log' },
		);
	}
	if (driverLoads()) return;
	await step(
		"Building n8n's database driver (about a minute)",
		'npm',
		['rebuild', 'sqlite3', ...npm, '--ignore-scripts=false', '--foreground-scripts'],
		{
			env: { npm_config_nodedir: headers(), ...process.env },
			log: 'sqlite3.log',
			advice: 'It needs python3, make and g++; on Debian: apt-get install python3 make g++',
		},
	);
}

/** Whether n8n's database driver was built for this machine. */
function driverLoads(): boolean {
	return spawnSync(nodeForN8n(), ['-e', "require('sqlite3')"], { cwd: E2E }).status === 0;
}

/**
 * Where the headers of this Node are. The driver speaks Node-API, so those of any Node serve it, also
 * without a network.
 */
function headers(): string | undefined {
	const prefix = path.resolve(path.dirname(process.execPath), '..');
	return fs.existsSync(path.join(prefix, 'include/node/node_api.h')) ? prefix : undefined;
}

/**
 * The Node that runs n8n: the one pinned in `e2e/package.json`, else this process's own.
 * @returns path of the executable
 * @throws {Failure} when neither is new enough
 */
export function nodeForN8n(): string {
	const pinned = path.join(E2E, 'node_modules', '.bin', 'node');
	if (fs.existsSync(pinned)) return pinned;
	if (parseInt(process.versions.node) >= N8N_NODE_MAJOR) return process.execPath;
	throw new Failure(
		`n8n needs Node ${N8N_NODE_MAJOR}, and no ready-made one is pinned for ${process.platform} on ` +
			`${process.arch}. Start this again with Node ${N8N_NODE_MAJOR} or newer.`,
	);
}

/**
 * Installs packages of Debian's.
 * @throws {Failure} with the command to run by hand when this may not or can't install
 */
export async function installFromDebian(packages: string[]): Promise<void> {
	const names = packages.join(' ');
	const advice = `Install what is missing (on Debian: sudo apt-get install ${names}) and start this again.`;
	if (!fs.existsSync('/usr/bin/apt-get')) throw new Failure(`Missing: ${names}. ${advice}`);
	// Without a terminal sudo must not ask for a password: it fails at once instead.
	const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
	// RUNLEVEL=1 keeps Debian from starting servers by itself, on their usual ports.
	const env = ['env', 'DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1'];
	// A failed update may still leave lists that are good enough.
	const script = `apt-get update; apt-get install -y --no-install-recommends ${names}`;
	const [command = '', ...args] = [...sudo, ...env, 'sh', '-c', script];
	await step(`Installing ${names} from Debian's packages`, command, args, {
		log: 'apt.log',
		advice,
	});
}
