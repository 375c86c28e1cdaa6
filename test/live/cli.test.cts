import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { createSandbox, type Sandbox } from '../../sandbox/server';

const ROOT = resolve(__dirname, '../..');

describe('the command', () => {
	let sandbox: Sandbox;
	let folder: string;
	beforeAll(async () => {
		sandbox = await createSandbox();
		folder = mkdtempSync(join(tmpdir(), 'check-live-'));
	});
	afterAll(async () => {
		await sandbox.close();
		rmSync(folder, { recursive: true });
	});

	const run = async (...args: string[]) => {
		const { username, password } = sandbox.credentials.basic;
		const env = {
			...process.env,
			CAPILLARY_HOST: sandbox.url,
			CAPILLARY_USERNAME: username,
			CAPILLARY_PASSWORD: password,
		};
		const tsx = join(ROOT, 'node_modules/tsx/dist/cli.mjs');
		const command = [tsx, join(ROOT, 'live/check.cts'), ...args];
		return await new Promise<{ code: number; shown: string }>((done) => {
			const child = execFile(process.execPath, command, { cwd: folder, env }, (error, out, err) =>
				done({ code: error ? 1 : 0, shown: out + err }),
			);
			child.stdin?.end();
		});
	};

	it('issues nothing unless somebody agrees, writes only its report, and shows no secret', async () => {
		const customer = ['--customer', 'mobile=1234512345'];
		const { code, shown } = await run('--issue', '868760', ...customer, '--only', 'F1,G16');

		expect(code).toBe(0);
		expect(shown).toContain(
			'G16 `id` of issue single is 0: not answerable (`--issue` was not given',
		);
		expect(sandbox.ledger).toEqual([]);
		expect(readdirSync(folder)).toEqual(['live-report.md']);
		const all = shown + readFileSync(join(folder, 'live-report.md'), 'utf8');
		expect(all).not.toMatch(/sandbox\.till|loopback-only|127\.0\.0\.1|1234512345/);
	}, 120_000);
});
