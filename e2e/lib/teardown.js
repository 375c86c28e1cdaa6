'use strict';
const fs = require('node:fs');
const { stopAll } = require('./processes');

/** Ends n8n and the sandbox, and removes the folder made for them. */
module.exports = async () => {
	await stopAll();
	const folder = process.env['CAPILLARY_E2E_FOLDER'];
	if (folder) fs.rmSync(folder, { recursive: true, force: true });
};
