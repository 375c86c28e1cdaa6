'use strict';
// Compares what the callers were told, what n8n shows and what the sandbox's ledger holds.

/**
 * @typedef {object} Evidence
 * @property {import('./load').Caller[]} callers
 * @property {Map<string, string>} orphans executions that lost their worker: id and mobile number
 * @property {Map<string, string>} statuses what became of them: id and status
 * @property {string[]} failures ids of all executions that n8n shows as failed or crashed
 * @property {{ tokenCalls: number, byOutcome: Record<string, number> }} stats
 * @property {Array<{ code: string, customerId: number, callIndex: number }>} ledger
 * @property {Array<{ index: number, customer: { mobile?: string } }>} calls the API received
 * @property {number} tokenCallsAllowed
 */

const NOT_DONE = ['error', 'crashed'];

/**
 * @param {Evidence} evidence
 * @param {import('../lib/log').Log} log
 * @returns {{ passed: number, failed: number }}
 */
function check(evidence, log) {
	const { callers, orphans, statuses, failures, stats, ledger, calls } = evidence;
	const counts = { passed: 0, failed: 0 };
	/** @param {boolean} isTrue @param {string} sentence */
	const claim = (isTrue, sentence) => {
		counts[isTrue ? 'passed' : 'failed']++;
		log(`${isTrue ? 'ok' : 'not ok'} - ${sentence}`);
	};

	const mobileOfCall = new Map(calls.map(({ index, customer }) => [index, customer.mobile]));
	/** @type {Map<string, string[]>} */
	const issued = new Map();
	for (const { code, callIndex } of ledger) {
		const mobile = mobileOfCall.get(callIndex) ?? '';
		issued.set(mobile, [...(issued.get(mobile) ?? []), code]);
	}
	const answered = callers.filter(({ code }) => code !== undefined);
	const unanswered = callers.filter(({ code }) => code === undefined);
	const told = new Map(answered.map(({ mobile, code }) => [mobile, code]));
	const orphaned = new Set(orphans.values());
	const silent = [...issued.keys()].filter((mobile) => !told.has(mobile));
	log(`${answered.length} callers have a coupon, ${unanswered.length} do not`);
	log(`${ledger.length} coupons issued, ${silent.length} of them unknown to their callers`);

	claim(orphans.size > 0, `the killed worker left ${orphans.size} executions behind`);
	const twice = [...issued.values()].filter((codes) => codes.length > 1).length;
	claim(twice === 0, `no customer has two coupons from one call (${twice} have)`);
	const wrong = answered.filter(({ mobile, code }) => issued.get(mobile)?.[0] !== code).length;
	claim(wrong === 0, `every coupon a caller was told is in the ledger (${wrong} are not)`);
	const lost = silent.filter((mobile) => !orphaned.has(mobile)).length;
	claim(lost === 0, `every other coupon belongs to an orphaned execution (${lost} do not)`);
	const strays = unanswered.filter(({ mobile }) => !orphaned.has(mobile));
	const why = strays[0] ? `, the first: ${strays[0].status} ${strays[0].text?.slice(0, 200)}` : '';
	claim(strays.length === 0, `only orphans left a caller without coupon (${strays.length}${why})`);

	const shown = [...statuses.values()];
	const counted = NOT_DONE.map((one) => `${shown.filter((status) => status === one).length} ${one}`);
	const open = [...statuses].filter(([id, status]) => {
		return !NOT_DONE.includes(status) && !told.has(orphans.get(id) ?? '');
	});
	claim(open.length === 0, `n8n shows them as failed: ${counted.join(', ')}`);
	const same = failures.length === unanswered.length;
	claim(same, `n8n shows ${failures.length} failures for ${unanswered.length} callers`);

	const limited = stats.byOutcome['rateLimited'] ?? 0;
	const share = ((limited / calls.length) * 100).toFixed(1);
	claim(limited > 0, `both workers met the rate limit (${limited} calls refused, ${share} %)`);
	const { tokenCallsAllowed: most } = evidence;
	claim(stats.tokenCalls <= most, `${stats.tokenCalls} token calls, at most ${most} allowed`);
	return counts;
}

module.exports = { check };
