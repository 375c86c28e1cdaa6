import { sleep } from 'n8n-workflow';

/** A `sleep` cannot be ended early, so it comes in short naps: no timer outlives an abort by more. */
const NAP_MS = 250;

const actionsOf = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Runs `action` when the signal aborts. All items of a run wait on one signal, so it carries one
 * listener however many ask.
 *
 * @returns a function that takes the action back
 */
export function onAbort(signal: AbortSignal, action: () => void): () => void {
	let actions = actionsOf.get(signal);
	if (!actions) {
		const all = new Set<() => void>();
		signal.addEventListener('abort', () => all.forEach((one) => one()), { once: true });
		actionsOf.set(signal, (actions = all));
	}
	actions.add(action);
	return () => void actions.delete(action);
}

/**
 * Waits for `ms` milliseconds.
 *
 * @throws the signal's reason as soon as it aborts
 */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
	const until = Date.now() + ms;
	let left = ms;
	let takeBack = () => {};
	const aborted = new Promise<void>((resolve) => (takeBack = onAbort(signal, resolve)));
	try {
		while (left > 0 && !signal.aborted) {
			const napMs = Math.min(NAP_MS, left);
			await Promise.race([sleep(napMs), aborted]);
			// What was slept counts, also when the computer's clock has been set back.
			left = Math.min(left - napMs, until - Date.now());
		}
	} finally {
		takeBack();
	}
	signal.throwIfAborted();
}
