import { WaitBudget } from '../../nodes/shared/client/WaitBudget';
import { seconds, settle } from './callers';

beforeEach(() => jest.useFakeTimers({ now: 0 }));
afterEach(() => jest.useRealTimers());

describe('WaitBudget', () => {
	const { signal } = new AbortController();

	it('counts all pauses together, and refuses at once one that is longer than what is left', async () => {
		const budget = new WaitBudget(10_000);
		const first = budget.pause(8_000, signal);
		await seconds(8);
		await expect(first).resolves.toBe(true);
		expect(budget.left).toBe(2_000);
		await expect(budget.pause(2_001, signal)).resolves.toBe(false);
		const last = budget.pause(2_000, signal);
		await seconds(2);
		await expect(last).resolves.toBe(true);
		expect(budget.left).toBe(0);
	});

	it('is never less than nothing, and less where less patience is due', () => {
		const budget = new WaitBudget(60_000);
		jest.setSystemTime(10_000);
		budget.spend(10_000);
		expect([budget.left, budget.leftOf(15_000), budget.leftOf(90_000)]).toEqual([
			50_000, 5_000, 50_000,
		]);
		jest.setSystemTime(100_000);
		budget.spend(90_000);
		expect([budget.left, budget.leftOf(15_000)]).toEqual([0, 0]);
	});

	it('counts once what several calls wait side by side', () => {
		const budget = new WaitBudget(60_000);
		jest.setSystemTime(10_000);
		for (let call = 0; call < 5; call += 1) budget.spend(10_000);
		expect(budget.left).toBe(50_000);
		jest.setSystemTime(12_000);
		budget.spend(8_000);
		expect(budget.left).toBe(48_000);
	});

	it('pauses as long as it was told, not a nap shorter', async () => {
		let isOver = false;
		void new WaitBudget(10_000).pause(600, signal).then(() => (isOver = true));
		await seconds(0.599);
		expect(isOver).toBe(false);
		await seconds(0.002);
		expect(isOver).toBe(true);
	});

	it("pauses no longer when the computer's clock is set back meanwhile", async () => {
		let isOver = false;
		void new WaitBudget(10_000).pause(600, signal).then(() => (isOver = true));
		jest.setSystemTime(Date.now() - 3_600_000);
		await seconds(0.9);
		expect(isOver).toBe(true);
	});

	it('ends a pause with the reason as soon as the signal aborts, and leaves no timer', async () => {
		const run = new AbortController();
		const reason = new Error('stopped');
		const ended = jest.fn();
		new WaitBudget(100_000).pause(60_000, run.signal).catch(ended);
		await seconds(1);
		run.abort(reason);
		await settle();
		expect(ended).toHaveBeenCalledWith(reason);
		await seconds(0.25);
		expect(jest.getTimerCount()).toBe(0);
	});
});
