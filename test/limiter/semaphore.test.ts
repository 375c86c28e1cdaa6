import fc from 'fast-check';

import { Semaphore } from '../../nodes/shared/client/Semaphore';
import { SimulatedClock } from './simulation.cts';
import { Callers, settle } from './callers';

beforeEach(() => jest.useFakeTimers({ now: 0 }));
afterEach(() => jest.useRealTimers());

/** Each call that goes well widens it. */
const callersOf = (semaphore: Semaphore) =>
	new Callers({
		use: async (call, { signal }) => {
			const answer = await semaphore.use(call, signal);
			semaphore.widen();
			return answer;
		},
	});

describe('Semaphore', () => {
	it('lets as many work as there are places, and the next as one ends, in the order they came', async () => {
		const callers = callersOf(new Semaphore(2));
		await callers.come(4);
		expect(callers.started).toEqual([1, 2]);
		await callers.answer(2);
		expect(callers.started).toEqual([1, 2, 3]);
		await callers.come(1);
		await callers.answer(1);
		await callers.answer(3);
		expect(callers.started).toEqual([1, 2, 3, 4, 5]);
	});

	it('gives what the work gives, and has the place back when it throws', async () => {
		const semaphore = new Semaphore(1);
		const { signal } = new AbortController();
		const fault = new Error('fault');
		const thrower = () => {
			throw fault;
		};
		await expect(semaphore.use(async () => 5, signal)).resolves.toBe(5);
		await expect(semaphore.use(() => Promise.reject(fault), signal)).rejects.toBe(fault);
		await expect(semaphore.use(thrower, signal)).rejects.toBe(fault);
		await expect(semaphore.use(async () => 6, signal)).resolves.toBe(6);
	});

	it('opens 20 places first, then one more for each that ended well than for the one before', async () => {
		const callers = callersOf(new Semaphore(200, 20));
		await callers.come(400);
		expect(callers.underWay).toBe(20);
		await callers.answer(1);
		expect(callers.underWay).toBe(20 + 1);
		await callers.answer(2);
		expect(callers.underWay).toBe(20 + 1 + 2);
		await callers.answer(3, new Error('refused'));
		expect(callers.underWay).toBe(20 + 1 + 2);
		for (let name = 4; name <= 21; name += 1) await callers.answer(name);
		expect(callers.underWay).toBe(200);
	});

	it('starts few when an early one fails and the run is aborted', async () => {
		const callers = callersOf(new Semaphore(200, 20));
		const run = new AbortController();
		await callers.come(100, { signal: run.signal });
		await callers.answer(1);
		await callers.answer(2);
		await callers.answer(3, new Error('refused'));
		run.abort();
		await callers.answerAll();
		expect(callers.started.length).toBeLessThanOrEqual(30);
	});

	it('ends the wait of those that are aborted, with the reason, and starts none of them', async () => {
		const callers = callersOf(new Semaphore(1));
		const run = new AbortController();
		const reason = new Error('stopped');
		await callers.come(1);
		await callers.come(2, { signal: run.signal });
		await callers.come(1);
		run.abort(reason);
		await settle();
		await callers.come(1, { signal: run.signal });
		expect([...callers.failed]).toEqual([
			[2, reason],
			[3, reason],
			[5, reason],
		]);
		await callers.answer(1);
		expect(callers.started).toEqual([1, 4]);
	});

	it.each([...Array(10).keys()])(
		'passes the place on when one is aborted %i promises after it could be let in',
		async (promises) => {
			const callers = callersOf(new Semaphore(1));
			const run = new AbortController();
			await callers.come(1);
			await callers.come(1, { signal: run.signal });
			await callers.come(1);
			const answered = callers.answer(1);
			for (let step = 0; step < promises; step += 1) await Promise.resolve();
			run.abort('stopped');
			await answered;
			await callers.answer(2);
			expect(callers.started.includes(2)).toBe(!callers.failed.has(2));
			expect(callers.started).toContain(3);
		},
	);

	it('hangs one listener on a signal, however many wait on it', async () => {
		const callers = callersOf(new Semaphore(1));
		const { signal } = new AbortController();
		const listen = jest.spyOn(signal, 'addEventListener');
		await callers.come(1_000, { signal });
		expect(listen).toHaveBeenCalledTimes(1);
		expect(jest.getTimerCount()).toBe(0);
	});
});

describe('Semaphore, whatever happens', () => {
	beforeEach(() => jest.useRealTimers());

	const works = fc.array(
		fc.record({
			comesMs: fc.integer({ min: 0, max: 50 }),
			takesMs: fc.integer({ min: 1, max: 20 }),
			throws: fc.boolean(),
			abortedMs: fc.option(fc.integer({ min: 0, max: 80 }), { nil: undefined }),
		}),
		{ maxLength: 60 },
	);

	it('lets at most so many work, each once, in order, and loses none', async () => {
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 1, max: 30 }), works, async (most, all) => {
				const semaphore = new Semaphore(most);
				const clock = new SimulatedClock();
				const came: number[] = [];
				const started: number[] = [];
				let working = 0;
				let mostWorking = 0;

				const outcomes = await clock.run(
					async () =>
						await Promise.allSettled(
							all.map(async ({ comesMs, takesMs, throws, abortedMs }, name) => {
								const run = new AbortController();
								if (abortedMs !== undefined) void clock.after(abortedMs).then(() => run.abort('x'));
								await clock.after(comesMs);
								came.push(name);
								await semaphore.use(async () => {
									started.push(name);
									working += 1;
									mostWorking = Math.max(mostWorking, working);
									await clock.after(takesMs);
									working -= 1;
									if (throws) throw new Error('thrown');
								}, run.signal);
							}),
						),
				);

				expect(mostWorking).toBeLessThanOrEqual(most);
				expect(new Set(started).size).toBe(started.length);
				expect(started).toEqual(came.filter((name) => started.includes(name)));
				outcomes.forEach((outcome, name) => {
					const isAborted = outcome.status === 'rejected' && outcome.reason === 'x';
					expect(started.includes(name)).toBe(!isAborted);
					if (isAborted) expect(all[name]?.abortedMs).toBeDefined();
					else expect(outcome.status).toBe(all[name]?.throws ? 'rejected' : 'fulfilled');
				});
				// All places are free again.
				await expect(semaphore.use(async () => 'free', new AbortController().signal)).resolves.toBe(
					'free',
				);
			}),
			{ numRuns: 60 },
		);
	});
});
