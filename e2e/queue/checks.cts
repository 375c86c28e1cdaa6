import type { IssuedCoupon } from '../../sandbox/types';
import { type Claim, log } from '../lib/log.cts';
import { type Caller, mobileOfCustomer } from './callers.cts';

/** What the callers were told, what n8n shows and what the sandbox's ledger holds. */
export interface Evidence {
	callers: Caller[];
	/** Executions that had not ended when the worker died: id and mobile number. */
	underWay: Map<string, string>;
	/** What became of them: id and status. */
	statuses: Map<string, string>;
	/** Ids of all executions that n8n shows as failed or crashed. */
	failures: string[];
	stats: { calls: number; tokenCalls: number; byOutcome: Record<string, number> };
	ledger: IssuedCoupon[];
	tokenCallsAllowed: number;
	/** The calls with Issue Once for those who had no coupon, and what was issued after them. */
	again: Caller[];
	ledgerAtTheEnd: IssuedCoupon[];
}

/** Compares the evidence. */
export function claimsOf(evidence: Evidence): Claim[] {
	const { callers, underWay, statuses, failures, stats, ledger, tokenCallsAllowed } = evidence;
	const issued = codesByMobile(ledger);
	const answered = callers.filter(({ code }) => code !== undefined);
	const unanswered = callers.filter(({ code }) => code === undefined);
	const told = new Set(answered.map(({ mobile }) => mobile));
	const shown = [...statuses].filter(([, status]) => ['error', 'crashed'].includes(status));
	const crashed = new Set(shown.map(([id]) => underWay.get(id)));
	const untold = [...issued.keys()].filter((mobile) => !told.has(mobile));
	log(`${answered.length} callers have a coupon, ${unanswered.length} do not`);
	log(`${ledger.length} coupons issued, ${untold.length} of them unknown to their callers`);

	const kinds = [...new Set(shown.map(([, status]) => status))].join(' and ') || 'failed';
	const twice = [...issued.values()].filter((codes) => codes.length > 1).length;
	const wrong = answered.filter(({ mobile, code }) => issued.get(mobile)?.[0] !== code).length;
	const lost = untold.filter((mobile) => !crashed.has(mobile)).length;
	const strays = unanswered.filter(({ mobile }) => !crashed.has(mobile));
	const why = strays[0] ? `, the first: ${strays[0].status} ${strays[0].text.slice(0, 200)}` : '';
	const limited = stats.byOutcome['rateLimited'] ?? 0;
	const share = ((limited / stats.calls) * 100).toFixed(1);

	const atTheEnd = codesByMobile(evidence.ledgerAtTheEnd);
	const codeTold = new Map(
		[...answered, ...evidence.again].map(({ mobile, code }) => [mobile, code]),
	);
	const isDone = callers.every(({ mobile }) => {
		const [code, ...more] = atTheEnd.get(mobile) ?? [];
		return code !== undefined && more.length === 0 && codeTold.get(mobile) === code;
	});
	return [
		[shown.length > 0, `n8n shows ${shown.length} executions of the killed worker as ${kinds}`],
		[twice === 0, `no customer has two coupons from one call (${twice} have)`],
		[wrong === 0, `every coupon that a caller was told is in the ledger (${wrong} are not)`],
		[lost === 0, `every other coupon belongs to a crashed execution (${lost} do not)`],
		[strays.length === 0, `only crashes left a caller without (${strays.length} others${why})`],
		[
			failures.length === unanswered.length,
			`n8n shows ${failures.length} failures, ${unanswered.length} callers have no coupon`,
		],
		[limited > 0, `the rate limit was met: ${limited} calls refused (${share} %)`],
		[
			stats.tokenCalls <= tokenCallsAllowed,
			`${stats.tokenCalls} token calls, at most ${tokenCallsAllowed} allowed`,
		],
		[isDone, 'run again with Issue Once, every customer has one coupon, and every caller its code'],
	];
}

function codesByMobile(ledger: IssuedCoupon[]): Map<string, string[]> {
	const codes = new Map<string, string[]>();
	for (const { code, customerId } of ledger) {
		const mobile = mobileOfCustomer(customerId);
		codes.set(mobile, [...(codes.get(mobile) ?? []), code]);
	}
	return codes;
}
