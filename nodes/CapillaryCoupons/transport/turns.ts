const last = new Map<string, Promise<void>>();

/**
 * Runs work for one key after another, in the order of asking, across all runs of this process.
 * Capillary answers two calls for one customer at a time with code 521.
 *
 * @param key undefined when no turn is needed
 */
export async function inTurn<T>(key: string | undefined, work: () => Promise<T>): Promise<T> {
	if (key === undefined) return await work();
	const before = last.get(key);
	const mine = (before ?? Promise.resolve()).then(work);
	const done = mine.then(
		() => {},
		() => {},
	);
	last.set(key, done);
	try {
		return await mine;
	} finally {
		if (last.get(key) === done) last.delete(key);
	}
}
