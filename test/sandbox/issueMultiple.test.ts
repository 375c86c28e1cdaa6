import { at, errorCode, json, useSandbox } from './helpers';

describe('POST /v2/coupon/issue/multiple', () => {
	const { sandbox, client } = useSandbox();

	it('answers in the shape of the page', async () => {
		const reply = await client.issueMany(415446, 2, { mobile: '11223569865' });
		expect(reply.status).toBe(200);
		const identifiers = [
			{ type: 'mobile', value: '11223569865' },
			{ type: 'externalId', value: '000003873472' },
		];
		const coupon = { code: expect.any(String), couponId: expect.any(Number) };
		expect(json(reply)).toEqual({
			coupons: [coupon, coupon],
			couponConfig: {
				customPropertyMap: {},
				id: 0,
				description: 'Welcome voucher 500',
				discountCode: 'NO_VALUE',
				info: 'Welcome voucher 500',
				discountUpto: 0,
				discountValue: 500,
				issueToLoyalty: false,
				numUploadedNonIssued: 0,
				numUploadedTotal: 0,
				redemptionValidAfterDays: 0,
				ownerId: 0,
				ownerValidity: 0,
				alphaNumeric: false,
				shortCodeLength: 0,
				randomCodeLength: 0,
				fixedExpiryDate: 0,
				numTotal: 0,
				latestIssualTime: 0,
				latestRedemptionTime: 0,
				discountOn: 'BILL',
				discountType: 'ABS',
				externalIssual: false,
				updateProductData: false,
			},
			totalCount: 2,
			failureCount: 0,
			successCount: 2,
			customer: {
				id: 555567088,
				profiles: [
					{
						firstName: 'Tom',
						lastName: 'Hills',
						fields: {},
						allFields: {},
						identifiers,
						commChannels: [],
						userId: 555567088,
						accountId: '',
						autoUpdateTime: '2025-10-09T06:45:52Z',
						identifiersAll: identifiers,
					},
				],
			},
			errors: [],
			warnings: [],
		});
		expect(sandbox.ledger.map(({ couponId }) => couponId)).toEqual([
			at(reply, 'coupons.0.couponId'),
			at(reply, 'coupons.1.couponId'),
		]);
	});

	it('issues one without a count, and up to 500', async () => {
		expect(at(await client.issueMany(868760, undefined), 'totalCount')).toBe(1);
		expect(at(await client.issueMany(868760, 500), 'successCount')).toBe(500);
	});

	it.each([
		['no series', undefined, 1, 756, 'seriesId is mandatory to set'],
		['a count of 0', 868760, 0, 756, 'count should be greater than 0'],
		['a negative count', 868760, -1, 756, 'count should be greater than 0'],
		['a count of 501', 868760, 501, 677, 'Invalid coupon count. Minimum 1 and Maximum 500.'],
		['an unknown series', 1, 1, 707, 'Coupon Series ID is invalid'],
		['an expired series', 68579, 1, 713, 'Coupon has expired'],
		['an empty queue', 318905, 1, 5005, 'Queue is empty for series'],
	])('refuses %s in the words of the page', async (_what, seriesId, count, code, message) => {
		const reply = await client.issueMany(seriesId, count);
		expect(json(reply)).toEqual({ errors: [{ status: false, code, message }] });
		expect(sandbox.ledger).toHaveLength(0);
	});

	it('refuses an unknown customer in the words of the page', async () => {
		const reply = await client.issueMany(868760, 1, { email: 'nobody@example.com' });
		const message =
			'The customer could not be found. Please check mobile, email, external id passed';
		expect(json(reply)).toEqual({ errors: [{ status: false, code: 701, message }] });
	});

	it('refuses a second coupon in the words of the page', async () => {
		await client.issueMany(960040, 1);
		const message = 'Coupon processing failed: user already has a coupon';
		expect(json(await client.issueMany(960040, 1))).toEqual({
			errors: [{ status: false, code: 709, message }],
		});
	});

	it.each([[[415446, 535521], 2] as const, [415446, 'two'] as const, [415446, 1.5] as const])(
		'calls seriesId %j with count %j a faulty request',
		async (seriesId, count) => {
			expect((await client.issueMany(seriesId, count)).status).toBe(400);
		},
	);

	it.each([
		[960040, 2, 1, 5004, 'Issue only one coupon. Since isAllowMultipleVouchersPerUser=false.'],
		[239821, 3, 1, 5004, 'Cannot issue more than one GENERIC coupon code.'],
		[757291, 5, 3, 5002, 'max coupon per user exceeded'],
		[318900, 8, 5, 5006, 'Unable to issue certain number of coupons'],
		[318901, 4, 3, 5001, 'Maximum number of series has been created.'],
	])('issues what series %d allows of %d', async (seriesId, count, issued, code, message) => {
		const customer = { id: 345635529 };
		const reply = await client.issueMany(seriesId, count, customer);
		expect(json(reply)).toMatchObject({
			totalCount: count,
			successCount: issued,
			failureCount: count - issued,
			errors: [{ status: false, code, message }],
			warnings: [],
		});
		expect(at(reply, 'coupons.length')).toBe(issued);
		expect(sandbox.ledger).toHaveLength(issued);
		expect(sandbox.calls[0]?.outcome).toBe('partial');
		// Nothing is left now: the same call fails in full.
		const again = await client.issueMany(seriesId, count, customer);
		expect(Object.keys(json(again))).toEqual(['errors']);
		expect(sandbox.ledger).toHaveLength(issued);
	});

	it("can take the partial codes from the table's left column", async () => {
		sandbox.configure({ partialCodes: 'table' });
		expect(errorCode(await client.issueMany(960040, 2))).toBe(679);
	});

	it('gives everybody the same generic code under different IDs', async () => {
		const first = await client.issueMany(239821, 1, { id: 98662653 });
		const second = await client.issueMany(239821, 1, { id: 345635529 });
		expect([at(first, 'coupons.0.code'), at(second, 'coupons.0.code')]).toEqual([
			'DECATH10',
			'DECATH10',
		]);
		expect(at(first, 'coupons.0.couponId')).not.toBe(at(second, 'coupons.0.couponId'));
	});

	it('keeps the metadata, and refuses texts that are too long', async () => {
		const metadata = { sourceType: 'Journeys', notes: 'n'.repeat(250) };
		await client.issueMany(868760, 1, undefined, { metadata });
		expect(sandbox.ledger[0]?.metadata).toEqual(metadata);
		const long = { metadata: { sourceId: 's'.repeat(51) } };
		expect(errorCode(await client.issueMany(868760, 1, undefined, long))).toBe(756);
		expect(sandbox.ledger).toHaveLength(1);
	});
});
