import fc from 'fast-check';

import { fuzz, latencies, limits, simulate, type Outcome } from './simulation.cts';

const ratio = ({ ms, bestMs }: Outcome) => ms / bestMs;

describe('how fast the calls of a run go', () => {
	/** The most that a run of 1,000 calls may take, as a multiple of the best. */
	const most: Record<keyof typeof latencies, number> = {
		'2 ms': 1.01,
		'20 ms': 1.1,
		'100 ms': 1.25,
		'300 ms': 1.2,
		'800 ms': 1.2,
		'rising from 20 to 420 ms': 1.5,
		'anything from 50 to 150 ms': 1.25,
		'20 or 300 ms': 1.65,
		'20 ms, one call hangs for 30 s': 1.01,
		'100 ms, then 300 ms': 1.25,
	};

	it.each(Object.entries(most))('%s: within %d of the best', async (name, limit) => {
		const latencyMs = latencies[name as keyof typeof latencies];
		const cold = await simulate({ calls: 1_000, latencyMs });
		expect([cold.passed, cold.failed]).toEqual([1_000, 0]);
		expect(ratio(cold)).toBeLessThanOrEqual(limit);
	});

	it.each(['100 ms', '20 or 300 ms', '100 ms, then 300 ms'] as const)(
		'%s: it does not swing or starve in a long run',
		async (name) => {
			const outcome = await simulate({ calls: 3_000, latencyMs: latencies[name] });
			expect(ratio(outcome)).toBeLessThan(1.3);
		},
	);

	it('100 calls of 300 ms do not wait for the first answer, and begin with 20', async () => {
		const { ms, starts } = await simulate({ calls: 100, latencyMs: () => 300, threadMs: 0 });
		expect(starts.filter((at) => at === 0)).toHaveLength(20);
		expect(starts.filter((at) => at <= 81)).toHaveLength(100);
		expect(ms).toBe(381);
	});

	it('no more than 20 start in one go, or they would be answered in one go', async () => {
		const { starts } = await simulate({ calls: 1_000, latencyMs: () => 300, threadMs: 0 });
		const startedAt = new Map<number, number>();
		for (const at of starts) startedAt.set(at, (startedAt.get(at) ?? 0) + 1);
		expect(Math.max(...startedAt.values())).toBe(20);
	});

	it.each([20, 35])('an answer within %d ms is waited for', async (answerMs) => {
		const { starts } = await simulate({ calls: 100, latencyMs: () => answerMs, threadMs: 0 });
		expect(starts.filter((at) => at < answerMs)).toHaveLength(20);
	});

	it('an hour of rest makes it begin anew', async () => {
		const scenario = { calls: 1_000, latencyMs: () => 20 };
		const rested = await simulate({ ...scenario, afterRest: true });
		expect(rested.mostUnderWay).toBeLessThan(30);
		expect(rested.ms).toBe((await simulate(scenario)).ms);
	});

	it.each([1, 1.3, 1.6])(
		'a thread that takes %d ms for a call is no reason to open wider',
		async (threadMs) => {
			for (const answerMs of [0, 5, 20]) {
				const outcome = await simulate({ calls: 1_000, latencyMs: () => answerMs, threadMs });
				expect(outcome.mostUnderWay).toBeLessThan(30);
				expect(ratio(outcome)).toBeLessThan(1.1);
			}
		},
	);

	it('nor is a thread that reads the items of five runs meanwhile', async () => {
		const outcome = await simulate({
			calls: 200,
			runs: 5,
			latencyMs: () => 2,
			threadMs: 1.3,
			readingMs: 300,
		});
		expect(outcome.mostUnderWay).toBeLessThan(30);
	});
});

describe('200 calls in 5 seconds, and 1,000 to make', () => {
	describe.each(Object.entries(limits))('%s', (_, limit) => {
		it.each([1, 30])(
			'%d ms: at most 5 %% wasted, within 1.1 of the best, nothing lost',
			async (answerMs) => {
				const outcome = await simulate({ calls: 1_000, latencyMs: () => answerMs, limit });
				expect([outcome.passed, outcome.failed]).toEqual([1_000, 0]);
				expect(outcome.wasted).toBeLessThanOrEqual(50);
				expect(ratio(outcome)).toBeLessThanOrEqual(1.1);
			},
		);

		it('300 ms: at most the calls under way are wasted once, then hardly any', async () => {
			const outcome = await simulate({ calls: 1_000, latencyMs: () => 300, limit });
			expect([outcome.passed, outcome.failed]).toEqual([1_000, 0]);
			expect(outcome.wasted - outcome.wastedLater).toBeLessThanOrEqual(205);
			expect(outcome.wastedLater).toBeLessThanOrEqual(8);
		});

		it('five runs at once, in a busy thread, share what is learnt', async () => {
			const outcome = await simulate({
				calls: 200,
				runs: 5,
				latencyMs: () => 2,
				threadMs: 1.3,
				readingMs: 300,
				limit,
			});
			expect([outcome.passed, outcome.failed]).toEqual([1_000, 0]);
			// A sliding window opens in parts when the calls before were spread, and tells only the first.
			expect(outcome.wasted).toBeLessThanOrEqual(limit.window === 'sliding' ? 70 : 50);
		});

		it.each(['100 ms', '800 ms', '20 or 300 ms', '20 ms, one call hangs for 30 s'] as const)(
			'%s: nothing is lost',
			async (name) => {
				const outcome = await simulate({ calls: 1_000, latencyMs: latencies[name], limit });
				expect([outcome.passed, outcome.failed]).toEqual([1_000, 0]);
				// The call that hangs is not in the best time.
				if (!name.includes('hangs')) expect(ratio(outcome)).toBeLessThan(1.7);
			},
		);
	});

	it.each([60, 100])(
		'%i calls a minute, answers of 300 ms: a refused first round runs out of no Max Wait',
		async (calls) => {
			const outcome = await simulate({
				calls: 220,
				latencyMs: () => 300,
				limit: { calls, windowMs: 60_000, window: 'fixed', retryAfter: true },
			});
			expect([outcome.passed, outcome.failed]).toEqual([220, 0]);
		},
	);

	it('3,000 calls at 600 a minute take five minutes, and no item has waited too long', async () => {
		const outcome = await simulate({
			calls: 3_000,
			latencyMs: () => 50,
			limit: { calls: 600, windowMs: 60_000, window: 'fixed', retryAfter: true },
		});
		expect([outcome.passed, outcome.failed]).toEqual([3_000, 0]);
		expect(ratio(outcome)).toBeLessThan(1.1);
	});
});

describe('whatever the API does', () => {
	it('each call passes once or is told why not, never too many are under way, and it stays usable', async () => {
		const scenario = fc.record({
			calls: fc.integer({ min: 1, max: 120 }),
			maxWaitMs: fc.constantFrom(0, 1_000, 10_000, 120_000),
			answers: fc.array(
				fc.record({
					ms: fc.integer({ min: 0, max: 3_000 }),
					kind: fc.constantFrom('passes', 'passes', 'passes', 'limited', 'notReached', 'throws'),
					retryAfterMs: fc.constantFrom(undefined, -1, NaN, 0, 500, 4_000, 200_000, 1e12),
				}),
				{ minLength: 1, maxLength: 40 },
			),
			abortedMs: fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined }),
		});
		await fc.assert(
			fc.asyncProperty(scenario, async (given) => {
				const { outcomes, passes, mostUnderWay, afterAbort, isUsable } = await fuzz(given);
				expect(mostUnderWay).toBeLessThanOrEqual(200);
				expect(afterAbort).toBe(0);
				expect(passes).toEqual(outcomes.map((outcome) => (outcome === 'passed' ? 1 : 0)));
				if (given.abortedMs === undefined) expect(outcomes).not.toContain('aborted');
				expect(isUsable).toBe(true);
			}),
			{ numRuns: 60 },
		);
	});
});
