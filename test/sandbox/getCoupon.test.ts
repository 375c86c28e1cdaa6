import { at, Client, errorCode, json, useSandbox } from './helpers';

describe('GET /v2/coupon', () => {
	const { sandbox, client } = useSandbox();

	const codes = (reply: Awaited<ReturnType<Client['get']>>) =>
		(at(reply, 'data') as Array<{ code: string }>).map(({ code }) => code);

	it('answers in the shape of the page', async () => {
		const reply = await client.get('/v2/coupon?couponCodes=5875447216353555');
		expect(json(reply)).toEqual({
			data: [
				{
					code: '5875447216353555',
					seriesId: 868760,
					description: 'Gold star coupons',
					discountCode: 'gold1234',
					validTill: '2036-06-11T00:00:00Z',
					validTillDateTime: '2036-06-11T23:59:59Z',
					discountType: 'ABS',
					discountValue: 1000,
					discountUpto: 0,
					discountOn: 'BILL',
					detailedInfo: 'Gold star coupons',
				},
			],
			warnings: [],
			errors: [],
		});
	});

	it('adds the series when asked to, with the quirks of the sample', async () => {
		const reply = await client.get('/v2/coupon?couponCodes=YTOWAEN5N0&showCouponSeries=true');
		const series = at(reply, 'data.0.couponSeries') as Record<string, unknown>;
		expect(Object.keys(series)).toHaveLength(87);
		expect(series).toMatchObject({
			id: 757291,
			validTillISODate: '2036-06-11',
			mutualExclusiveSeriesIds: '[-1]',
			redeemAtStore: '["store_002"]',
			numIssued: 1,
			maxVouchersPerUser: 3,
			fixedExpiryDate: Date.parse('2036-06-11T00:00:00Z'),
			redemptionRange: { dom: [1], dow: [1], hours: [1] },
		});
	});

	it('can fill the series up to 4 KB, for lists of many megabytes', async () => {
		sandbox.configure({ seriesDetailsBytes: 4096 });
		sandbox.give({ customer: { id: '345635529' }, seriesId: 868760, count: 500 });
		const reply = await client.get('/v2/coupon?issuedToIds=345635529&showCouponSeries=true');
		expect(at(reply, 'data.length')).toBe(500);
		expect(reply.text.length).toBeGreaterThan(500 * 4096);
		const series = at(reply, 'data.0.couponSeries') as Record<string, unknown>;
		expect(Object.keys(series)).toHaveLength(87);
	});

	it('takes repeated keys of all three kinds, and gives each coupon once', async () => {
		expect(
			codes(await client.get('/v2/coupon?couponCodes=YTOWAEN5N0&couponCodes=6WRNA5UM')),
		).toEqual(['YTOWAEN5N0', '6WRNA5UM']);
		expect(codes(await client.get('/v2/coupon?couponIds=163267982&couponIds=163267986'))).toEqual([
			'6WRNA5UM',
			'YTOWAEN5N0',
		]);
		expect(codes(await client.get('/v2/coupon?issuedToIds=98662653'))).toHaveLength(3);
		expect(codes(await client.get('/v2/coupon?couponIds=163267982&couponCodes=6wrna5um'))).toEqual([
			'6WRNA5UM',
		]);
	});

	it('can answer in the order of issue', async () => {
		sandbox.configure({ getCouponOrder: 'issued' });
		expect(
			codes(await client.get('/v2/coupon?couponCodes=YTOWAEN5N0&couponCodes=6WRNA5UM')),
		).toEqual(['6WRNA5UM', 'YTOWAEN5N0']);
	});

	it.each([
		['', 'ABAB123'],
		['&coupon_code_case=UPPER', 'ABAB123'],
		['&coupon_code_case=LOWER', 'abab123'],
		['&coupon_code_case=AS_IT_IS', 'abAB123'],
	])('writes codes in the case of "%s", whatever the case asked with', async (query, code) => {
		expect(codes(await client.get(`/v2/coupon?couponCodes=ABab123${query}`))).toEqual([code]);
	});

	it('adds the metadata of the issue when asked to', async () => {
		const metadata = { sourceType: 'POS', reason: 'sorry' };
		const issued = await client.issueMany(868760, 1, undefined, { metadata });
		const id = at(issued, 'coupons.0.couponId');
		const reply = await client.get(`/v2/coupon?couponIds=${id}&includeIssualDetails=true`);
		expect(at(reply, 'data.0.couponIssualDetails')).toEqual(metadata);
	});

	it('gives what it finds, and an error for what it does not', async () => {
		const some = await client.get('/v2/coupon?couponCodes=6WRNA5UM&couponCodes=NOPE');
		expect(codes(some)).toEqual(['6WRNA5UM']);
		expect(errorCode(some)).toBe(780);
		const none = await client.get('/v2/coupon?couponCodes=NOPE');
		expect(none.status).toBe(200);
		expect(at(none, 'data')).toEqual([]);
		expect(errorCode(none)).toBe(780);
		sandbox.configure({ missingCoupons: 'silent' });
		expect(json(await client.get('/v2/coupon?couponCodes=NOPE'))).toEqual({
			data: [],
			warnings: [],
			errors: [],
		});
	});

	it('needs something to look for, and integers for IDs', async () => {
		expect(errorCode(await client.get('/v2/coupon?couponCodes='))).toBe(781);
		expect((await client.get('/v2/coupon?couponIds=abc')).status).toBe(400);
	});
});
