/**
 * Lets time run about thirty times as fast, for the sandbox and the node alike: tests of waiting wait
 * for real answers, but not for seconds. To be called once in a test file.
 */
export function useFastTime(): void {
	let beat: ReturnType<typeof setInterval>;
	beforeEach(() => {
		beat = setInterval(() => void jest.advanceTimersByTimeAsync(40), 1);
		jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance'] });
	});
	afterEach(() => {
		clearInterval(beat);
		jest.useRealTimers();
	});
}
