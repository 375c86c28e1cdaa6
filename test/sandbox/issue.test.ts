import { at, errorCode, json, useSandbox } from './helpers';

describe('POST /v2/coupon/issue', () => {
	const { sandbox, client } = useSandbox();

	it('answers in the shape of the page', async () => {
		// The page's own request: unused identifiers are empty strings.
		const reply = await client.issue(868760, {
			id: '',
			mobile: '1234512345',
			externalId: '',
			email: '',
		});
		expect(reply.status).toBe(200);
		const identifiers = [
			{ type: 'mobile', value: '1234512345' },
			{ type: 'email', value: 'dead.fool@example.com' },
			{ type: 'externalId', value: '12341234' },
		];
		expect(json(reply)).toEqual({
			code: expect.stringMatching(/^\d{16}$/),
			seriesId: 868760,
			description: 'Gold star coupons',
			discountCode: 'gold1234',
			validTill: '2036-06-11T00:00:00Z',
			discountType: 'ABS',
			discountValue: 1000,
			discountUpto: 0,
			discountOn: 'BILL',
			detailedInfo: 'Gold star coupons',
			customer: {
				id: 566881933,
				profiles: [
					{
						firstName: 'Dead',
						lastName: 'fool',
						fields: {},
						allFields: {},
						identifiers,
						commChannels: [],
						userId: 566881933,
						accountId: '',
						autoUpdateTime: '2025-10-09T06:45:52Z',
						identifiersAll: identifiers,
					},
				],
			},
			redemptionCount: 0,
			id: 0,
			validTillDateTime: '2036-06-11T23:59:59Z',
			warnings: [],
		});
	});

	it('writes every coupon into the ledger, with the call that issued it', async () => {
		const reply = await client.issue(868760);
		expect(sandbox.ledger).toHaveLength(1);
		expect(sandbox.ledger[0]).toMatchObject({
			code: at(reply, 'code'),
			seriesId: 868760,
			customerId: 566881933,
			callIndex: sandbox.calls[0]?.index,
			redemptions: [],
		});
		expect(sandbox.calls[0]).toMatchObject({
			method: 'POST',
			path: '/v2/coupon/issue',
			body: { seriesId: 868760, customer: { mobile: '1234512345' } },
			customer: { mobile: '1234512345' },
			status: 200,
			outcome: 'ok',
			workDone: true,
		});
	});

	it.each([
		[{ mobile: '1234512345' }],
		[{ email: 'Dead.Fool@example.com' }],
		[{ externalId: '12341234' }],
		[{ id: 566881933 }],
		[{ id: '566881933' }],
	])('finds the customer by %j', async (customer) => {
		expect(at(await client.issue(868760, customer), 'customer.id')).toBe(566881933);
	});

	it('keeps leading zeros in codes', async () => {
		expect(at(await client.issue(415446), 'code')).toMatch(/^00\d{10}$/);
	});

	it('shows the same instants in the zone of the server', async () => {
		sandbox.configure({ timezone: '+05:30' });
		const body = json(await client.issue(868760));
		expect(body.validTill).toBe('2036-06-11T05:30:00+05:30');
		expect(body.validTillDateTime).toBe('2036-06-12T05:29:59+05:30');
		expect(body).toHaveProperty('customer.profiles.0.autoUpdateTime', '2025-10-09T12:15:52+05:30');
	});

	it.each([
		['an unknown series', 1, { mobile: '1234512345' }, 707],
		['an externally managed series', 18426, { mobile: '1234512345' }, 707],
		['an expired series', 68579, { mobile: '1234512345' }, 713],
		['no series', undefined, { mobile: '1234512345' }, 756],
		['an unknown customer', 868760, { mobile: '5550000' }, 701],
		['an external ID without its zeros', 868760, { externalId: '3873472' }, 701],
		['no identifier', 868760, { mobile: '' }, 701],
		['an empty queue', 318905, { mobile: '1234512345' }, 5005],
	])('refuses %s', async (_what, seriesId, customer, code) => {
		const reply = await client.issue(seriesId, customer);
		expect(reply.status).toBe(200);
		expect(Object.keys(json(reply))).toEqual(['errors']);
		expect(at(reply, 'errors.0')).toEqual({ status: false, code, message: expect.any(String) });
		expect(sandbox.ledger).toHaveLength(0);
		expect(sandbox.calls[0]?.outcome).toBe('refused');
	});

	it('tells coupon errors with another status when asked to', async () => {
		sandbox.configure({ couponErrorStatus: 400 });
		expect((await client.issue(1)).status).toBe(400);
	});

	it.each([[[415446, 535521]], ['abc'], [1.5], [{}]])(
		'calls the series ID %j a faulty request',
		async (seriesId) => {
			expect((await client.issue(seriesId)).status).toBe(400);
			expect(sandbox.ledger).toHaveLength(0);
		},
	);

	it('calls a body that is no JSON a faulty request', async () => {
		expect((await client.post('/v2/coupon/issue', '{"seriesId":')).status).toBe(400);
	});

	it('refuses a second coupon of a one-per-customer series', async () => {
		await client.issue(960040);
		expect(errorCode(await client.issue(960040))).toBe(709);
		expect(errorCode(await client.issue(960040, { id: 98662653 }))).toBeUndefined();
	});

	it('answers the first coupon again where the series resends', async () => {
		const first = at(await client.issue(960041), 'code');
		expect(at(await client.issue(960041), 'code')).toBe(first);
		expect(sandbox.ledger).toHaveLength(1);
	});

	it('keeps mutually exclusive series apart', async () => {
		await client.issue(720100);
		expect(errorCode(await client.issue(720101))).toBe(709);
		expect(errorCode(await client.issue(720100))).toBeUndefined();
	});

	it('stops at the maximum per customer, at the stock and at the size of the series', async () => {
		const codes = async (seriesId: number, times: number) => {
			for (let i = 0; i < times; i++) await client.issue(seriesId, { id: 98662653 });
			return errorCode(await client.issue(seriesId, { id: 98662653 }));
		};
		expect(await codes(757291, 3)).toBe(5002);
		expect(await codes(318900, 5)).toBe(5006);
		expect(await codes(318901, 3)).toBe(5001);
	});

	it('makes customers of unknown mobile numbers only when asked to', async () => {
		expect(errorCode(await client.issue(868760, { mobile: '919900000042' }))).toBe(701);
		sandbox.configure({ anyCustomer: true });
		expect(at(await client.issue(868760, { mobile: '919900000042' }), 'customer.id')).toBe(
			900000042,
		);
		expect(at(await client.issue(868760, { mobile: '+919900000042' }), 'customer.id')).toBe(
			900000042,
		);
		expect(errorCode(await client.issue(868760, { mobile: '5550000' }))).toBe(701);
	});

	it('answers 521 to two calls at a time for one customer, when asked to', async () => {
		sandbox.configure({ refuseConcurrentCustomer: true, latencyMs: 300 });
		const replies = await Promise.all([
			client.issue(868760, { mobile: '1234512345' }),
			client.issue(868760, { id: 566881933 }),
			client.issue(868760, { id: 98662653 }),
		]);
		expect(replies.map(errorCode).filter((code) => code !== undefined)).toEqual([521]);
		expect(sandbox.ledger).toHaveLength(2);
		expect(sandbox.stats).toMatchObject({ maxOpen: 3, maxOpenPerCustomer: 2, open: 0 });
		expect(sandbox.maxOpenByCustomer.get('566881933')).toBe(2);
		expect(sandbox.maxOpenByCustomer.get('98662653')).toBe(1);
	});
});
