'use strict';
const { createHash } = require('node:crypto');
const { COLLECTOR, SERIES } = require('./cases');

const PER_CALL = 500;

/**
 * Issues coupons straight at the sandbox, for the lookups: some to anybody, many to one customer.
 * @param {import('../../e2e/lib/sandbox').Sandbox} sandbox
 * @param {{ codes: number, held: number }} counts multiples of 500
 * @returns {Promise<string[]>} the codes issued to anybody
 */
async function prepare({ url, accounts, control }, { codes, held }) {
	await control('POST', '/reset');
	await control('POST', '/settings', { latencyMs: 0, rateLimit: null });
	const { username, password } = accounts.basic;
	const md5 = createHash('md5').update(String(password)).digest('hex');
	const authorization = `Basic ${Buffer.from(`${username}:${md5}`).toString('base64')}`;
	/** @param {string} mobile @returns {Promise<string[]>} */
	const issue = async (mobile) => {
		const response = await fetch(`${url}/v2/coupon/issue/multiple`, {
			method: 'POST',
			headers: { authorization, 'content-type': 'application/json' },
			body: JSON.stringify({ seriesId: SERIES, count: PER_CALL, customer: { mobile } }),
		});
		/** @type {any} */
		const { coupons } = await response.json();
		return coupons.map((/** @type {{ code: string }} */ { code }) => code);
	};
	const found = [];
	while (found.length < codes) found.push(...(await issue('919900000002')));
	for (let count = 0; count < held; count += PER_CALL) await issue(COLLECTOR);
	return found;
}

module.exports = { prepare };
