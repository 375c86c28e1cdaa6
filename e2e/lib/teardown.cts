import fs from 'node:fs';

import { stopAll } from './processes.cts';

/** Ends n8n and the sandbox, and removes the folder made for them. */
export default async function teardown(): Promise<void> {
	await stopAll();
	const folder = process.env['CAPILLARY_E2E_FOLDER'];
	if (folder) fs.rmSync(folder, { recursive: true, force: true });
}
