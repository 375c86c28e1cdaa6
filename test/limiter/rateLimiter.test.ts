import { sleep } from 'n8n-workflow';

import { limiterOf, RateLimiter } from '../../nodes/shared/client/RateLimiter';
import { WaitBudget } from '../../nodes/shared/client/WaitBudget';
import { Callers, limited, notReached, seconds, settle } from './callers';

beforeEach(() => jest.useFakeTimers({ now: 1_000_000 }));
afterEach(() => jest.useRealTimers());

const waitAtMost = (maxWaitS: number) => ({ budget: new WaitBudget(maxWaitS * 1_000) });

/** A limiter that was closed by the first caller's call, and so many who wait. */
async function closedBy(closing = limited(), waiting = 0) {
	const callers = new Callers(new RateLimiter(Date.now));
	await callers.come(1);
	await callers.answer(1, closing);
	await callers.come(waiting);
	return callers;
}

describe('how wide it opens', () => {
	it('lets 20 go as long as nothing is known, in the order they came', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		await callers.come(25);
		expect(callers.started).toEqual([...Array(20).keys()].map((at) => at + 1));
		await callers.answer(7);
		expect(callers.started.at(-1)).toBe(21);
	});

	it.each([
		[0.005, 20],
		[0.05, 50],
		[0.1, 150],
		[0.3, 200],
		[30, 200],
	])(
		'knows from the first answer, after %d seconds, that %i are needed at once',
		async (s, needed) => {
			const callers = new Callers(new RateLimiter(Date.now));
			await callers.come(300);
			await seconds(s);
			// It starts its measuring with the tenth call under way.
			await callers.answer(15);
			expect(callers.underWay).toBeGreaterThanOrEqual(needed * 0.95);
			expect(callers.underWay).toBeLessThanOrEqual(needed * 1.05);
		},
	);

	it("does not take n8n's own busy thread for a slow API", async () => {
		const callers = new Callers(new RateLimiter(() => 0));
		await callers.come(300);
		await seconds(2);
		await callers.answer(15);
		expect(callers.underWay).toBe(20);
		await seconds(2);
		await callers.answer(16);
		expect(callers.underWay).toBe(20);
	});

	it('counts of an answer little more than the time in which the thread was idle', async () => {
		const idleMs = () => 0.55 * Date.now();
		const callers = new Callers(new RateLimiter(idleMs));
		await callers.come(300);
		await seconds(0.1);
		await callers.answer(15);
		await seconds(0.01);
		expect(callers.underWay).toBe(20 + 2 * (88 - 35));
	});

	it('opens hardly wider for one call that hangs among fast ones', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		await callers.come(60);
		for (let name = 10; name <= 60; name += 1) await callers.answer(name);
		await callers.come(60);
		await seconds(4);
		await callers.answer(61);
		expect(callers.underWay).toBeLessThan(30);
	});

	it('does not wait for calls that hang', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		await callers.come(60);
		for (let name = 10; name <= 60; name += 1) await callers.answer(name);
		await callers.answerAll();
		await callers.come(20);
		await callers.come(5);
		await seconds(30);
		expect(callers.started).toHaveLength(85);
	});

	it('gets narrower again when answers get faster', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		await callers.come(500);
		await seconds(0.3);
		await callers.answer(15);
		expect(callers.underWay).toBe(200);
		await callers.answerAll();
		await callers.answerAll();
		await seconds(0.01);
		await callers.answerAll();
		await callers.come(500);
		await callers.answerAll();
		await callers.answerAll();
		expect(callers.underWay).toBeLessThan(40);
	});

	it('forgets after a minute of rest', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		await callers.come(100);
		await seconds(0.3);
		await callers.answerAll();
		await seconds(0.3);
		await callers.answerAll();
		await seconds(59);
		await callers.come(100);
		await seconds(0.01);
		expect(callers.underWay).toBe(100);
		await callers.answerAll();
		await seconds(61);
		await callers.come(100);
		expect(callers.underWay).toBe(20);
	});

	it('sets no timer for a few calls', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		await callers.come(9);
		expect(jest.getTimerCount()).toBe(0);
	});
});

describe('a rate limit', () => {
	it('lets nobody start until Retry-After is over; then one, and the others when it has passed', async () => {
		const callers = await closedBy(limited(10), 3);
		await seconds(9.99);
		expect(callers.started).toEqual([1]);
		await seconds(0.02);
		expect(callers.started).toEqual([1, 2]);
		await callers.answer(2);
		expect(callers.started).toEqual([1, 2, 3, 4]);
	});

	it.each([
		['none', undefined],
		['negative', -5],
		['zero', 0],
		['not a number', NaN],
		['endless', Infinity],
		['a day', 86_400],
		['just more than five minutes', 300.001],
	])('tries again after a second when Retry-After is odd: %s', async (_, retryAfter) => {
		const callers = await closedBy(limited(retryAfter), 1);
		await seconds(0.99);
		expect(callers.started).toEqual([1]);
		await seconds(0.02);
		expect(callers.started).toEqual([1, 2]);
	});

	it('believes a Retry-After of five minutes', async () => {
		const callers = await closedBy(limited(300));
		await callers.come(1, waitAtMost(1_000));
		await seconds(299.9);
		expect(callers.started).toEqual([1]);
		await seconds(0.2);
		expect(callers.started).toEqual([1, 2]);
	});

	it('does not get busy when each answer asks for no time to speak of', async () => {
		const callers = await closedBy(limited(0.001));
		for (let tries = 0; tries < 20; tries += 1) {
			await callers.come(1);
			await seconds(0.05);
			await callers.answerAll(limited(0.001));
		}
		expect(callers.started.length).toBeLessThanOrEqual(12);
	});

	it('pauses for longer with each refusal, from 1 to 30 seconds, and from 1 again when calls pass', async () => {
		const callers = await closedBy();
		const pauses: number[] = [];
		for (let tries = 0; tries < 25; tries += 1) {
			const before = callers.started.length;
			const since = Date.now();
			await callers.come(1, waitAtMost(10_000));
			while (callers.started.length === before) await seconds(0.1);
			pauses.push((Date.now() - since) / 1_000);
			await callers.answerAll(limited());
		}
		expect(pauses[0]).toBeCloseTo(1, 0);
		expect(pauses.at(-1)).toBeCloseTo(30, 0);
		expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
		expect(pauses.reduce((sum, pause) => sum + pause)).toBeGreaterThan(200);
	});

	it('begins where it opened the last time, a little earlier, when no time is told', async () => {
		const callers = await closedBy(limited(), 1);
		for (const name of [2, 3, 4]) {
			await callers.come(1);
			await seconds(2);
			await callers.answer(name, limited());
		}
		await callers.come(1);
		await seconds(3);
		await callers.answer(5);
		const last = callers.started.length;
		await callers.come(2);
		await callers.answer(last + 1, limited());
		await seconds(3);
		expect(callers.started.length).toBe(last + 2);
		await callers.answerAll();
		expect(callers.underWay).toBe(0);
	});

	it('lets another try after a second when the one that goes first is slow', async () => {
		const callers = await closedBy(limited(1), 10);
		await seconds(1.01);
		expect(callers.underWay).toBe(1);
		await seconds(1.01);
		expect(callers.underWay).toBe(2);
		await seconds(1.01);
		expect(callers.underWay).toBe(3);
		await callers.answer(3);
		expect(callers.underWay).toBe(10 - 1);
	});

	it('lets calls that still hang from before the closing hold nobody', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		await callers.come(20);
		await callers.answer(1, limited(1));
		await callers.come(3);
		await seconds(1.01);
		expect(callers.started.at(-1)).toBe(21);
	});

	it('waits for the longest time that the calls under way at the closing tell', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		await callers.come(3);
		await callers.answer(1, limited());
		await callers.answer(2, limited());
		await callers.answer(3, limited(5));
		await callers.come(1);
		await seconds(4.9);
		expect(callers.started).toEqual([1, 2, 3]);
		await seconds(0.2);
		expect(callers.started).toEqual([1, 2, 3, 4]);
	});

	it('is not closed again by a late refusal that tells no time', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		await callers.come(2);
		await callers.answer(1, limited(1));
		await seconds(1.01);
		await callers.come(1);
		await callers.answer(3);
		await callers.answer(2, limited());
		await callers.come(1);
		expect(callers.started).toEqual([1, 2, 3, 4]);
	});

	it('is not opened by a late pass of a call from before the closing', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		await callers.come(2);
		await callers.answer(1, limited(1));
		await callers.come(5);
		await callers.answer(2);
		expect(callers.underWay).toBe(0);
		await seconds(1.01);
		expect(callers.underWay).toBe(1);
	});

	it('remembers how many calls passed, and goes one by one beyond', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		await callers.come(16);
		for (let name = 1; name <= 15; name += 1) await callers.answer(name);
		await callers.answer(16, limited(1));
		await callers.come(40);
		await seconds(1.01);
		await callers.answer(17);
		await callers.answer(18);
		// 15 passed the last time: so many may start, two of them have ended.
		expect([callers.started.length, callers.underWay]).toEqual([16 + 15, 13]);
		await callers.answerAll();
		expect(callers.underWay).toBe(1);
		// Beyond, two that pass let one more go at a time.
		await callers.answerAll();
		expect(callers.underWay).toBe(1);
		await callers.answerAll();
		expect(callers.underWay).toBe(2);
	});

	it('learns no quota from an outage', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		await callers.come(2);
		await callers.answer(1);
		await callers.answer(2, notReached());
		await callers.come(6);
		await seconds(1.01);
		expect(callers.underWay).toBe(1);
		await callers.answer(3);
		expect(callers.underWay).toBe(5);
	});

	it.each([10, 3_000])(
		"keeps nobody out for one call that is always refused, as by another API's limit: %i ms",
		async (answerMs) => {
			const limiter = new RateLimiter(Date.now);
			const { signal } = new AbortController();
			const send = async (isAlwaysRefused: boolean) => {
				const budget = new WaitBudget(120_000);
				const call = async () => {
					await sleep(isAlwaysRefused ? 10 : answerMs);
					return isAlwaysRefused ? limited() : undefined;
				};
				const sendOn = async (): Promise<void> => {
					if (await limiter.use(call, { signal, budget }, (closing) => closing)) await sendOn();
				};
				await sendOn();
			};
			const refused = send(true);
			const others = Array.from({ length: 99 }, async () => await send(false));
			const ended = Promise.allSettled([refused, ...others]);
			await seconds(400);
			const failed = (await ended).map(({ status }) => status === 'rejected');
			expect(failed).toEqual([true, ...Array(99).fill(false)]);
		},
	);

	it('lets one that was refused go in front, in the order in which they were refused', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		const { signal } = new AbortController();
		const [first, second] = [waitAtMost(120), waitAtMost(120)].map((one) => ({ ...one, signal }));
		await callers.come(1, first);
		await callers.come(1, second);
		await callers.answer(1, limited(1));
		await callers.answer(2, limited(1));
		await callers.come(1, { signal });
		await callers.come(1, first);
		await callers.come(1, second);
		await seconds(1.01);
		await callers.answerAll();
		expect(callers.started).toEqual([1, 2, 4, 5, 3]);
	});
});

describe('several runs', () => {
	it('take turns: one item does not wait behind the many of another run', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		await callers.come(120);
		await callers.come(1);
		await callers.come(2);
		for (let name = 1; name <= 6; name += 1) await callers.answer(name);
		expect(callers.started.slice(20)).toEqual([21, 121, 122, 22, 123, 23]);
	});

	it('wait for no calls that hang, also when these are as many as there may be', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		await callers.come(200);
		await seconds(1);
		expect(callers.underWay).toBe(200);
		await callers.come(1);
		await seconds(6);
		expect(callers.started).toContain(201);
		await callers.answer(201);
		expect(callers.ended).toEqual([201]);
	});

	it('behind calls that hang go a few at a time', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		await callers.come(300);
		await seconds(8);
		expect(callers.underWay).toBeLessThanOrEqual(205);
	});
});

describe('Max Wait', () => {
	it('sends those away at once who cannot wait for Retry-After, with what closed it', async () => {
		const closing = limited(60);
		const callers = await closedBy(closing);
		await callers.come(1, waitAtMost(30));
		await callers.come(1, waitAtMost(90));
		expect([...callers.failed]).toEqual([[2, closing.error]]);
		await seconds(60.01);
		expect(callers.started).toEqual([1, 3]);
	});

	it('sends those away who wait already, when a closing is told to last', async () => {
		const closing = limited(60);
		const callers = new Callers(new RateLimiter(Date.now));
		await callers.come(20);
		await callers.come(1, waitAtMost(30));
		await callers.answer(1, closing);
		expect([...callers.failed]).toEqual([[21, closing.error]]);
	});

	it('sends away those who wait, however long somebody else’s try takes', async () => {
		const callers = await closedBy(limited(1), 2);
		await callers.come(1, waitAtMost(2));
		await seconds(1.5);
		expect(callers.started).toEqual([1, 2]);
		await callers.come(20, waitAtMost(0));
		await settle();
		await seconds(0.1);
		expect(callers.failed.size).toBe(20);
		await callers.come(1, waitAtMost(0.2));
		await seconds(0.25);
		expect(callers.failed.size).toBe(21);
	});

	it('does not count what an item waits in a queue that moves', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		await callers.come(2);
		await callers.answer(1);
		await callers.answer(2, limited(4));
		for (let item = 0; item < 30; item += 1) await callers.come(1, waitAtMost(5));
		for (let round = 0; round < 15; round += 1) {
			await seconds(4.01);
			await callers.answer(callers.started.at(-1)!);
			await callers.answer(callers.started.at(-1)!, limited(4));
		}
		expect(callers.started.length).toBe(2 + 30);
		expect(callers.failed.size).toBe(0);
	});

	it('counts all waits of an item that is refused again and again, also when others pass', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		const item = waitAtMost(10);
		await callers.come(1, item);
		await callers.answer(1, limited(4));
		await callers.come(1, item);
		await seconds(4.01);
		await callers.answer(2, limited(4));
		await callers.come(1, item);
		await seconds(4.01);
		await callers.answer(3, limited(4));
		await callers.come(1, item);
		expect([...callers.failed.keys()]).toEqual([4]);
	});

	it('counts the waits of all calls of an item together, and not the calls', async () => {
		const callers = await closedBy(limited(4));
		const item = waitAtMost(10);
		await callers.come(1, item);
		await seconds(4.01);
		await seconds(100);
		await callers.answer(2);
		expect(item.budget.left).toBeLessThanOrEqual(6_000);
		expect(item.budget.left).toBeGreaterThan(5_900);
		await callers.come(1);
		await callers.answer(3, limited(7));
		await callers.come(1, item);
		expect([...callers.failed.keys()]).toEqual([4]);
	});

	it('gives a host that cannot be reached 15 seconds, also over several tries', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		const item = waitAtMost(120);
		const since = Date.now();
		await callers.come(1, item);
		while (callers.failed.size === 0 && Date.now() - since < 60_000) {
			await callers.answerAll(notReached());
			if (callers.underWay === 0 && callers.failed.size === 0) {
				const before = callers.started.length;
				await callers.come(1, item);
				while (callers.started.length === before && callers.failed.size === 0) await seconds(0.1);
			}
		}
		expect(Date.now() - since).toBeGreaterThan(8_000);
		expect(Date.now() - since).toBeLessThanOrEqual(15_500);
	});
});

describe('aborting', () => {
	it('ends the wait with the reason; the others lose nothing', async () => {
		const callers = await closedBy(limited(1));
		const run = new AbortController();
		await callers.come(2, { signal: run.signal });
		await callers.come(1);
		run.abort('stopped');
		await settle();
		expect([...callers.failed]).toEqual([
			[2, 'stopped'],
			[3, 'stopped'],
		]);
		await seconds(1.01);
		expect(callers.started).toEqual([1, 4]);
	});

	it('starts nothing for a signal that has aborted before', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		await callers.come(1, { signal: AbortSignal.abort('before') });
		expect([callers.started, [...callers.failed.values()]]).toEqual([[], ['before']]);
	});

	it('leaves no timer and one listener, however many waited', async () => {
		const callers = await closedBy(limited(100));
		const run = new AbortController();
		const listen = jest.spyOn(run.signal, 'addEventListener');
		await callers.come(10_000, { signal: run.signal });
		expect(listen).toHaveBeenCalledTimes(1);
		run.abort('stopped');
		await seconds(0.25);
		expect(callers.failed.size).toBe(10_000);
		expect(jest.getTimerCount()).toBe(0);
	});

	it('leaves no timer when all calls have ended', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		await callers.come(50);
		for (let round = 0; round < 5; round += 1) await callers.answerAll();
		await seconds(0.25);
		expect([callers.ended.length, jest.getTimerCount()]).toEqual([50, 0]);
	});

	it.each([...Array(10).keys()])(
		'passes the place on when one is aborted %i promises after it could be let in',
		async (promises) => {
			const callers = new Callers(new RateLimiter(Date.now));
			const run = new AbortController();
			await callers.come(20);
			await callers.come(1, { signal: run.signal });
			await callers.come(1);
			const answered = callers.answer(1);
			for (let step = 0; step < promises; step += 1) await Promise.resolve();
			run.abort('stopped');
			await answered;
			await callers.answer(21);
			expect(callers.started.includes(21)).toBe(!callers.failed.has(21));
			expect(callers.started).toContain(22);
			expect(callers.underWay).toBe(20);
		},
	);
});

describe.each([4, 60])("when the computer's clock is set back by %i minutes", (minutes) => {
	const setBack = () => jest.setSystemTime(Date.now() - minutes * 60_000);

	it('opens a closed one as soon as before', async () => {
		const callers = await closedBy(limited(1), 3);
		setBack();
		await seconds(2);
		await callers.answerAll();
		expect(callers.started).toEqual([1, 2, 3, 4]);
	});

	it('lets the first try after a closing start', async () => {
		const callers = await closedBy(limited(1));
		await seconds(1.01);
		await callers.come(2);
		await callers.answer(2, new Error('fault'));
		setBack();
		await callers.answer(3, new Error('fault'));
		await callers.come(1);
		expect(callers.started).toEqual([1, 2, 3, 4]);
	});
});

describe('a call that throws', () => {
	it('gives its place back, and goes through as it is', async () => {
		const callers = new Callers(new RateLimiter(Date.now));
		const fault = new Error('fault');
		await callers.come(21);
		await callers.answer(3, fault);
		expect([callers.failed.get(3), callers.started.at(-1)]).toEqual([fault, 21]);
	});

	it('does not hold the others when it was the one that goes first', async () => {
		const callers = await closedBy(limited(1), 2);
		await seconds(1.01);
		await callers.answer(2, new Error('fault'));
		expect(callers.started).toEqual([1, 2, 3]);
	});
});

describe('limiterOf', () => {
	it('gives one limiter for a credential, and another for another', () => {
		expect(limiterOf('one')).toBe(limiterOf('one'));
		expect(limiterOf('one')).not.toBe(limiterOf('two'));
	});

	it('keeps one that is in use, closed or fresh, and drops it a minute after', async () => {
		const used = limiterOf('used');
		const callers = new Callers(used);
		await callers.come(1);
		await seconds(120);
		limiterOf('other');
		expect(limiterOf('used')).toBe(used);
		await callers.answer(1, limited(200));
		await seconds(120);
		limiterOf('another');
		expect(limiterOf('used')).toBe(used);
		await seconds(100);
		limiterOf('yet another');
		expect(limiterOf('used')).not.toBe(used);
	});
});
