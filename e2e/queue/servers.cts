// Redis and PostgreSQL of our own: from Debian's packages, on loopback, in a temporary folder.
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

import { installFromDebian } from '../lib/install.cts';
import { Failure } from '../lib/log.cts';
import { freePort, start, step, untilReady } from '../lib/processes.cts';

export interface Server {
	port: number;
	password: string;
}

const REDIS = '/usr/bin/redis-server';
const POSTGRES = '/usr/lib/postgresql';
export const DATABASE_USER = 'n8n';

/**
 * Installs Redis and PostgreSQL as far as they are missing.
 * @throws {Failure} with the command to run by hand when this may not or can't install
 */
export async function installServers(): Promise<void> {
	const missing = [
		...(fs.existsSync(REDIS) ? [] : ['redis-server']),
		...(fs.existsSync(POSTGRES) ? [] : ['postgresql']),
	];
	if (missing.length > 0) await installFromDebian(missing);
}

/** A Redis with a password, which keeps its files in `folder`. */
export async function startRedis(folder: string): Promise<Server> {
	const port = await freePort();
	const password = newPassword();
	const settings = path.join(folder, 'redis.conf');
	const lines = [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, 'save ""'];
	fs.writeFileSync(settings, [...lines, `requirepass ${password}`].join('\n'), { mode: 0o600 });
	const running = start(REDIS, [settings], { log: 'queue-redis.log' });
	await untilReady(running, 'Redis', async () => await isListening(port));
	return { port, password };
}

/** A PostgreSQL with the database `postgres` and the user `DATABASE_USER`. */
export async function startPostgres(folder: string): Promise<Server> {
	const port = await freePort();
	const password = newPassword();
	const data = path.join(folder, 'postgres');
	const secret = path.join(folder, 'postgres-password');
	fs.mkdirSync(data, { mode: 0o700 });
	fs.writeFileSync(secret, password, { mode: 0o600 });
	const as = unprivileged(folder, [data, secret]);
	const bin = newestPrograms();

	const init = ['-D', data, '-U', DATABASE_USER, '--auth=scram-sha-256', `--pwfile=${secret}`];
	const plain = ['--no-sync', '--encoding=UTF8', '--locale=C'];
	const [initCommand = '', ...initArgs] = [...as, path.join(bin, 'initdb'), ...init, ...plain];
	const log = 'queue-initdb.log';
	await step('Making a database', initCommand, initArgs, { cwd: folder, log });

	// The data lives as long as the test: no need to force it to the disk.
	const lean = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
	const settings = [...lean, 'unix_socket_directories='].flatMap((one) => ['-c', one]);
	const server = [path.join(bin, 'postgres'), '-D', data, '-h', '127.0.0.1', '-p', String(port)];
	const [command = '', ...args] = [...as, ...server, ...settings];
	const running = start(command, args, { cwd: folder, log: 'queue-postgres.log' });
	await untilReady(running, 'PostgreSQL', async () => await isListening(port));
	return { port, password };
}

/**
 * PostgreSQL refuses to run as root: what to put in front of its commands, so that another user
 * runs them.
 * @param folder where the user may look, but not write
 * @param places what shall belong to the user
 * @returns nothing when this is not root
 */
function unprivileged(folder: string, places: string[]): string[] {
	if (process.getuid?.() !== 0) return [];
	const [uid, gid] = ['-u', '-g'].map((what) =>
		Number(execFileSync('id', [what, 'postgres'], { encoding: 'utf8' })),
	) as [number, number];
	for (const place of places) fs.chownSync(place, uid, gid);
	fs.chmodSync(folder, 0o711);
	return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
}

/** The folder with the newest version's programs; Debian keeps them off the PATH. */
function newestPrograms(): string {
	const versions = fs.readdirSync(POSTGRES).sort((a, b) => Number(b) - Number(a));
	const found = versions.map((version) => path.join(POSTGRES, version, 'bin'));
	const bin = found.find((one) => spawnSync(path.join(one, 'initdb'), ['--version']).status === 0);
	if (bin) return bin;
	throw new Failure(
		`There is no PostgreSQL in ${POSTGRES}. Install it: apt-get install postgresql`,
	);
}

async function isListening(port: number): Promise<boolean> {
	const socket = net.connect(port, '127.0.0.1');
	const connected = once(socket, 'connect').then(
		() => true,
		() => false,
	);
	return await connected.finally(() => socket.destroy());
}

function newPassword(): string {
	return randomBytes(12).toString('hex');
}
