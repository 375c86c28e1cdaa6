import { sleep } from 'n8n-workflow';

import response from '../fixtures/getCoupon/response.json';
import lowerCase from '../fixtures/getCoupon/response-lower-case.json';
import withSeries from '../fixtures/getCoupon/response-with-series.json';
import { jsonOf, lines, linksOf, useServer } from '../support/useServer';

const server = useServer();
const runGet = server.runsOf('getCoupon');

const NOT_FOUND = { status: false, code: 780, message: 'coupon not found' };
const coupon = (code: string) => ({ ...response.data[0], code });
const found = (codes: string[], errors: object[] = []) => ({
	body: { data: codes.map(coupon), warnings: [], errors },
});
/** The values of a repeated query key, decoded. */
const valuesIn = (query: string, key: string) => new URLSearchParams(query).getAll(key);
/** Answers a call with the coupons it asks for, in whatever order the server likes. */
const answerReversed = ({ query }: { query: string }) =>
	found(valuesIn(query, 'couponCodes').reverse());

describe('the request of Get Coupon', () => {
	it("is the page's example of one code with its series", async () => {
		server.answer([{ body: withSeries }]);
		await runGet({ lookupValues: 'YTOWAEN5N0', options: { showCouponSeries: true } });
		expect(server.calls).toHaveLength(1);
		expect(server.calls[0]).toMatchObject({ method: 'GET', path: '/v2/coupon', body: '' });
		expect(server.calls[0]?.query.split('&').sort()).toEqual([
			'couponCodes=YTOWAEN5N0',
			'showCouponSeries=true',
		]);
	});

	it("is the page's example of a customer's coupons in lower case", async () => {
		server.answer([{ body: lowerCase }]);
		await runGet({
			lookupBy: 'issuedToIds',
			lookupValues: '345635529',
			options: { couponCodeCase: 'LOWER' },
		});
		expect(server.calls[0]?.path).toBe('/v2/coupon');
		expect(server.calls[0]?.query.split('&').sort()).toEqual([
			'coupon_code_case=LOWER',
			'issuedToIds=345635529',
		]);
	});

	it("is the page's form for several IDs and several codes: the key is repeated", async () => {
		server.answer([found(['123', '456']), found(['ABC', 'DEF'])]);
		await runGet({ lookupBy: 'couponIds', lookupValues: '123,456' });
		await runGet({ lookupBy: 'couponCodes', lookupValues: 'ABC,DEF' });
		expect(lines(server.calls)).toEqual([
			'GET /v2/coupon?couponIds=123&couponIds=456',
			'GET /v2/coupon?couponCodes=ABC&couponCodes=DEF',
		]);
	});

	it.each(['UPPER', 'LOWER', 'AS_IT_IS'])('asks for the letter case %s', async (couponCodeCase) => {
		server.answer([{ body: response }]);
		await runGet({ options: { couponCodeCase } });
		expect(valuesIn(server.calls[0]?.query ?? '', 'coupon_code_case')).toEqual([couponCodeCase]);
	});

	it.each([
		['showCouponSeries', true],
		['showCouponSeries', false],
		['includeIssualDetails', true],
		['includeIssualDetails', false],
	])('says %s=%s when the option is added', async (name, value) => {
		server.answer([{ body: response }]);
		await runGet({ options: { [name]: value } });
		expect(valuesIn(server.calls[0]?.query ?? '', name)).toEqual([String(value)]);
	});

	it.each([
		['one value', 'A1', ['A1']],
		['commas, spaces and a gap', ' A1 ,, B2,C3 , ', ['A1', 'B2', 'C3']],
		['lines', 'A1\nB2\r\nC3', ['A1', 'B2', 'C3']],
		['a list from an expression', '={{ $json.list }}', ['L1', '0002']],
		['a number from an expression', '={{ $json.number }}', ['5875447216353555']],
		['a list of numbers', '={{ $json.numbers }}', ['7', '8']],
		['leading zeros', '0001,001', ['0001', '001']],
		['signs that a query must encode', 'A+B&C=D#É', ['A+B&C=D#É']],
		['a code given twice', 'A1,a1,A1', ['A1']],
	])('takes %s', async (_, lookupValues, sent) => {
		server.answer(({ query }) => found(valuesIn(query, 'couponCodes')));
		const { error } = await runGet({ lookupValues }, [
			{ list: ['L1', '0002'], number: 5875447216353555, numbers: [7, 8] },
		]);
		expect(error).toBeUndefined();
		expect(server.calls).toHaveLength(1);
		expect(valuesIn(server.calls[0]?.query ?? '', 'couponCodes')).toEqual(sent);
	});

	it.each([
		['couponIds', 4294967297],
		['issuedToIds', '4294967297'],
	])('carries %s beyond 2^31', async (lookupBy, id) => {
		server.answer([{ body: response }]);
		await runGet({ lookupBy, lookupValues: '={{ $json.id }}' }, [{ id }]);
		expect(lines(server.calls)).toEqual([`GET /v2/coupon?${lookupBy}=4294967297`]);
	});

	it('takes every parameter from an expression, item by item', async () => {
		server.answer([{ body: response }, { body: withSeries }]);
		const names = ['couponCodeCase', 'showCouponSeries', 'includeIssualDetails'];
		await runGet(
			{
				lookupBy: '={{ $json.by }}',
				lookupValues: '={{ $json.values }}',
				options: Object.fromEntries(names.map((name) => [name, `={{ $json.${name} }}`])),
				simplify: '={{ $json.simple }}',
			},
			[
				{
					...{ by: 'couponIds', values: 1, simple: true },
					...{ couponCodeCase: 'UPPER', showCouponSeries: false, includeIssualDetails: true },
				},
				{
					...{ by: 'issuedToIds', values: [2, '3'], simple: false },
					...{ couponCodeCase: 'LOWER', showCouponSeries: true, includeIssualDetails: false },
				},
			],
		);
		const queries = server.calls.map(({ query }) => query.split('&').sort().join('&')).sort();
		expect(queries).toEqual([
			'couponIds=1&coupon_code_case=UPPER&includeIssualDetails=true&showCouponSeries=false',
			'coupon_code_case=LOWER&includeIssualDetails=false&issuedToIds=2&issuedToIds=3&showCouponSeries=true',
		]);
	});
});

describe('the output of Get Coupon', () => {
	const simple = {
		code: '5875447216353555',
		seriesId: 868760,
		description: 'Gold star coupons',
		discountText: '1000 off',
		discountCode: 'gold1234',
		discountType: 'ABS',
		discountValue: 1000,
		discountUpto: 0,
		discountOn: 'BILL',
		validTill: '2026-06-11T23:59:59Z',
	};

	it('holds the fields of the design', async () => {
		server.answer([{ body: response }]);
		const { items } = await runGet();
		expect(items).toEqual([{ json: simple, pairedItem: { item: 0 } }]);
	});

	it('is one item a coupon, as the API sends it, with Simplify off', async () => {
		server.answer([{ body: lowerCase }]);
		const { items } = await runGet({
			lookupBy: 'issuedToIds',
			lookupValues: '345635529',
			simplify: false,
		});
		expect(jsonOf(items)).toEqual(lowerCase.data);
		expect(linksOf(items)).toEqual([0, 0, 0, 0, 0, 0]);
	});

	it('holds the series and the issue details when they come', async () => {
		const couponIssualDetails = { sourceType: 'n8n', notes: 'Spring' };
		const body = { ...withSeries, data: [{ ...withSeries.data[0], couponIssualDetails }] };
		server.answer([{ body }]);
		const { items } = await runGet({
			lookupValues: 'YTOWAEN5N0',
			options: { showCouponSeries: true, includeIssualDetails: true },
		});
		expect(items[0].json).toMatchObject({
			code: 'YTOWAEN5N0',
			couponIssualDetails,
			couponSeries: withSeries.data[0]?.couponSeries,
		});
	});

	it('finds a code whatever its letter case, and keeps leading zeros', async () => {
		server.answer([found(['00ABC'])]);
		const { items, error } = await runGet({ lookupValues: '00aBc' });
		expect(error).toBeUndefined();
		expect(items[0].json.code).toBe('00ABC');
		expect(items[0].json).not.toHaveProperty('errors');
	});

	it('is empty for a customer without coupons', async () => {
		server.answer([{ body: { data: [], warnings: [], errors: [] } }]);
		const { items, error } = await runGet({ lookupBy: 'issuedToIds', lookupValues: '1' });
		expect([items, error]).toEqual([[], undefined]);
	});
});

describe('more than 100 values', () => {
	const codes = Array.from({ length: 250 }, (_, index) => `C${String(index).padStart(3, '0')}`);

	it('go out as several calls and come back as one list in the order given', async () => {
		server.answer(answerReversed);
		const { items } = await runGet({ lookupValues: '={{ $json.codes }}' }, [{ codes }]);
		const sizes = server.calls.map(({ query }) => valuesIn(query, 'couponCodes').length);
		expect(sizes.sort()).toEqual([100, 100, 50]);
		expect(server.calls.flatMap(({ query }) => valuesIn(query, 'couponCodes')).sort()).toEqual(
			codes,
		);
		expect(jsonOf(items).map(({ code }) => code)).toEqual(codes);
		expect(new Set(linksOf(items))).toEqual(new Set([0]));
	});

	it('carry the options in each of the calls', async () => {
		server.answer(answerReversed);
		const options = { couponCodeCase: 'AS_IT_IS' };
		await runGet({ lookupValues: '={{ $json.codes }}', options }, [{ codes }]);
		expect(server.calls).toHaveLength(3);
		for (const { query } of server.calls) expect(query).toContain('coupon_code_case=AS_IT_IS');
	});

	it('still come out when all the coupons of one call are unknown', async () => {
		const known = codes.slice(100);
		server.answer(({ query }) => {
			const asked = valuesIn(query, 'couponCodes').filter((code) => known.includes(code));
			return asked.length > 0 ? found(asked) : { body: { errors: [NOT_FOUND] } };
		});
		const { items } = await runGet(
			{ lookupValues: '={{ $json.codes }}' },
			[{ codes }],
			'continueRegularOutput',
		);
		const errorItem = items.pop();
		expect(jsonOf(items).map(({ code }) => code)).toEqual(known);
		expect(errorItem.json.error).toContain('150 of 250 coupons were found');
		expect(errorItem.json.details.errors).toHaveLength(100);
	});

	it('are an error as a whole when one of the calls fails', async () => {
		server.answer(async ({ query }) => {
			if (!query.includes('C249')) return found(valuesIn(query, 'couponCodes'));
			await sleep(50);
			return { status: 500, body: 'no' };
		});
		const { items } = await runGet(
			{ lookupValues: '={{ $json.codes }}' },
			[{ codes }],
			'continueRegularOutput',
		);
		expect(jsonOf(items)).toEqual([
			{
				error: expect.any(String),
				details: expect.objectContaining({ httpStatus: 500, outcome: 'refused' }),
			},
		]);
	});

	it('have no call under way any more when the item comes out', async () => {
		let open = 0;
		server.answer(async ({ query }) => {
			open += 1;
			if (!query.includes('C249')) await sleep(100);
			open -= 1;
			return query.includes('C249')
				? { status: 500, body: 'no' }
				: found(valuesIn(query, 'couponCodes'));
		});
		await runGet({ lookupValues: '={{ $json.codes }}' }, [{ codes }], 'continueRegularOutput');
		const openThen = open;
		await sleep(200);
		expect(openThen).toBe(0);
		expect(server.calls).toHaveLength(3);
	});
});

describe('codes that do not exist', () => {
	const parameters = { lookupValues: 'A1,B2,C3' };
	const errors = [{ code: 780, message: expect.stringContaining('B2') }];
	const partialError = {
		error: expect.stringContaining('2 of 3 coupons were found'),
		details: expect.objectContaining({ code: 780, outcome: 'partial', errors }),
	};
	const withErrors = (code: string) => expect.objectContaining({ code, errors });

	it('leave the others to come out alone in stop mode, and are named in them', async () => {
		server.answer([found(['C3', 'A1'], [NOT_FOUND])]);
		const { items, error } = await runGet(parameters, [{}], 'stopWorkflow');
		expect(error).toBeUndefined();
		expect(jsonOf(items)).toEqual([withErrors('A1'), withErrors('C3')]);
	});

	it('are an error item beside the others in continue mode', async () => {
		server.answer([found(['A1', 'C3'], [NOT_FOUND])]);
		const { items } = await runGet(parameters, [{}], 'continueRegularOutput');
		expect(jsonOf(items)).toEqual([withErrors('A1'), withErrors('C3'), partialError]);
		expect(linksOf(items)).toEqual([0, 0, 0]);
	});

	it('are an error item on the error output, with the fields of the input', async () => {
		server.answer([found(['A1', 'C3'], [NOT_FOUND])]);
		const { items, errors: errorItems } = await runGet(
			parameters,
			[{ order: 7 }],
			'continueErrorOutput',
		);
		expect(jsonOf(items).map(({ code, errors }) => [code, errors])).toEqual([
			['A1', undefined],
			['C3', undefined],
		]);
		expect(errorItems).toEqual([{ json: { order: 7, ...partialError }, pairedItem: { item: 0 } }]);
	});

	it('are noticed also when the API says nothing about them', async () => {
		server.answer([found(['A1', 'C3'])]);
		const { items } = await runGet(parameters, [{}], 'continueRegularOutput');
		expect(items).toHaveLength(3);
		expect(items[2].json.details).toMatchObject({
			outcome: 'partial',
			errors: [{ message: expect.stringContaining('B2') }],
		});
	});

	it('are noticed by number when IDs were given', async () => {
		server.answer([found(['A1', 'C3'])]);
		const { items } = await runGet(
			{ lookupBy: 'couponIds', lookupValues: '1,2,3' },
			[{}],
			'continueRegularOutput',
		);
		expect(items).toHaveLength(3);
		expect(items[2].json.details).toMatchObject({ outcome: 'partial' });
	});

	it.each([
		['an error body', { body: { errors: [NOT_FOUND] } }],
		['an empty list with the error', { body: { data: [], warnings: [], errors: [NOT_FOUND] } }],
		['HTTP 400', { status: 400, body: { errors: [NOT_FOUND] } }],
	])('are an error when there is no other, told as %s', async (_, answer) => {
		server.answer([answer]);
		const { items } = await runGet(parameters, [{}], 'continueRegularOutput');
		expect(jsonOf(items)).toEqual([
			{
				error: expect.stringContaining('not found'),
				details: expect.objectContaining({
					code: 780,
					apiMessage: 'coupon not found',
					outcome: 'refused',
				}),
			},
		]);
	});

	it('are an error when the API just sends an empty list', async () => {
		server.answer([found([])]);
		const { error, items } = await runGet({ lookupValues: 'A1' });
		expect(items).toEqual([]);
		expect(error.message).toContain('No coupon was found');
	});
});
