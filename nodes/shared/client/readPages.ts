/** One page, and how many there are in all, as far as the API tells. */
export interface Page<T> {
	items: T[];
	total?: number;
}

/** 200 is the largest `limit` that API page "Get customer coupons" shows. */
const PAGE_SIZE = 200;
const MOST_PAGES = 2_000;

/**
 * Reads page after page by `limit` and `offset`, and trusts neither: the offset moves on by what came,
 * every item counts once, and an offset that the server ignores is made up for by one large page.
 *
 * @param getPage reads one page
 * @param keysOf tells the items of a page apart
 * @param wanted how many items at most
 * @returns the items in the order they came, and how many could not be read
 */
export async function readPages<T>(
	getPage: (limit: number, offset: number) => Promise<Page<T>>,
	keysOf: (items: T[]) => string[],
	wanted = Infinity,
): Promise<{ items: T[]; missing: number }> {
	const found = new Map<string, T>();
	const limit = Math.min(PAGE_SIZE, wanted);
	let offset = 0;
	let total: number | undefined;
	let gone = 0;
	let pagesWithoutNews = 0;

	const read = async (size: number, from: number): Promise<Page<T> & { news: number }> => {
		const page = await getPage(size, from);
		const before = found.size;
		keysOf(page.items).forEach((key, at) => {
			if (!found.has(key)) found.set(key, page.items[at] as T);
		});
		return { ...page, news: found.size - before };
	};
	const isComplete = () =>
		found.size >= wanted || (total !== undefined && found.size >= total + gone);

	for (let pages = 0; pages < MOST_PAGES && pagesWithoutNews < 2; pages += 1) {
		const page = await read(limit, offset);
		// That all are gone at once is a fault of the server's.
		const stated = page.total === 0 && found.size > 0 ? total : page.total;
		const shrunk = Math.max(0, (total ?? 0) - (stated ?? total ?? 0));
		total = stated ?? total;
		gone += shrunk;
		if (isComplete() || (page.items.length === 0 && shrunk === 0)) break;
		pagesWithoutNews = page.news > 0 ? 0 : pagesWithoutNews + 1;
		// What went away since the last page has moved the others up: read from as far in front again.
		offset = shrunk > 0 ? Math.max(0, offset - shrunk) : offset + page.items.length;
	}
	const reachable = Math.min(total ?? 0, wanted);
	if (found.size < reachable && gone === 0) await read(reachable, 0);

	const items = [...found.values()].slice(0, wanted);
	return { items, missing: gone === 0 ? Math.max(0, reachable - items.length) : 0 };
}
