import { WaitingLine } from './WaitingLine';

const FIRST_PLACES = 20;

/**
 * At most `most` works at once; the others wait in the order of asking.
 *
 * It opens with 20 places, and each work that ended well adds one more than the one before (1, 2, 3,
 * ...): when an early one shows that all will fail, and the run aborts the signal, few have started;
 * when the first 20 went well, 200 may.
 */
export class Semaphore {
	private places: number;

	private working = 0;

	private endedWell = 0;

	private readonly line = new WaitingLine();

	constructor(private readonly most: number) {
		this.places = Math.min(FIRST_PLACES, most);
	}

	/**
	 * @param inFront passes by those who wait, for a work that goes on with one that was let in before
	 * @returns what the work gives
	 * @throws what the work throws, or the signal's reason when it aborts before the work starts
	 */
	async use<T>(work: () => Promise<T>, signal: AbortSignal, inFront = false): Promise<T> {
		signal.throwIfAborted();
		if (this.working < this.places) this.working += 1;
		else await this.line.wait(undefined, signal, inFront);
		try {
			// It may abort between being let in and this line.
			signal.throwIfAborted();
			const result = await work();
			this.endedWell += 1;
			this.places = Math.min(this.most, this.places + this.endedWell);
			return result;
		} finally {
			this.working -= 1;
			this.letIn();
		}
	}

	/** A place is taken for the next one before it runs, so that nobody slips in between. */
	private letIn(): void {
		while (this.working < this.places && this.line.size > 0) {
			this.working += 1;
			this.line.letNextIn();
		}
	}
}
