'use strict';
// Compares what the callers were told, what n8n shows and what the sandbox's ledger holds.

/**
 * @typedef {object} Evidence
 * @property {import('./load').Caller[]} callers
 * @property {Map<string, string>} underWay executions that had not ended when the worker died: id
 *   and mobile number
 * @property {Map<string, string>} statuses what became of them: id and status
 * @property {string[]} failures ids of all executions that n8n shows as failed or crashed
 * @property {{ calls: number, tokenCalls: number, byOutcome: Record<string, number> }} stats
 * @property {Array<{ code: string, customerId: number }>} ledger
 * @property {number} tokenCallsAllowed
 */

/**
 * @param {Evidence} evidence
 * @param {import('../lib/log').Log} log
 * @returns {{ passed: number, failed: number }}
 */
function check(evidence, log) {
	const { callers, underWay, statuses, failures, stats, ledger } = evidence;
	const counts = { passed: 0, failed: 0 };
	/** @param {boolean} isTrue @param {string} sentence */
	const claim = (isTrue, sentence) => {
		counts[isTrue ? 'passed' : 'failed']++;
		log(`${isTrue ? 'ok' : 'not ok'} - ${sentence}`);
	};

	/** @type {Map<string, string[]>} */
	const issued = new Map();
	for (const { code, customerId } of ledger) {
		const mobile = mobileOfCustomer(customerId);
		issued.set(mobile, [...(issued.get(mobile) ?? []), code]);
	}
	const answered = callers.filter(({ code }) => code !== undefined);
	const unanswered = callers.filter(({ code }) => code === undefined);
	const told = new Map(answered.map(({ mobile, code }) => [mobile, code]));
	const shown = [...statuses].filter(([, status]) => ['error', 'crashed'].includes(status));
	const crashed = new Set(shown.map(([id]) => underWay.get(id)));
	const untold = [...issued.keys()].filter((mobile) => !told.has(mobile));
	log(`${answered.length} callers have a coupon, ${unanswered.length} do not`);
	log(`${ledger.length} coupons issued, ${untold.length} of them unknown to their callers`);

	claim(shown.length > 0, `n8n shows ${countByStatus(shown)} of the killed worker`);
	const twice = [...issued.values()].filter((codes) => codes.length > 1).length;
	claim(twice === 0, `no customer has two coupons from one call (${twice} have)`);
	const wrong = answered.filter(({ mobile, code }) => issued.get(mobile)?.[0] !== code).length;
	claim(wrong === 0, `every coupon that a caller was told is in the ledger (${wrong} are not)`);
	const lost = untold.filter((mobile) => !crashed.has(mobile)).length;
	claim(lost === 0, `every other coupon belongs to a crashed execution (${lost} do not)`);
	const strays = unanswered.filter(({ mobile }) => !crashed.has(mobile));
	const why = strays[0] ? `, the first: ${strays[0].status} ${strays[0].text?.slice(0, 200)}` : '';
	claim(strays.length === 0, `only crashes left a caller without (${strays.length} others${why})`);
	const same = failures.length === unanswered.length;
	claim(same, `n8n shows ${failures.length} failures, ${unanswered.length} callers have no coupon`);

	const limited = stats.byOutcome['rateLimited'] ?? 0;
	const share = ((limited / stats.calls) * 100).toFixed(1);
	claim(limited > 0, `the rate limit was met: ${limited} calls refused (${share} %)`);
	const { tokenCallsAllowed: most } = evidence;
	claim(stats.tokenCalls <= most, `${stats.tokenCalls} token calls, at most ${most} allowed`);
	return counts;
}

/**
 * The sandbox gives each number a customer ID of its own.
 * @param {number} customerId
 * @returns {string}
 */
function mobileOfCustomer(customerId) {
	return `9199${String(customerId - 900_000_000).padStart(8, '0')}`;
}

/** @param {Array<[string, string]>} statuses */
function countByStatus(statuses) {
	/** @type {Record<string, number>} */
	const counts = {};
	for (const [, status] of statuses) counts[status] = (counts[status] ?? 0) + 1;
	const parts = Object.entries(counts).map(([status, count]) => `${count} "${status}"`);
	return parts.join(' and ') || 'no failed executions';
}

module.exports = { check };
