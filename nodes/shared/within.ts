import { sleep } from 'n8n-workflow';

/** A `sleep` cannot be ended early, so it comes in short naps: no timer outlives the work by more. */
const NAP_MS = 250;

/**
 * Waits for work no longer than `ms`, which must be far more than its own time-out. That one tells only
 * when nothing comes: not while an answer drips, nor once a server has changed the protocol (101), when
 * neither an answer nor an error follows.
 *
 * @throws what the work throws, or an error as of a call that timed out
 */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
	let isDone = false;
	const giveUp = async (): Promise<never> => {
		// By what was slept: the computer's clock may jump.
		for (let left = ms; left > 0 && !isDone; left -= NAP_MS) await sleep(NAP_MS);
		throw Object.assign(new Error('No answer in time'), { code: 'ECONNABORTED' });
	};
	try {
		return await Promise.race([work, giveUp()]);
	} finally {
		isDone = true;
	}
}
