/** Lets a number of callers in at one time; the others wait in the order they came. */
export class Gate {
	private inside = 0;

	private waiting: Array<() => void> = [];

	private next = 0;

	constructor(private readonly places: number) {}

	async enter(): Promise<void> {
		if (this.inside < this.places) {
			this.inside += 1;
			return;
		}
		await new Promise<void>((resolve) => this.waiting.push(resolve));
	}

	/** Hands the place on to the next one waiting, so that nobody slips in between. */
	leave(): void {
		const wake = this.waiting[this.next];
		if (!wake) {
			this.inside -= 1;
			return;
		}
		this.next += 1;
		if (this.next === this.waiting.length) {
			this.waiting = [];
			this.next = 0;
		}
		wake();
	}
}
