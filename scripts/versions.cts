// `npm run test:versions`: the packed node by the engines of several n8n versions.
import fs from 'node:fs';
import path from 'node:path';

import { Command } from '@commander-js/extra-typings';

import { nodeForN8n } from '../e2e/lib/install.cts';
import { Failure, log, withProgress } from '../e2e/lib/log.cts';
import { pack, unpack } from '../e2e/lib/pack.cts';
import { CACHE, PACKAGE, ROOT } from '../e2e/lib/paths.cts';
import { run, step, tail } from '../e2e/lib/processes.cts';
import { startSandbox } from '../e2e/lib/sandbox.cts';
import { runCommand } from './cli.cts';

interface Check {
	name: string;
	ok: boolean;
	error?: string;
}

interface Result {
	core: string;
	workflow: string;
	node: string;
	checks: Check[];
}

/** Released versions of n8n-core, the oldest first. */
async function released(): Promise<string[]> {
	const args = ['view', 'n8n-core', 'versions', '--json'];
	const output = await step('Asking npm for the versions', 'npm', args, { log: 'npm-view.log' });
	const all: string[] = JSON.parse(output.slice(output.indexOf('['), output.lastIndexOf(']') + 1));
	return all.filter((version) => /^\d+\.\d+\.\d+$/.test(version));
}

/** What to test: of each list the first one that can be installed. */
function chosen(all: string[]): string[][] {
	const second = all.filter((version) => version.startsWith('2.'));
	const minors = second.filter((version) => version.split('.')[1] !== '0');
	const at = (part: number) => minors.slice(Math.floor(minors.length * part));
	const first = all.filter((version) => version.startsWith('1.'));
	const lists = [[...second].reverse(), at(0.4), at(0.15), second, first.reverse()];
	return lists.map((candidates) => candidates.slice(0, 3));
}

/**
 * Installs an engine and puts the packed node beside it.
 * @returns its folder
 * @throws {Failure} when it can't be installed
 */
async function install(version: string, tarball: string): Promise<string> {
	const folder = path.join(CACHE, 'versions', version);
	const dependencies = { 'n8n-core': version, 'reflect-metadata': '0.2.2' };
	fs.mkdirSync(folder, { recursive: true });
	const manifest = JSON.stringify({ private: true, dependencies });
	fs.writeFileSync(path.join(folder, 'package.json'), manifest);
	if (!versionOf(folder, 'n8n-core')) {
		const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
		const args = ['install', '--prefix', folder, ...options];
		const text = `Installing n8n-core ${version}`;
		await step(text, 'npm', args, { cwd: folder, log: `versions-${version}.log` });
	}
	unpack(tarball, path.join(folder, 'node_modules', PACKAGE));
	return folder;
}

/** The first of several versions that can be installed. */
async function installOneOf(versions: string[], tarball: string): Promise<string | undefined> {
	for (const version of versions) {
		try {
			return await install(version, tarball);
		} catch (error) {
			if (!(error instanceof Failure)) throw error;
			log(error.message);
			fs.rmSync(path.join(CACHE, 'versions', version), { recursive: true, force: true });
		}
	}
	return undefined;
}

function versionOf(folder: string, name: string): string | undefined {
	const file = path.join(folder, 'node_modules', name, 'package.json');
	return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).version : undefined;
}

/**
 * @param node the Node to run it with
 * @param url the sandbox's
 */
async function check(folder: string, node: string, url: string): Promise<Result> {
	const core = path.basename(folder);
	const version = await run(node, ['--version'], { log: 'node-version.log' });
	const script = path.join(ROOT, 'test', 'versions', 'run.cts');
	const options = { cwd: ROOT, log: `versions-run-${core}.log` };
	const { ok, output } = await withProgress(
		`Checking with n8n-core ${core} on Node ${version.output.trim()}`,
		async () => await run(node, ['--import', 'tsx', script, folder, url], options),
	);
	const lines = output.split('\n').filter((one) => one.startsWith('{"name":'));
	const checks: Check[] = lines.map((one) => JSON.parse(one));
	if (!ok && checks.every((one) => one.ok)) {
		checks.push({ name: 'start', ok: false, error: tail(output) });
	}
	const workflow = versionOf(folder, 'n8n-workflow') ?? '';
	return { core, workflow, node: version.output.trim(), checks };
}

/** This Node, and n8n's own where it is installed. */
function nodes(): string[] {
	try {
		return [...new Set([process.execPath, nodeForN8n()])];
	} catch {
		return [process.execPath];
	}
}

function line({ core, workflow, node, checks }: Result): string {
	const passed = checks.filter(({ ok }) => ok).length;
	return `${core.padEnd(10)}${workflow.padEnd(14)}${node.padEnd(10)}${passed} of ${checks.length}`;
}

const command = new Command('npm run test:versions --')
	.description(
		"Runs the packed node by n8n's own engine (the npm package n8n-core, about 300 MB each). Writes " +
			'.cache/versions.json, with all that is known of a check that failed.',
	)
	.argument(
		'[version...]',
		'unless told, the newest and the oldest 2.x, the newest 1.x and two in between',
	)
	.option('--keep', 'leave the engines in .cache/versions/')
	.action(async (given, { keep }) => {
		const tarball = await pack();
		const sandbox = await startSandbox();
		const wanted = given.length > 0 ? given.map((one) => [one]) : chosen(await released());
		const results: Result[] = [];
		let missing = 0;
		for (const candidates of wanted) {
			const fresh = candidates.filter((one) => !results.some(({ core }) => core === one));
			const folder = await installOneOf(fresh, tarball);
			if (!folder) {
				missing++;
				continue;
			}
			for (const node of nodes()) {
				const result = await check(folder, node, sandbox.url);
				results.push(result);
				log(line(result));
				for (const { name, ok, error } of result.checks) {
					if (!ok) log(`  ${name}: ${error?.split('\n')[0]}`);
				}
			}
			if (!keep) fs.rmSync(folder, { recursive: true, force: true });
		}
		fs.writeFileSync(path.join(CACHE, 'versions.json'), JSON.stringify(results, null, 2));
		log(['\nn8n-core  n8n-workflow  Node      checks', ...results.map(line)].join('\n'));
		const allPassed = results.every(
			({ checks }) => checks.length > 0 && checks.every(({ ok }) => ok),
		);
		process.exitCode = missing === 0 && allPassed ? 0 : 1;
	});

void runCommand(command);
