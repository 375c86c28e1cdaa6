import { searchList } from './support/engine';
import { type Json, lines, useServer } from './support/useServer';

const server = useServer();
const search = async (filter?: string) =>
	await searchList({ method: 'searchSeries', credentials: server.basic, filter });

/** A series with the fields of `GET /v1.1/coupon/series`, all of them texts. */
const series = (id: string, description: string, more: Json = {}): Json => ({
	id,
	description,
	series_type: 'CAMPAIGN',
	discount_type: 'ABS',
	discount_value: '1000',
	valid_till_date: '2036-06-11',
	item_status: { success: 'true', code: '700', message: 'Success' },
	...more,
});
const body = (item: unknown) => ({
	response: {
		status: { success: 'true', code: '200', message: 'Success' },
		series: { items: { item } },
	},
});
const GOLD = series('868760', 'Gold star coupons');
const FEST = series('544770', 'Festival coupon', { discount_type: 'PERC', discount_value: '10' });
const PLAIN = series('18426', '', { discount_value: '0' });

const namesOf = ({ results }: { results: Array<{ name: string }> }) =>
	results.map(({ name }) => name);
const valuesOf = ({ results }: { results: Array<{ value: unknown }> }) =>
	results.map(({ value }) => value);

describe("the list of the 'Series' field", () => {
	it('asks once for the series that have not expired', async () => {
		server.answer([{ body: body([GOLD, FEST]) }]);
		await search();
		expect(lines(server.calls)).toEqual(['GET /v1.1/coupon/series?expired=false&format=json']);
		expect(server.calls[0]?.headers).toMatchObject({
			accept: 'application/json',
			authorization: expect.stringMatching(/^Basic /),
		});
	});

	it('shows name, discount and ID in the order of the names, and gives the ID', async () => {
		server.answer([{ body: body([PLAIN, GOLD, FEST]) }]);
		const found = await search();
		expect(found.results).toEqual([
			expect.objectContaining({ name: 'Festival coupon (10% off, 544770)', value: '544770' }),
			expect.objectContaining({ name: 'Gold star coupons (1000 off, 868760)', value: '868760' }),
			expect.objectContaining({ name: 'Series (18426)', value: '18426' }),
		]);
	});

	it.each([
		['', ['544770', '868760']],
		['gold', ['868760']],
		['  GOLD  ', ['868760']],
		['coupon', ['544770', '868760']],
		['5447', ['544770']],
		['silver', []],
		['.*', []],
	])('finds %p in name and ID', async (filter, ids) => {
		server.answer([{ body: body([GOLD, FEST]) }]);
		expect(valuesOf(await search(filter))).toEqual(ids);
	});

	it.each([
		['a single object', body(GOLD), ['868760']],
		['an empty list', body([]), []],
		['{}', body({}), []],
		['no items', { response: { status: { success: 'true', code: 200 }, series: {} } }, []],
		['no series', { response: { status: { success: 'true', code: 200 } } }, []],
		['one without an ID', body([{ description: 'nobody' }, GOLD]), ['868760']],
	])('reads %s', async (_, answer, ids) => {
		server.answer([{ body: answer }]);
		expect(valuesOf(await search())).toEqual(ids);
	});

	it('is never so long that the editor cannot show it', async () => {
		const many = Array.from({ length: 1_000 }, (_, index) => series(String(index + 1), 'Series'));
		server.answer(() => ({ body: body(many) }));
		expect(namesOf(await search()).length).toBeLessThanOrEqual(200);
		expect(valuesOf(await search('1000'))).toContain('1000');
	});

	it("says so and offers 'By ID' when the login may not list them", async () => {
		server.answer(() => ({
			body: { response: { status: { success: false, code: 403, message: 'No access' } } },
		}));
		const error = await search().catch((thrown: Error & { description?: string }) => thrown);
		expect(error).toMatchObject({
			message: expect.stringContaining('No access'),
			description: expect.stringContaining("'By ID'"),
		});
	});

	it.each([
		['the login is refused', { status: 401, body: '<response/>' }, 'rejected this credential'],
		['the answer is a web page', { body: '<html>' }, 'not one of Capillary'],
		['Capillary is down', { status: 500, body: '' }, 'HTTP status 500'],
	])("says so, without 'By ID', which would not help, when %s", async (_, answer, message) => {
		server.answer(() => answer);
		const error = await search().then(
			() => undefined,
			(thrown: Error & { description?: string }) => thrown,
		);
		expect(error?.message).toContain(message);
		expect(error?.description).toMatch(/\.$/);
		expect(error?.description).not.toContain("'By ID'");
	});
});
