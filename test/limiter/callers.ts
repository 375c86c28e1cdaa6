import type { Closing } from '../../nodes/shared/client/RateLimiter';
import { WaitBudget } from '../../nodes/shared/client/WaitBudget';

/** Lets all promises go on that can, without letting time pass. */
export async function settle(): Promise<void> {
	await jest.advanceTimersByTimeAsync(0);
}

export async function seconds(count: number): Promise<void> {
	await jest.advanceTimersByTimeAsync(count * 1_000);
}

export const limited = (retryAfterS?: number): Closing => ({
	kind: 'limited',
	retryAfterMs: retryAfterS === undefined ? undefined : retryAfterS * 1_000,
	error: new Error('limited'),
});

export const notReached = (): Closing => ({ kind: 'notReached', error: new Error('not reached') });

type Use = (
	call: () => Promise<Closing | undefined>,
	caller: { signal: AbortSignal; budget: WaitBudget },
	closedBy: (result: Closing | undefined) => Closing | undefined,
) => Promise<unknown>;

/** Callers by number, in the order they came: whose call was started, and how each ended. */
export class Callers {
	/** In the order in which their calls started; also those that have ended. */
	readonly started: number[] = [];

	readonly ended: number[] = [];

	/** Those whose call was never made, or failed, and why. */
	readonly failed = new Map<number, unknown>();

	private readonly answers = new Map<number, (answer: Closing | undefined | Error) => void>();

	private count = 0;

	constructor(private readonly tool: { use: Use }) {}

	async come(
		count = 1,
		{ signal = new AbortController().signal, budget = new WaitBudget(120_000) } = {},
	): Promise<void> {
		for (let one = 0; one < count; one += 1) {
			this.count += 1;
			const name = this.count;
			const call = async () => {
				this.started.push(name);
				const answer = await new Promise((resolve) => this.answers.set(name, resolve));
				this.answers.delete(name);
				if (answer instanceof Error) throw answer;
				return answer as Closing | undefined;
			};
			this.tool
				.use(call, { signal, budget }, (answer) => answer)
				.then(
					() => this.ended.push(name),
					(error: unknown) => this.failed.set(name, error),
				);
		}
		await settle();
	}

	/** Answers the call of one caller: it passes, closes the limiter, or throws. */
	async answer(name: number, answer?: Closing | Error): Promise<void> {
		this.answers.get(name)?.(answer);
		await settle();
	}

	/** Answers all calls that are under way. */
	async answerAll(answer?: Closing): Promise<void> {
		for (const give of [...this.answers.values()]) give(answer);
		await settle();
	}

	get underWay(): number {
		return this.answers.size;
	}
}
