import { onAbort } from './abort';

interface Waiter<T> {
	who: T;
	enter: () => void;
	refuse: (reason: unknown) => void;
	before?: Waiter<T>;
	after?: Waiter<T>;
}

/**
 * Those who wait for something, in order, each with a word about `who` it is. One leaves when it is
 * let in, sent away, or when its signal aborts. A linked list: each step takes the same short time,
 * however many wait, also when thousands abort at once.
 */
export class Queue<T = undefined> {
	private first?: Waiter<T>;

	private last?: Waiter<T>;

	/** The last of those who passed by the others: among themselves they keep their order. */
	private lastInFront?: Waiter<T>;

	private length = 0;

	get size(): number {
		return this.length;
	}

	/**
	 * Waits until it is let in. `inFront` passes by all others.
	 *
	 * @throws the signal's reason when it aborts, or what `sendAway` gives
	 */
	async wait(who: T, signal: AbortSignal, inFront = false): Promise<void> {
		signal.throwIfAborted();
		await new Promise<void>((resolve, reject) => {
			const leave = () => {
				takeBack();
				this.remove(waiter);
			};
			const waiter: Waiter<T> = {
				who,
				enter: () => {
					leave();
					resolve();
				},
				refuse: (reason) => {
					leave();
					reject(reason);
				},
			};
			const takeBack = onAbort(signal, () => waiter.refuse(signal.reason));
			this.insert(waiter, inFront ? this.lastInFront : this.last);
			if (inFront) this.lastInFront = waiter;
		});
	}

	/** Lets the first one in, or the last; its `wait` goes on a moment later. @returns who that is */
	letNextIn(fromBehind = false): T | undefined {
		const next = fromBehind ? this.last : this.first;
		next?.enter();
		return next?.who;
	}

	/** Ends the wait of each for whom `why` has a reason. */
	sendAway(why: (who: T) => Error | undefined): void {
		for (let one = this.first; one; one = one.after) {
			const reason = why(one.who);
			if (reason) one.refuse(reason);
		}
	}

	private insert(waiter: Waiter<T>, before?: Waiter<T>): void {
		const after = before ? before.after : this.first;
		waiter.before = before;
		waiter.after = after;
		if (before) before.after = waiter;
		else this.first = waiter;
		if (after) after.before = waiter;
		else this.last = waiter;
		this.length += 1;
	}

	private remove(waiter: Waiter<T>): void {
		const { before, after } = waiter;
		if (before) before.after = after;
		else this.first = after;
		if (after) after.before = before;
		else this.last = before;
		if (waiter === this.lastInFront) this.lastInFront = before;
		this.length -= 1;
	}
}
