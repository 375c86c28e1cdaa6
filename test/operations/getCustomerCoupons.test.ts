import response from '../fixtures/getCustomerCoupons/response.json';
import {
	fieldOf,
	type Json,
	jsonOf,
	lines,
	linksOf,
	useServer,
	whoeverFrom,
} from '../support/useServer';

const server = useServer();
const runList = server.runsOf('getCustomerCoupons');

const [customer] = response.response.customers.customer;
const coupon = (id: number) => ({ ...customer?.coupons.coupon[0], id: String(id), code: `C${id}` });
const idsUpTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const OK = { success: 'true', code: 200, message: 'Success' };

/** A body of page 003 with these coupons. */
function page(ids: number[], total?: number, coupons: unknown = { coupon: ids.map(coupon) }) {
	const pagination = total === undefined ? {} : { pagination: { total } };
	return {
		body: {
			response: { ...pagination, status: OK, customers: { customer: [{ ...customer, coupons }] } },
		},
	};
}

function asked(query: string): { limit: number; offset: number } {
	const keys = new URLSearchParams(query);
	return { limit: Number(keys.get('limit')), offset: Number(keys.get('offset') ?? 0) };
}

/** Serves `all` coupons as a server that pages by limit and offset, with a cap of its own. */
function pagesOf(all: number[], cap = Infinity, total: number | undefined = all.length) {
	return ({ query }: { query: string }) => {
		const { limit, offset } = asked(query);
		return page(all.slice(offset, offset + Math.min(limit, cap)), total);
	};
}

const idsOf = (items: Array<{ json: Json }>) => jsonOf(items).map(({ id }) => Number(id));

describe('the request of Get Customer Coupons', () => {
	it("is the page's example", async () => {
		server.answer([{ body: response }]);
		await runList({ returnAll: true });
		expect(lines(server.calls)).toEqual(['GET /v1.1/customer/coupons?mobile=1234512345&limit=200']);
		expect(server.calls[0]?.headers.accept).toBe('application/json');
	});

	it.each([
		['mobile', '+919876543210', 'mobile=%2B919876543210'],
		['email', 'jürgen+x@müller.example', 'email=j%C3%BCrgen%2Bx%40m%C3%BCller.example'],
		['externalId', '000A&B', 'external_id=000A%26B'],
		['id', '4294967297', 'id=4294967297'],
	])('carries the customer by %s: %s', async (customerIdentifierType, value, sent) => {
		server.answer([{ body: response }]);
		await runList({ customerIdentifierType, [fieldOf(customerIdentifierType)]: value });
		const decoded = (query: string) => [...new URLSearchParams(query)].sort();
		expect(decoded(server.calls[0]?.query ?? '')).toEqual(decoded(`${sent}&limit=50`));
		expect(server.calls[0]?.query).not.toContain('+');
	});

	it("maps every filter and option to the API's name", async () => {
		server.answer([{ body: response }]);
		await runList({
			filters: {
				startDate: '2025-01-31T00:00:00',
				endDate: '2025-12-31',
				status: 'unredeemed',
				seriesId: 4294967297,
				storeId: '007',
			},
			options: { orderBy: 'valid_till', sortOrder: 'asc' },
			limit: 7,
		});
		expect(Object.fromEntries(new URLSearchParams(server.calls[0]?.query))).toEqual({
			mobile: '1234512345',
			start_date: '2025-01-31',
			end_date: '2025-12-31',
			status: 'unredeemed',
			series_id: '4294967297',
			store_id: '007',
			order_by: 'valid_till',
			sort_order: 'asc',
			limit: '7',
		});
	});

	it.each(['unredeemed', 'redeemed', 'expired', 'active'])(
		'filters by the status %s',
		async (status) => {
			server.answer([{ body: response }]);
			await runList({ filters: { status } });
			expect(server.calls[0]?.query.split('&')).toContain(`status=${status}`);
		},
	);

	it.each(['created_date', 'created_by', 'valid_till'])('orders by %s', async (orderBy) => {
		server.answer([{ body: response }]);
		await runList({ options: { orderBy } });
		expect(server.calls[0]?.query.split('&')).toContain(`order_by=${orderBy}`);
	});

	it.each([
		['a Luxon date', "={{ DateTime.fromISO('2026-02-28T23:30:00', { zone: 'Asia/Kolkata' }) }}"],
		['an ISO text', '2026-02-28T23:30:00+05:30'],
		['a day', '2026-02-28'],
		["today's form of n8n's date field", '2026-02-28T00:00:00'],
	])('writes %s as the day it names', async (_, startDate) => {
		server.answer([{ body: response }]);
		const { error } = await runList({ filters: { startDate } });
		expect(error).toBeUndefined();
		expect(server.calls[0]?.query.split('&')).toContain('start_date=2026-02-28');
	});

	it('takes every parameter from an expression, item by item', async () => {
		server.answer(({ query }) => page(query.includes('external_id') ? [1] : [2], 1));
		const filters = ['startDate', 'endDate', 'status', 'seriesId', 'storeId'];
		const options = ['orderBy', 'sortOrder'];
		const fromItem = (names: string[]) =>
			Object.fromEntries(names.map((name) => [name, `={{ $json.${name} }}`]));
		const { items } = await runList(
			{
				...fromItem([
					'customerIdentifierType',
					'externalId',
					'customerId',
					'returnAll',
					'simplify',
				]),
				...whoeverFrom('={{ $json.who }}'),
				limit: '={{ $json.limit }}',
				filters: fromItem(filters),
				options: fromItem(options),
			},
			[
				{
					...{ customerIdentifierType: 'externalId', who: ['0042'] },
					...{ returnAll: false, limit: 3, simplify: true },
					...{ startDate: '2025-01-01', endDate: '2025-01-02', status: 'active' },
					...{ seriesId: 5, storeId: 'S1', orderBy: 'created_by', sortOrder: 'desc' },
				},
				{
					...{ customerIdentifierType: 'id', who: 43 },
					...{ returnAll: true, limit: 3, simplify: false },
					...{ startDate: '2025-02-01', endDate: '2025-02-02', status: 'expired' },
					...{ seriesId: '6', storeId: 8, orderBy: 'valid_till', sortOrder: 'asc' },
				},
			],
		);
		const queries = server.calls.map(({ query }) => query.split('&').sort().join('&')).sort();
		expect(queries).toEqual([
			'end_date=2025-01-02&external_id=0042&limit=3&order_by=created_by&series_id=5&sort_order=desc&start_date=2025-01-01&status=active&store_id=S1',
			'end_date=2025-02-02&id=43&limit=200&order_by=valid_till&series_id=6&sort_order=asc&start_date=2025-02-01&status=expired&store_id=8',
		]);
		expect(idsOf(items)).toEqual([1, 2]);
		expect(jsonOf(items).map((json) => 'series_id' in json)).toEqual([false, true]);
	});
});

describe('the output of Get Customer Coupons', () => {
	it('holds the fields of the design', async () => {
		server.answer([{ body: response }]);
		const { items } = await runList();
		expect(items).toEqual([
			{
				json: {
					id: 163267982,
					code: '6WRNA5UM',
					seriesId: 12360,
					seriesName: 'Spin_The_Wheel',
					redemptionCount: 0,
					createdDate: '2019-07-29T16:13:14.000Z',
					validTill: '2019-12-31 23:59:59',
					customProperties: { standard_description: '10% off on next purchase' },
					redemptions: [
						{
							id: '4359526',
							date: '2021-05-17T19:07:54.000Z',
							transactionNumber: 'TXN12345',
							redeemedAt: { code: 'store_002', name: 'Downtown Store' },
						},
					],
					customerId: 98662653,
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it('is one item a coupon, as the API sends it, with Simplify off', async () => {
		server.answer([{ body: response }]);
		const { items } = await runList({ simplify: false });
		const { coupons, ...holder } = customer ?? {};
		expect(jsonOf(items)).toEqual(coupons?.coupon.map((one) => ({ ...one, customer: holder })));
	});

	const redemption = { id: '1', date: '2021-05-17' };
	it.each([
		['{}', {}, []],
		['[]', [], []],
		['missing', undefined, []],
		['null', null, []],
		['{redemption: []}', { redemption: [] }, []],
		['a single object', { redemption }, [redemption]],
		['a list', { redemption: [redemption, redemption] }, [redemption, redemption]],
	])('has a list of redemptions when the API sends %s', async (_, redemptions, list) => {
		server.answer([page([1], 1, { coupon: [{ ...coupon(1), redemptions }] })]);
		const { items } = await runList();
		expect(items[0].json.redemptions).toEqual(list);
	});

	it.each([
		['{}', {}, {}],
		['a single object', { custom_property: { name: 'a', value: '1' } }, { a: '1' }],
		['missing', undefined, {}],
	])('has custom properties by name when the API sends %s', async (_, properties, byName) => {
		server.answer([page([1], 1, { coupon: [{ ...coupon(1), custom_properties: properties }] })]);
		const { items } = await runList();
		expect(items[0].json.customProperties).toEqual(byName);
	});

	it('names the item each coupon comes from', async () => {
		server.answer([page([1, 2], 2), page([3], 1)]);
		const { items } = await runList({}, [{}, {}]);
		expect(idsOf(items)).toEqual([1, 2, 3]);
		expect(linksOf(items)).toEqual([0, 0, 1]);
	});
});

describe('the options of the output', () => {
	it('adds the customer with Include Customer', async () => {
		server.answer([{ body: response }]);
		const { items } = await runList({ options: { includeCustomer: true } });
		expect(items[0].json.customer).toEqual({
			id: 98662653,
			firstName: 'Tom',
			lastName: 'Sawyer',
			mobile: '9988776655',
			email: customer?.email,
		});
	});

	it("adds the input item's fields with Include Input Fields, the coupon's win", async () => {
		server.answer([{ body: response }]);
		const { items } = await runList({ options: { includeInputFields: true } }, [
			{ row: 7, code: 'of the input' },
		]);
		expect(items[0].json).toMatchObject({ row: 7, code: '6WRNA5UM' });
	});

	it('does not add what an earlier node has said of another coupon', async () => {
		server.answer([{ body: response }]);
		const said = { error: 'no', details: { outcome: 'unknown' }, errors: [{}], warnings: [{}] };
		const { items } = await runList({ options: { includeInputFields: true } }, [
			{ ...said, isNew: true, recovered: true, hasCoupons: false, row: 7 },
		]);
		expect(Object.keys(items[0].json)).toEqual(expect.arrayContaining(['row', 'code']));
		for (const name of [...Object.keys(said), 'isNew', 'recovered', 'hasCoupons'])
			expect(items[0].json).not.toHaveProperty(name);
	});

	it('has codes as texts, also where the API writes a number', async () => {
		server.answer(() => page([], 1, { coupon: [{ id: 1, code: 5875447216353555 }] }));
		const { items } = await runList();
		expect(items[0].json.code).toBe('5875447216353555');
	});

	it.each([
		['mobile', '1234512345', { mobile: '1234512345', customerId: 98662653 }],
		['externalId', '0042', { externalId: '0042', customerId: 98662653 }],
		['id', '43', { customerId: 43 }],
	])('gives one item for a customer without coupons, by %s', async (type, value, known) => {
		server.answer(() => page([], 0));
		const { items } = await runList({
			customerIdentifierType: type,
			[fieldOf(type)]: value,
			options: { includeWithoutCoupons: true },
		});
		expect(jsonOf(items)).toEqual([{ hasCoupons: false, ...known }]);
		expect(linksOf(items)).toEqual([0]);
	});

	it.each([true, false])(
		'then also says of a coupon that its customer has one, with Simplify %s',
		async (simplify) => {
			server.answer([{ body: response }, { body: response }]);
			const options = { includeWithoutCoupons: true };
			const [withOption, without] = [
				await runList({ simplify, options }),
				await runList({ simplify }),
			];
			expect(withOption.items[0].json.hasCoupons).toBe(true);
			expect(without.items[0].json).not.toHaveProperty('hasCoupons');
		},
	);

	it.each([
		['Europe/Berlin', '2026-03-28 23:59:59', '2026-03-28T23:59:59+01:00'],
		['Europe/Berlin', '2026-03-29 23:59:59', '2026-03-29T23:59:59+02:00'],
		['Europe/Berlin', '2026-10-25 23:59:59', '2026-10-25T23:59:59+01:00'],
		['America/New_York', '2026-03-08 03:30:00', '2026-03-08T03:30:00-04:00'],
		['Asia/Kolkata', '2026-06-11 23:59:59', '2026-06-11T23:59:59+05:30'],
		['+05:30', '2026-06-11 23:59:59', '2026-06-11T23:59:59+05:30'],
		['UTC', '2026-06-11 23:59:59', '2026-06-11T23:59:59+00:00'],
		['Asia/Kolkata', '2026-06-11', '2026-06-11'],
	])('writes validTill with the offset of %s: %s', async (serverTimeZone, validTill, iso) => {
		server.answer([page([1], 1, { coupon: [{ ...coupon(1), valid_till: validTill }] })]);
		const { items } = await runList({ options: { serverTimeZone } });
		expect(items[0].json.validTill).toBe(iso);
	});

	it.each(['', 'Mars/Olympus', '+25:00', 'now'])('refuses %j as a time zone', async (zone) => {
		server.answer([]);
		const { error } = await runList({ options: { serverTimeZone: zone } });
		expect(error.message).toContain("'Server Time Zone'");
		expect(server.calls).toEqual([]);
	});
});

describe('a list of one page, in every form', () => {
	it.each([
		['{}', {}],
		['[]', []],
		['missing', undefined],
		['null', null],
		['a text', ''],
		['{coupon: []}', { coupon: [] }],
		['{coupon: {}}', { coupon: {} }],
	])('is empty with coupons %s', async (_, coupons) => {
		server.answer(() => page([], 0, coupons));
		const { items, error } = await runList();
		expect([items, error]).toEqual([[], undefined]);
	});

	it('is one coupon with a single object', async () => {
		server.answer([page([], 1, { coupon: coupon(7) })]);
		const { items } = await runList();
		expect(idsOf(items)).toEqual([7]);
	});

	it('is read also where the customer is a single object', async () => {
		const customers = { customer: { ...customer, coupons: { coupon: coupon(8) } } };
		server.answer([{ body: { response: { pagination: { total: 1 }, status: OK, customers } } }]);
		const { items } = await runList();
		expect(idsOf(items)).toEqual([8]);
		expect(items[0].json.customerId).toBe(98662653);
	});

	it('ends also when the API tells no total', async () => {
		server.answer(pagesOf(idsUpTo(3), Infinity, undefined));
		const { items } = await runList({ returnAll: true });
		expect(idsOf(items)).toEqual([1, 2, 3]);
	});
});

describe('paging', () => {
	it('reads page after page until all are there', async () => {
		server.answer(pagesOf(idsUpTo(450)));
		const { items } = await runList({ returnAll: true });
		expect(idsOf(items)).toEqual(idsUpTo(450));
		expect(server.calls.map(({ query }) => asked(query))).toEqual([
			{ limit: 200, offset: 0 },
			{ limit: 200, offset: 200 },
			{ limit: 200, offset: 400 },
		]);
	});

	it('keeps customer and filters on every page', async () => {
		server.answer(pagesOf(idsUpTo(201)));
		await runList({ returnAll: true, filters: { status: 'active' } });
		expect(server.calls).toHaveLength(2);
		for (const { query } of server.calls) {
			expect(query.split('&')).toEqual(
				expect.arrayContaining(['mobile=1234512345', 'status=active']),
			);
		}
	});

	it('gives no more than the limit, and asks for no more', async () => {
		server.answer(pagesOf(idsUpTo(450)));
		const { items } = await runList({ limit: 3 });
		expect(idsOf(items)).toEqual([1, 2, 3]);
		expect(server.calls.map(({ query }) => asked(query))).toEqual([{ limit: 3, offset: 0 }]);
	});

	it('gives 50 when nothing is said', async () => {
		server.answer(pagesOf(idsUpTo(450)));
		const { items } = await runList();
		expect(idsOf(items)).toEqual(idsUpTo(50));
	});

	it('reads several pages for a limit above one page', async () => {
		server.answer(pagesOf(idsUpTo(450)));
		const { items } = await runList({ limit: 250 });
		expect(idsOf(items)).toEqual(idsUpTo(250));
	});

	it('is right when the server sends more than it was asked for', async () => {
		server.answer(() => page(idsUpTo(9), 9));
		const { items } = await runList({ limit: 3 });
		expect(idsOf(items)).toEqual([1, 2, 3]);
	});

	it.each([
		['told', 120],
		['not told', undefined],
	])('is right when the server caps the page, with the total %s', async (_, total) => {
		server.answer(pagesOf(idsUpTo(120), 50, total));
		const { items } = await runList({ returnAll: true });
		expect(idsOf(items)).toEqual(idsUpTo(120));
	});

	it('is right when the server ignores the offset', async () => {
		const all = idsUpTo(450);
		server.answer(({ query }) => page(all.slice(0, asked(query).limit), all.length));
		const { items, error } = await runList({ returnAll: true });
		expect(error).toBeUndefined();
		expect(idsOf(items)).toEqual(all);
	});

	it('does not pretend: coupons that cannot be read are an error', async () => {
		const all = idsUpTo(450);
		server.answer(() => page(all.slice(0, 100), all.length));
		const { items, error } = await runList({ returnAll: true });
		expect(items).toEqual([]);
		expect(error.message).toContain('350 more cannot be read');
	});

	it('loses none and repeats none when a coupon is added between two pages', async () => {
		let all = idsUpTo(300);
		server.answer((call) => {
			const answer = pagesOf(all)(call);
			if (all.length === 300) all = [999, ...all];
			return answer;
		});
		const { items } = await runList({ returnAll: true });
		expect(idsOf(items).filter((id) => id !== 999)).toEqual(idsUpTo(300));
	});

	it('loses none when a coupon goes away between two pages', async () => {
		let all = idsUpTo(300);
		server.answer((call) => {
			const answer = pagesOf(all)(call);
			if (all.length === 300) all = all.slice(1);
			return answer;
		});
		const { items, error } = await runList({ returnAll: true });
		expect(error).toBeUndefined();
		const left = idsOf(items).filter((id) => id > 1);
		expect(left.sort((a, b) => a - b)).toEqual(idsUpTo(300).slice(1));
	});

	it('tells coupons without an ID apart by code and series', async () => {
		const bare = (code: string, series: string) => ({ code, series_id: series });
		const coupons = [bare('GENERIC', '1'), bare('GENERIC', '2'), bare('B', '1')];
		server.answer([page([], 3, { coupon: coupons })]);
		const { items } = await runList();
		expect(jsonOf(items).map(({ code, seriesId }) => [code, seriesId])).toEqual([
			['GENERIC', 1],
			['GENERIC', 2],
			['B', 1],
		]);
	});

	it.each(['stopWorkflow', 'continueRegularOutput'])(
		'gives no half list when page 2 fails (%s)',
		async (onError) => {
			const status = { success: 'false', code: 500, message: 'All requests have failed' };
			server.answer((call, index) =>
				index === 0 ? pagesOf(idsUpTo(300))(call) : { body: { response: { status } } },
			);
			const { items, error } = await runList({ returnAll: true }, [{}], onError);
			const told = error?.message ?? items[0]?.json.error;
			expect(told).toContain('All requests have failed');
			expect(jsonOf(items).filter((json) => 'code' in json)).toEqual([]);
		},
	);
});

describe('what page 003 calls an error', () => {
	const failed = (code: unknown, message: string, success: unknown) => ({ success, code, message });

	it.each([
		[701, 'does not know this customer'],
		[702, 'coupon code is not valid'],
		[707, 'series does not exist'],
	])('%i in the item status becomes an error item', async (code, sentence) => {
		for (const success of ['false', false]) {
			for (const told of [code, String(code)]) {
				const itemStatus = failed(told, 'Capillary says no', success);
				server.answer([
					{
						body: {
							response: {
								status: failed(500, 'All requests have failed', 'false'),
								customers: { customer: [{ item_status: itemStatus }] },
							},
						},
					},
				]);
				const { items } = await runList({}, [{}], 'continueRegularOutput');
				expect(jsonOf(items)).toEqual([
					{
						error: expect.stringContaining(sentence),
						details: expect.objectContaining({ code, apiMessage: 'Capillary says no' }),
					},
				]);
			}
		}
	});

	it('is not code 1000, which says that all went well', async () => {
		server.answer([page([1], 1)]);
		const { items, error } = await runList();
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
	});

	it.each([401, '401', 403, '498'])(
		'is code %p in the status, although success says "true"',
		async (code) => {
			const status = { success: 'true', code, message: 'Unauthorized' };
			server.answer(() => ({ body: { response: { status, customers: null } } }));
			const { items } = await runList({}, [{}], 'continueRegularOutput');
			expect(jsonOf(items)).toEqual([
				{
					error: expect.stringContaining('Unauthorized'),
					details: expect.objectContaining({ code: Number(code), httpStatus: 200 }),
				},
			]);
		},
	);
});
