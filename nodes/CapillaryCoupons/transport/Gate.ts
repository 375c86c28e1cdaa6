const FIRST_PLACES = 20;
const PLACES_PER_SUCCESS = 4;

/**
 * Lets a number of callers in at one time; the others wait in the order they came.
 *
 * Few at first, and four more for each that did well, up to `most`: when an early call shows that all
 * will fail, not many more are under way.
 */
export class Gate {
	private places: number;

	private inside = 0;

	private waiting: Array<() => void> = [];

	private next = 0;

	constructor(private readonly most: number) {
		this.places = Math.min(FIRST_PLACES, most);
	}

	async enter(): Promise<void> {
		if (this.inside < this.places) {
			this.inside += 1;
			return;
		}
		await new Promise<void>((resolve) => this.waiting.push(resolve));
	}

	leave(didWell: boolean): void {
		this.inside -= 1;
		if (didWell) this.places = Math.min(this.most, this.places + PLACES_PER_SUCCESS);
		while (this.inside < this.places && this.next < this.waiting.length) this.letNextIn();
	}

	/** Gives the place away before the next one runs, so that nobody slips in between. */
	private letNextIn(): void {
		this.inside += 1;
		const wake = this.waiting[this.next];
		this.next += 1;
		if (this.next === this.waiting.length) {
			this.waiting = [];
			this.next = 0;
		}
		wake?.();
	}
}
