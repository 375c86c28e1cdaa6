'use strict';
// The callers: each issues one coupon to a customer of its own through the webhook.

/**
 * What a caller knows in the end: the coupon, or that it got none.
 * @typedef {{ mobile: string, status: number, code?: string, text?: string }} Caller
 */

/** Longer than n8n takes to notice a dead worker. */
const PATIENCE_MS = 240_000;
const BURST = 50;

/** @param {number} index @returns {string} a number that the sandbox makes a customer of */
function mobileOf(index) {
	return `9199${String(index).padStart(8, '0')}`;
}

/**
 * @param {string} url
 * @param {string} mobile
 * @returns {Promise<Caller>}
 */
async function call(url, mobile) {
	try {
		const response = await fetch(url, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ mobile }),
			signal: AbortSignal.timeout(PATIENCE_MS),
		});
		const text = await response.text();
		const body = response.ok ? JSON.parse(text) : undefined;
		return { mobile, status: response.status, code: body?.code, text };
	} catch (error) {
		return { mobile, status: 0, text: String(error) };
	}
}

/**
 * A third of the calls in bursts, one burst after the other; the rest by a fixed number of callers.
 * @param {object} options
 * @param {string} options.url
 * @param {number} options.calls
 * @param {number} options.parallel how many callers work side by side after the bursts
 * @param {(done: number) => void} options.onAnswer called after each answer
 * @returns {Promise<Caller[]>}
 */
async function callAll({ url, calls, parallel, onAnswer }) {
	/** @type {Caller[]} */
	const callers = [];
	let next = 0;
	const one = async () => {
		callers.push(await call(url, mobileOf(next++)));
		onAnswer(callers.length);
	};
	const inBursts = Math.floor(calls / 3);
	while (next < inBursts) {
		const size = Math.min(BURST, inBursts - next);
		await Promise.all(Array.from({ length: size }, one));
	}
	const worker = async () => {
		while (next < calls) await one();
	};
	await Promise.all(Array.from({ length: parallel }, worker));
	return callers;
}

module.exports = { callAll };
