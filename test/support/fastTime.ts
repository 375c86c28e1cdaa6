/**
 * Lets time run some thirty times as fast, for the sandbox and the node alike: tests of waiting wait for
 * real answers, but not for seconds. To be called once in a test file.
 */
export function useFastTime(): void {
	let beating: Promise<void>;
	let isOver = false;
	beforeEach(() => {
		isOver = false;
		jest.useFakeTimers({
			doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance'],
		});
		beating = beat();
	});
	afterEach(async () => {
		isOver = true;
		await beating;
		jest.useRealTimers();
	});

	async function beat(): Promise<void> {
		// Each step lets what is due run, and real answers come in.
		while (!isOver) await jest.advanceTimersByTimeAsync(40);
	}
}
