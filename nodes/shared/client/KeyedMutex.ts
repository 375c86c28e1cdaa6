import { Semaphore } from './Semaphore';

/**
 * One work after another for each key, in the order of asking. Works of different keys do not wait for
 * each other. It remembers a key only as long as somebody works or waits for it.
 */
export class KeyedMutex {
	private readonly keys = new Map<string, { turn: Semaphore; users: number }>();

	/**
	 * @returns what the work gives
	 * @throws what the work throws, or the signal's reason when it aborts before the work starts
	 */
	async use<T>(key: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
		const entry = this.keys.get(key) ?? { turn: new Semaphore(1), users: 0 };
		this.keys.set(key, entry);
		entry.users += 1;
		try {
			return await entry.turn.use(work, signal);
		} finally {
			entry.users -= 1;
			if (entry.users === 0) this.keys.delete(key);
		}
	}
}
