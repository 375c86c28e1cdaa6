import type { Reply } from './helpers';
import { at, basic, Client, json, useSandbox, withToken } from './helpers';

const PATH = '/v1.1/customer/coupons';
const SAWYER = `${PATH}?mobile=9988776655`;
const COLLECTOR = `${PATH}?external_id=COLLECTOR`;

interface Row {
	id: string;
	code: string;
}

const rows = (reply: Reply) => at(reply, 'response.customers.customer.0.coupons.coupon') as Row[];
const codes = (reply: Reply) => (rows(reply) ?? []).map(({ code }) => code);

describe('GET /v1.1/customer/coupons', () => {
	const { sandbox, client } = useSandbox();

	it('answers in the shape and the types of the page', async () => {
		const reply = await client.get(`${SAWYER}&status=redeemed`);
		expect(json(reply)).toEqual({
			response: {
				pagination: { limit: '100', offset: '0', total: 1 },
				status: { success: 'true', code: 200, message: 'Success' },
				customers: {
					customer: [
						{
							firstname: 'Tom',
							lastname: 'Sawyer',
							email: 'tom.sawyer@example.com',
							external_id: null,
							mobile: '9988776655',
							id: '98662653',
							coupons: {
								coupon: [
									{
										id: '163267982',
										series_id: '868760',
										series_name: 'Gold star coupons',
										redemption_count: 1,
										created_date: '2019-07-29T16:13:14.000Z',
										valid_till: '2036-06-11 23:59:59',
										code: '6WRNA5UM',
										transaction_number: null,
										issued_at: { code: 'store_001', name: 'Main Store' },
										purpose: '',
										custom_properties: {},
										redemptions: {
											redemption: [
												{
													id: '4359526',
													date: '2021-05-17T19:07:54.000Z',
													transaction_number: 'TXN12345',
													redeemed_at: { code: 'store_002', name: 'Downtown Store' },
												},
											],
										},
									},
								],
							},
							item_status: {
								success: 'true',
								code: 1000,
								message: 'Coupons retrieved successfully',
							},
						},
					],
				},
			},
		});
	});

	it('shows local times of an Indian server', async () => {
		sandbox.configure({ timezone: '+05:30' });
		expect(rows(await client.get(`${SAWYER}&status=redeemed`))[0]).toMatchObject({
			created_date: '2019-07-29T21:43:14.000+05:30',
			valid_till: '2036-06-12 05:29:59',
		});
	});

	it.each(['mobile=9988776655', 'email=tom.sawyer%40example.com', 'id=98662653'])(
		'finds the customer by %s',
		async (query) => expect(codes(await client.get(`${PATH}?${query}`))).toHaveLength(3),
	);

	it.each([
		['status=redeemed', ['6WRNA5UM']],
		['status=unredeemed', ['abAB123', 'vmqvzcvymt']],
		['status=expired', ['vmqvzcvymt']],
		['status=active', ['abAB123', '6WRNA5UM']],
		['status=expired;redeemed', ['vmqvzcvymt', '6WRNA5UM']],
		['series_id=544770', ['abAB123']],
		['store_id=store_001', ['abAB123', '6WRNA5UM']],
		['start_date=2024-03-01', ['abAB123', 'vmqvzcvymt']],
		['start_date=2021-05-17&end_date=2021-05-18', ['6WRNA5UM']],
		['end_date=2024-03-01', ['6WRNA5UM']],
		['order_by=created_date&sort_order=asc', ['6WRNA5UM', 'vmqvzcvymt', 'abAB123']],
		['order_by=valid_till&sort_order=asc&limit=1', ['vmqvzcvymt']],
	])('%s', async (query, expected) => {
		expect(codes(await client.get(`${SAWYER}&${query}`))).toEqual(expected);
	});

	it('knows coupons that can be redeemed at one store only', async () => {
		await client.issue(757291, { id: 345635529 });
		const byStore = async (store: string) =>
			codes(await client.get(`${PATH}?id=345635529&store_id=${store}`)).length;
		expect(await byStore('store_001')).toBe(0);
		expect(await byStore('store_002')).toBe(1);
	});

	it('pages with limit and offset: 100 unless told otherwise', async () => {
		const first = await client.get(COLLECTOR);
		expect(codes(first)).toHaveLength(100);
		expect(at(first, 'response.pagination')).toEqual({ limit: '100', offset: '0', total: 250 });
		const last = await client.get(`${COLLECTOR}&limit=200&offset=200`);
		expect(codes(last)).toHaveLength(50);
		expect(at(last, 'response.pagination.offset')).toBe('200');
	});

	it('can ignore the offset and cap the limit', async () => {
		sandbox.configure({ ignoreOffset: true, capLimit: 60 });
		const reply = await client.get(`${COLLECTOR}&limit=200&offset=200`);
		expect(codes(reply)).toHaveLength(60);
		expect(codes(reply)[0]).toBe('MANY0249');
		expect(at(reply, 'response.pagination')).toEqual({ limit: '60', offset: '0', total: 250 });
	});

	it('can send a list with one element as that element', async () => {
		sandbox.configure({ objectForOne: true });
		const reply = await client.get(`${SAWYER}&status=redeemed`);
		const path = 'response.customers.customer.coupons.coupon';
		expect(at(reply, `${path}.code`)).toBe('6WRNA5UM');
		expect(at(reply, `${path}.redemptions.redemption.id`)).toBe('4359526');
		const property = await client.get(`${SAWYER}&series_id=544770`);
		expect(at(property, `${path}.custom_properties.custom_property`)).toEqual({
			name: 'standard_description',
			value: '10% off on next purchase',
		});
	});

	it.each([
		['{}', {}],
		['[]', []],
		['null', null],
		['missing', undefined],
	] as const)('can send empty containers as %s', async (emptyAs, expected) => {
		sandbox.configure({ emptyAs });
		const empty = await client.get(`${PATH}?id=345635529`);
		expect(at(empty, 'response.customers.customer.0.coupons')).toEqual(expected);
		expect(at(empty, 'response.pagination.total')).toBe(0);
		const fresh = await client.get(`${SAWYER}&series_id=544770`);
		expect(at(fresh, 'response.customers.customer.0.coupons.coupon.0.redemptions')).toEqual(
			expected,
		);
	});

	it('may be denied to some who may issue all the same', async () => {
		for (const denied of [
			new Client(sandbox, basic('nocustomer.till', 'loopback-only')),
			withToken(sandbox, await client.token('nocustomer-key')),
		]) {
			const reply = await denied.get(SAWYER);
			expect([reply.status, at(reply, 'response.status.code')]).toEqual([403, 403]);
			expect((await denied.issue(868760)).status).toBe(200);
			expect((await denied.get('/v2/coupon?couponCodes=6WRNA5UM')).status).toBe(200);
		}
	});

	it('holds thousands of coupons', async () => {
		sandbox.give({ customer: { id: '345635529' }, seriesId: 868760, count: 3000 });
		const reply = await client.get(`${PATH}?id=345635529&limit=2500&offset=1000`);
		expect(at(reply, 'response.pagination.total')).toBe(3000);
		expect(new Set(codes(reply)).size).toBe(2000);
	});

	it('tells an unknown customer and an unknown series in item_status', async () => {
		const unknown = await client.get(`${PATH}?mobile=5550000`);
		expect(unknown.status).toBe(200);
		expect(at(unknown, 'response.status.success')).toBe('false');
		expect(at(unknown, 'response.customers.customer.0')).toMatchObject({
			mobile: '5550000',
			item_status: { success: 'false', code: 701 },
		});
		const series = await client.get(`${SAWYER}&series_id=1`);
		expect(at(series, 'response.customers.customer.0.item_status.code')).toBe(707);
		sandbox.configure({ v11FailureStatus: 500 });
		expect((await client.get(`${PATH}?mobile=5550000`)).status).toBe(500);
	});
});

describe('GET /v1.1/coupon/series', () => {
	const LIST = '/v1.1/coupon/series';
	const { sandbox, client } = useSandbox();

	const ids = (reply: Reply) =>
		(at(reply, 'response.series.items.item') as Row[]).map(({ id }) => id);

	it('lists all series, with strings for numbers', async () => {
		const reply = await client.get(LIST);
		expect(ids(reply)).toHaveLength(sandbox.series.length);
		expect(at(reply, 'response.status')).toEqual({
			success: 'true',
			code: '200',
			message: 'Success',
		});
		expect(at(reply, 'response.series.items.item.0')).toMatchObject({
			id: '868760',
			description: 'Gold star coupons',
			discount_value: '1000',
			client_handling_type: 'DISC_CODE',
			valid_till_date: '2036-06-11',
			coupons: { issued: '252', redeemed: '1' },
			item_status: { success: 'true', code: '700' },
		});
	});

	it('filters by expiry', async () => {
		expect(ids(await client.get(`${LIST}?expired=true`))).toEqual(['68579']);
		expect(ids(await client.get(`${LIST}?expired=false`))).not.toContain('68579');
		expect(ids(await client.get(`${LIST}?expired=extended`))).toContain('68579');
	});

	it('finds one series, as an object when asked to, and tells an unknown one', async () => {
		expect(ids(await client.get(`${LIST}?id=239821`))).toEqual(['239821']);
		const unknown = await client.get(`${LIST}?id=1`);
		expect(at(unknown, 'response.series.items.item.0.item_status.success')).toBe('false');
		sandbox.configure({ objectForOne: true });
		expect(at(await client.get(`${LIST}?id=239821`), 'response.series.items.item.id')).toBe(
			'239821',
		);
	});
});
