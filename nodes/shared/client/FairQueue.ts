import { Queue } from './Queue';

/**
 * A queue for each run, told apart by its signal. They are let in in turn, one of each (fair queuing,
 * round robin): a single item of a webhook does not wait behind the hundreds of another run.
 */
export class FairQueue<T> {
	/** The one whose turn is next comes first. */
	private readonly queues = new Map<AbortSignal, Queue<T>>();

	get size(): number {
		let size = 0;
		for (const queue of this.queues.values()) size += queue.size;
		return size;
	}

	/** As `Queue.wait`; `inFront` passes by those of its own run. */
	async wait(who: T, signal: AbortSignal, inFront = false): Promise<void> {
		const queue = this.queues.get(signal) ?? new Queue<T>();
		this.queues.set(signal, queue);
		try {
			await queue.wait(who, signal, inFront);
		} finally {
			if (queue.size === 0 && this.queues.get(signal) === queue) this.queues.delete(signal);
		}
	}

	/** As `Queue.letNextIn`; from behind, the last one of the run that was served last. */
	letNextIn(fromBehind = false): T | undefined {
		for (const [signal, queue] of fromBehind ? [...this.queues].reverse() : this.queues) {
			if (queue.size === 0) continue;
			this.queues.delete(signal);
			this.queues.set(signal, queue);
			return queue.letNextIn(fromBehind);
		}
		return undefined;
	}

	/** As `Queue.sendAway`. */
	sendAway(why: (who: T) => Error | undefined): void {
		for (const queue of this.queues.values()) queue.sendAway(why);
	}
}
