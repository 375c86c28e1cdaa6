import { type Page, readPages } from '../../nodes/shared/client/readPages';

const idsUpTo = (count: number) => Array.from({ length: count }, (_, index) => ({ id: index + 1 }));
const keysOf = (items: Array<{ id?: unknown }>) => items.map(({ id }) => String(id));

/** Reads from a server; gives the IDs read, what is missing, and what was asked for. */
async function read(
	server: (limit: number, offset: number) => Page<{ id?: unknown }>,
	wanted?: number,
) {
	const asked: Array<[number, number]> = [];
	const { items, missing } = await readPages(
		async (limit, offset) => {
			asked.push([limit, offset]);
			return server(limit, offset);
		},
		keysOf,
		wanted,
	);
	return { ids: items.map(({ id }) => Number(id)), missing, asked };
}

const all = idsUpTo(450);
const numbers = all.map(({ id }) => id);
const good = (limit: number, offset: number) => ({
	items: all.slice(offset, offset + limit),
	total: all.length,
});

describe('readPages', () => {
	it('asks for page after page and stops with the last', async () => {
		const { ids, missing, asked } = await read(good);
		expect(ids).toEqual(numbers);
		expect(missing).toBe(0);
		expect(asked).toEqual([
			[200, 0],
			[200, 200],
			[200, 400],
		]);
	});

	it.each([
		[1, [[1, 0]]],
		[200, [[200, 0]]],
		[
			201,
			[
				[200, 0],
				[200, 200],
			],
		],
	])('reads no further than %i wanted', async (wanted, calls) => {
		const { ids, asked } = await read(good, wanted);
		expect(ids).toEqual(numbers.slice(0, wanted));
		expect(asked).toEqual(calls);
	});

	it('moves on by what came when the server caps the page', async () => {
		const { ids, asked } = await read((limit, offset) => good(Math.min(limit, 100), offset));
		expect(ids).toEqual(numbers);
		expect(asked.map(([, offset]) => offset)).toEqual([0, 100, 200, 300, 400]);
	});

	it('asks for all at once when the server ignores the offset', async () => {
		const { ids, missing, asked } = await read((limit) => good(limit, 0));
		expect(ids).toEqual(numbers);
		expect(missing).toBe(0);
		expect(asked.at(-1)).toEqual([450, 0]);
	});

	it('says how many are missing when the server ignores offset and limit', async () => {
		const { ids, missing, asked } = await read(() => good(100, 0));
		expect(ids).toEqual(numbers.slice(0, 100));
		expect(missing).toBe(350);
		expect(asked.length).toBeLessThan(10);
	});

	it('reads on without a total until a page brings nothing new', async () => {
		const { ids, missing } = await read((limit, offset) => ({ items: good(limit, offset).items }));
		expect(ids).toEqual(numbers);
		expect(missing).toBe(0);
	});

	it('ends also when total and offset are missing', async () => {
		const { ids, asked } = await read((limit) => ({ items: good(limit, 0).items }));
		expect(ids).toEqual(numbers.slice(0, 200));
		expect(asked.length).toBeLessThan(10);
	});

	it('counts an item once, however often it comes', async () => {
		const { ids } = await read((limit, offset) => ({
			items: good(limit, Math.max(0, offset - 7)).items,
			total: 450,
		}));
		expect(ids).toEqual(numbers);
	});

	it.each([1, 3, 150])('loses none when %i in front go away between two pages', async (gone) => {
		let calls = 0;
		const { ids } = await read((limit, offset) => {
			calls += 1;
			const now = calls === 1 ? all : all.slice(gone);
			return { items: now.slice(offset, offset + limit), total: now.length };
		});
		const left = ids.filter((id) => id > gone).sort((a, b) => a - b);
		expect(left).toEqual(numbers.slice(gone));
	});

	it('loses none when new ones come in front between two pages', async () => {
		let calls = 0;
		const { ids } = await read((limit, offset) => {
			calls += 1;
			const now = calls === 1 ? all : [{ id: 0 }, ...all];
			return { items: now.slice(offset, offset + limit), total: now.length };
		});
		expect(ids.filter((id) => id > 0)).toEqual(numbers);
	});

	it('says what is missing when a server that sent a page says that there is nothing', async () => {
		let calls = 0;
		const { ids, missing } = await read((limit, offset) => {
			calls += 1;
			return calls === 1 ? good(limit, offset) : { items: [], total: 0 };
		});
		expect(ids).toHaveLength(200);
		expect(missing).toBe(250);
	});

	it('is empty for nothing', async () => {
		expect(await read(() => ({ items: [], total: 0 }))).toMatchObject({ ids: [], missing: 0 });
		expect(await read(() => ({ items: [] }))).toMatchObject({ ids: [], missing: 0 });
	});
});
