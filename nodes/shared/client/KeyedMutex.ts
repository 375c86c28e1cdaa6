import { Semaphore } from './Semaphore';

/**
 * One task after another for each key, in the order of asking. Tasks of different keys do not wait for
 * each other. It remembers a key only as long as somebody works or waits for it.
 */
export class KeyedMutex {
	private readonly keys = new Map<string, { turn: Semaphore; users: number }>();

	/**
	 * @returns what the task gives
	 * @throws what the task throws, or the signal's reason when it aborts before the task starts
	 */
	async use<T>(key: string, task: () => Promise<T>, signal: AbortSignal): Promise<T> {
		const entry = this.keys.get(key) ?? { turn: new Semaphore(1), users: 0 };
		this.keys.set(key, entry);
		entry.users += 1;
		try {
			return await entry.turn.use(task, signal);
		} finally {
			entry.users -= 1;
			if (entry.users === 0) this.keys.delete(key);
		}
	}
}
