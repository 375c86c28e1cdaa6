import { KeyedMutex } from '../../nodes/shared/client/KeyedMutex';
import { Callers } from './callers';

beforeEach(() => jest.useFakeTimers({ now: 0 }));
afterEach(() => jest.useRealTimers());

const callersOf = (mutex: KeyedMutex, key: string) =>
	new Callers({ use: async (call, { signal }) => await mutex.use(key, call, signal) });

/** How many keys it remembers: there is no other way to see that a map is emptied. */
const keysOf = (mutex: KeyedMutex) =>
	(mutex as unknown as { keys: Map<string, unknown> }).keys.size;

describe('KeyedMutex', () => {
	it('lets one work after another for a key, in the order of asking; other keys do not wait', async () => {
		const mutex = new KeyedMutex();
		const [ann, bob] = [callersOf(mutex, 'ann'), callersOf(mutex, 'bob')];
		await ann.come(3);
		await bob.come(2);
		expect([ann.started, bob.started]).toEqual([[1], [1]]);
		await ann.answer(1);
		expect([ann.started, bob.started]).toEqual([[1, 2], [1]]);
		await ann.answer(2, new Error('thrown'));
		expect(ann.started).toEqual([1, 2, 3]);
	});

	it('ends the wait of one that is aborted; the others keep their order', async () => {
		const mutex = new KeyedMutex();
		const ann = callersOf(mutex, 'ann');
		const run = new AbortController();
		await ann.come(2);
		await ann.come(1, { signal: run.signal });
		await ann.come(1);
		run.abort('stopped');
		await ann.come(1);
		expect([...ann.failed]).toEqual([[3, 'stopped']]);
		for (const name of [1, 2, 4]) await ann.answer(name);
		expect(ann.started).toEqual([1, 2, 4, 5]);
	});

	it('remembers no key when nobody is there', async () => {
		const mutex = new KeyedMutex();
		const ann = callersOf(mutex, 'ann');
		const run = new AbortController();
		await ann.come(1);
		await ann.come(1, { signal: run.signal });
		await callersOf(mutex, 'bob').come(1, { signal: AbortSignal.abort('before') });
		expect(keysOf(mutex)).toBe(1);
		run.abort();
		await ann.answer(1, new Error('thrown'));
		expect(keysOf(mutex)).toBe(0);
	});

	it('does not start a second one while the first, aborted, still works', async () => {
		const ann = callersOf(new KeyedMutex(), 'ann');
		const run = new AbortController();
		await ann.come(1, { signal: run.signal });
		await ann.come(1);
		run.abort();
		expect(ann.started).toEqual([1]);
		await ann.come(0);
		await ann.answer(1);
		expect([ann.started, ann.ended]).toEqual([[1, 2], [1]]);
	});
});
