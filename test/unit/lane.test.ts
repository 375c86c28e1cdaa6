import { Lane, type Patience } from '../../nodes/CapillaryCoupons/transport/Lane';

const LIMITED = { fault: 'limited' as const, httpStatus: 429 };
const limitedFor = (seconds: number) => ({ ...LIMITED, retryAfterMs: seconds * 1_000 });

beforeEach(() => jest.useFakeTimers({ now: 0 }));
afterEach(() => jest.useRealTimers());

/** Callers of one lane, by number: who is in, and who was sent away. */
function callersOf(lane: Lane) {
	const inside: number[] = [];
	const refused: number[] = [];
	let next = 0;
	const patience = (maxWait: number): Patience => ({
		since: Date.now(),
		maxWait: maxWait * 1_000,
		stopped: new Promise<never>(() => {}),
		isStopped: () => false,
	});
	return {
		inside,
		refused,
		async come(count = 1, maxWait = 120, more: Partial<Patience> = {}) {
			for (let one = 0; one < count; one += 1) {
				next += 1;
				const name = next;
				lane.enter({ ...patience(maxWait), ...more }).then(
					() => inside.push(name),
					() => refused.push(name),
				);
			}
			await jest.advanceTimersByTimeAsync(0);
		},
		async wait(seconds: number) {
			await jest.advanceTimersByTimeAsync(seconds * 1_000);
		},
	};
}

describe('a lane that is open', () => {
	it('lets callers in at once, up to its places', async () => {
		const { inside, come } = callersOf(new Lane());
		await come(25);
		expect(inside).toHaveLength(20);
	});

	it('lets the next in when one leaves', async () => {
		const lane = new Lane();
		const { inside, come, wait } = callersOf(lane);
		await come(22);
		lane.leave();
		await wait(0);
		expect(inside).toHaveLength(21);
	});
});

describe('a lane that was closed by a 429', () => {
	it('lets nobody in until Retry-After is over', async () => {
		const lane = new Lane();
		const { inside, come, wait } = callersOf(lane);
		await come(1);
		lane.leave(limitedFor(10));
		await come(3);
		await wait(9);
		expect(inside).toEqual([1]);
		await wait(2);
		expect(inside).toEqual([1, 2]);
	});

	it('lets one in first, and the others when that one has passed', async () => {
		const lane = new Lane();
		const { inside, come, wait } = callersOf(lane);
		await come(1);
		lane.leave(limitedFor(1));
		await come(3);
		await wait(2);
		expect(inside).toEqual([1, 2]);
		lane.leave();
		await wait(0);
		expect(inside).toEqual([1, 2, 3, 4]);
	});

	it('stays closed for longer with each refusal when no time is told', async () => {
		const lane = new Lane();
		const { inside, come, wait } = callersOf(lane);
		await come(1);
		lane.leave(LIMITED);
		await come(1);
		await wait(1.5);
		expect(inside).toEqual([1, 2]);
		lane.leave(LIMITED);
		await come(1);
		await wait(1.5);
		expect(inside).toEqual([1, 2]);
		await wait(1);
		expect(inside).toEqual([1, 2, 3]);
	});

	it('sends those away at once who cannot wait that long', async () => {
		const lane = new Lane();
		const { inside, refused, come } = callersOf(lane);
		await come(1);
		lane.leave(limitedFor(60));
		await come(1, 30);
		await come(1, 90);
		expect([inside, refused]).toEqual([[1], [2]]);
	});

	it('lets a caller who was refused before in first', async () => {
		const lane = new Lane();
		const { inside, come, wait } = callersOf(lane);
		await come(1);
		lane.leave(limitedFor(1));
		await come(1);
		await come(1, 120, { refusedSince: 0 });
		await wait(2);
		expect(inside).toEqual([1, 3]);
	});

	it('forgets a caller whose run has stopped, and keeps no timer for nobody', async () => {
		const lane = new Lane();
		const { refused, come, wait } = callersOf(lane);
		let stop = () => {};
		const stopped = new Promise<never>((_, reject) => (stop = () => reject(new Error('stop'))));
		stopped.catch(() => {});
		await come(1);
		lane.leave(limitedFor(100));
		await come(1, 120, { stopped });
		stop();
		await wait(1);
		expect(refused).toEqual([2]);
		expect(jest.getTimerCount()).toBe(0);
	});
});
