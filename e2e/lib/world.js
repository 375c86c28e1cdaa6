'use strict';
const { N8nClient } = require('./client');
const { controlOf } = require('./sandbox');

/** @typedef {import('./client').Credential} Credential */

/**
 * What the end-to-end tests share: one n8n, one sandbox, a stored credential for each auth way.
 * @typedef {object} World
 * @property {N8nClient} client signed in
 * @property {{ url: string, control: import('./sandbox').Control }} sandbox
 * @property {Record<'basic' | 'oauth', Credential>} credentials
 */

/** Tests run in jest's own globals: the environment is what they share with the set-up. */
const VARIABLE = 'CAPILLARY_E2E_WORLD';

/** @param {World} world */
function publish({ client, sandbox, credentials }) {
	const { url, cookie } = client;
	process.env[VARIABLE] = JSON.stringify({ url, cookie, sandboxUrl: sandbox.url, credentials });
}

/**
 * @returns {World}
 * @throws {Error} outside `npm run test:e2e`
 */
function world() {
	const text = process.env[VARIABLE];
	if (!text) throw new Error('These tests need a running n8n: npm run test:e2e');
	const { url, cookie, sandboxUrl, credentials } = JSON.parse(text);
	const client = Object.assign(new N8nClient(url), { cookie });
	return { client, credentials, sandbox: { url: sandboxUrl, control: controlOf(sandboxUrl) } };
}

module.exports = { publish, world };
