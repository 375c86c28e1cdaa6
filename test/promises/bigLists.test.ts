import { GOOD, jsonOf, useServer } from '../support/useServer';

const server = useServer();

describe('Get Coupon by customer', () => {
	const parameters = {
		...GOOD.getCoupon,
		lookupBy: 'issuedToIds',
		lookupValues: '={{ $json.ids }}',
		options: { showCouponSeries: true },
	};
	const terms = 'x'.repeat(4_000);
	const couponsOf = (id: string, count: number) =>
		Array.from({ length: count }, (_, n) => ({ code: `C${id}-${n}`, couponSeries: { terms } }));

	it('reads a list of 2,000 coupons with 4 KB each', async () => {
		server.answer(() => ({ body: { data: couponsOf('1', 2_000) } }));
		const { items, error } = await server.run(parameters, [{ ids: ['1'] }]);

		expect(error).toBeUndefined();
		expect(items).toHaveLength(2_000);
		expect(items[1_999].json.code).toBe('C1-1999');
	});

	it('asks for few customers at a time', async () => {
		server.answer(({ query }) => ({
			body: {
				data: new URLSearchParams(query).getAll('issuedToIds').flatMap((id) => couponsOf(id, 3)),
			},
		}));
		const ids = Array.from({ length: 95 }, (_, n) => n + 1);
		const { items } = await server.run(parameters, [{ ids }]);

		expect(items).toHaveLength(285);
		expect(server.calls).toHaveLength(10);
	});

	it('says so when an answer is larger than what is read', async () => {
		server.answer(() => ({ body: `{"data":["${'x'.repeat(64_000_001)}"]}` }));
		const { error } = await server.run(parameters, [{ ids: ['1'] }]);

		expect(error.message).toContain('The answer is larger than 64 MB');
		expect(error.description).toContain('fewer');
		expect(error.message).not.toContain("not one of Capillary's");
	});
});

describe('Get Customer Coupons', () => {
	const v11 = (customer: object[], total?: number) => ({
		body: {
			response: {
				status: { success: 'true', code: 200 },
				customers: { customer },
				...(total === undefined ? {} : { pagination: { total } }),
			},
		},
	});
	const parameters = { ...GOOD.getCustomerCoupons, returnAll: true };

	it('reads coupons without ID that share code and series', async () => {
		const coupon = { code: 'A1', series_id: 7 };
		server.answer((_, index) =>
			index === 0
				? v11([{ id: 1, coupons: { coupon: [coupon, coupon, { ...coupon, id: '' }] } }], 3)
				: v11([]),
		);
		const { items, error } = await server.run(parameters);

		expect(error).toBeUndefined();
		expect(jsonOf(items).map(({ code }) => code)).toEqual(['A1', 'A1', 'A1']);
	});

	it('gives each coupon the customer that it stands in', async () => {
		server.answer((_, index) =>
			index === 0
				? v11(
						[
							{ id: 1, firstname: 'Ann', coupons: { coupon: [{ id: 5, code: 'A1' }] } },
							{
								id: 2,
								firstname: 'Bea',
								coupons: {
									coupon: [
										{ id: 5, code: 'B1' },
										{ id: 6, code: 'B2' },
									],
								},
							},
						],
						3,
					)
				: v11([]),
		);
		const { items } = await server.run(parameters);
		expect(jsonOf(items).map(({ code, customerId }) => [code, customerId])).toEqual([
			['A1', 1],
			['B1', 2],
			['B2', 2],
		]);
		server.answer((_, index) =>
			index === 0
				? v11([{ id: 1, firstname: 'Ann', coupons: { coupon: [{ id: 5, code: 'A1' }] } }], 1)
				: v11([]),
		);
		const raw = await server.run({ ...parameters, simplify: false });
		expect(raw.items[0].json).toMatchObject({ code: 'A1', customer: { id: 1, firstname: 'Ann' } });
		expect(raw.items[0].json.customer).not.toHaveProperty('coupons');
	});
});
