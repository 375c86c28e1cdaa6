import { Queue } from './Queue';

/**
 * At most `most` tasks at once; the others wait in the order of asking.
 *
 * It may open with fewer places: then each call of `widen` adds one more than the one before (1, 2, 3,
 * ...). When an early task shows that all will fail, and the run aborts the signal, few have started;
 * when the first 20 went well, 200 may.
 */
export class Semaphore {
	private places: number;

	private working = 0;

	private widened = 0;

	private readonly queue = new Queue();

	/** @param first how many places it opens with */
	constructor(
		private readonly most: number,
		first = most,
	) {
		this.places = Math.min(first, most);
	}

	/**
	 * @param inFront passes by those who wait, for a task that goes on with one that was let in before
	 * @returns what the task gives
	 * @throws what the task throws, or the signal's reason when it aborts before the task starts
	 */
	async use<T>(task: () => Promise<T>, signal: AbortSignal, inFront = false): Promise<T> {
		signal.throwIfAborted();
		if (this.working < this.places) this.working += 1;
		else await this.queue.wait(undefined, signal, inFront);
		try {
			// It may abort between being let in and this line.
			signal.throwIfAborted();
			return await task();
		} finally {
			this.working -= 1;
			this.letIn();
		}
	}

	/** To be called when what was asked for went well. */
	widen(): void {
		this.widened += 1;
		this.places = Math.min(this.most, this.places + this.widened);
		this.letIn();
	}

	/** A place is taken for the next one before it runs, so that nobody slips in between. */
	private letIn(): void {
		while (this.working < this.places && this.queue.size > 0) {
			this.working += 1;
			this.queue.letNextIn();
		}
	}
}
