import request from '../fixtures/issue/request.json';
import response from '../fixtures/issue/response.json';
import withoutExactEnd from '../fixtures/issue/response-without-exact-end.json';
import {
	fieldOf,
	jsonOf,
	lines,
	linksOf,
	seriesById,
	useServer,
	whoeverFrom,
} from '../support/useServer';

const server = useServer();
const runIssue = server.runsOf('issue');

describe('the request of Issue Coupon', () => {
	it("is the page's example, without the identifiers that are empty there", async () => {
		server.answer([{ body: response }]);
		await runIssue();
		const { seriesId, customer } = request;
		const given = Object.fromEntries(Object.entries(customer).filter(([, value]) => value !== ''));
		expect(lines(server.calls)).toEqual(['POST /v2/coupon/issue']);
		expect(server.calls[0]?.body).toEqual({ seriesId, customer: given });
		expect(server.calls[0]?.headers).toMatchObject({
			'content-type': 'application/json',
			accept: 'application/json',
			authorization: expect.stringMatching(/^Basic /),
		});
	});

	it.each([
		['mobile', '+919876543210', { mobile: '+919876543210' }],
		['mobile', ' 1234512345 ', { mobile: '1234512345' }],
		['email', 'jürgen+coupon@müller.example', { email: 'jürgen+coupon@müller.example' }],
		['externalId', '00012341234', { externalId: '00012341234' }],
		['id', '566881933', { id: 566881933 }],
		['id', '9007199254740991', { id: 9007199254740991 }],
	])('carries the customer by %s: %s', async (customerIdentifierType, value, customer) => {
		server.answer([{ body: response }]);
		await runIssue({ customerIdentifierType, [fieldOf(customerIdentifierType)]: value });
		expect(server.calls[0]?.body).toEqual({ seriesId: 868760, customer });
	});

	it.each([
		['by ID', seriesById('4294967296')],
		['by ID with spaces around it', seriesById(' 4294967296 ')],
		['from the list', { __rl: true, mode: 'list', value: '4294967296' }],
		['as a number', seriesById(4294967296)],
	])('carries a series beyond 2^31 as an integer, given %s', async (_, seriesId) => {
		server.answer([{ body: response }]);
		await runIssue({ seriesId });
		expect(server.calls[0]?.body.seriesId).toBe(4294967296);
	});

	it('takes every parameter from an expression, item by item', async () => {
		server.answer(({ body }) => ({ body: { ...response, seriesId: body.seriesId } }));
		const { items } = await runIssue(
			{
				seriesId: seriesById('={{ $json.series }}'),
				customerIdentifierType: '={{ $json.type }}',
				...whoeverFrom('={{ $json.who }}'),
				simplify: '={{ $json.simple }}',
			},
			[
				{ series: 1, type: 'mobile', who: 919876543210, simple: true },
				{ series: '2', type: 'email', who: ['a@b.example'], simple: false },
				{ series: 3, type: 'id', who: 4294967297, simple: true },
			],
		);
		const bodies = server.calls.map(({ body }) => body);
		expect(bodies).toHaveLength(3);
		expect(bodies).toEqual(
			expect.arrayContaining([
				{ seriesId: 1, customer: { mobile: '919876543210' } },
				{ seriesId: 2, customer: { email: 'a@b.example' } },
				{ seriesId: 3, customer: { id: 4294967297 } },
			]),
		);
		expect(jsonOf(items).map(({ seriesId }) => seriesId)).toEqual([1, 2, 3]);
		expect(jsonOf(items).map((json) => 'detailedInfo' in json)).toEqual([false, true, false]);
	});
});

describe('the output of Issue Coupon', () => {
	it('holds the fields of the design, with the exact end of validity', async () => {
		server.answer([{ body: response }]);
		const { items } = await runIssue();
		expect(items).toEqual([
			{
				json: {
					code: '5875447216353555',
					seriesId: 868760,
					description: 'Gold star coupons',
					discountText: '1000 off',
					discountCode: 'gold1234',
					discountType: 'ABS',
					discountValue: 1000,
					discountUpto: 0,
					validTill: '2026-06-11T23:59:59Z',
					customerId: 566881933,
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it('falls back to the day of validity where the exact end is not sent', async () => {
		server.answer([{ body: withoutExactEnd }]);
		const { items } = await runIssue();
		expect(items[0].json).toMatchObject({ code: 'ICJE1X12P6', validTill: '2026-05-09T00:00:00Z' });
	});

	it('shows warnings when there are any', async () => {
		server.answer([{ body: { ...response, warnings: ['The series is nearly used up'] } }]);
		const { items } = await runIssue();
		expect(items[0].json.warnings).toEqual(['The series is nearly used up']);
	});

	it("is the API's body as it is with Simplify off", async () => {
		server.answer([{ body: response }]);
		const { items } = await runIssue({ simplify: false });
		expect(items).toEqual([{ json: response, pairedItem: { item: 0 } }]);
	});

	it('keeps a code as text, whatever it is made of', async () => {
		const codes = ['0001234567890123', '5e10', 'ABC-ümlaut'];
		server.answer(({ body }) => ({
			body: { ...response, code: codes[Number(body.customer.externalId)] },
		}));
		const { items } = await runIssue(
			{ customerIdentifierType: 'externalId', externalId: '={{ $json.n }}' },
			[{ n: '0' }, { n: '1' }, { n: '2' }],
		);
		expect(jsonOf(items).map(({ code }) => code)).toEqual(codes);
	});

	it('keeps an ID beyond 2^53 whole, as text', async () => {
		const body = JSON.stringify(response).replace(/"id":566881933/, '"id":90071992547409931');
		server.answer([{ body }]);
		const { items } = await runIssue();
		expect(items[0].json.customerId).toBe('90071992547409931');
	});

	it('is not lost for a number with many decimals in the answer', async () => {
		server.answer([{ body: { ...response, discountValue: 0.30000000000000004 } }]);
		const { items, error } = await runIssue();
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({
			code: '5875447216353555',
			discountValue: 0.30000000000000004,
		});
	});

	it('comes in the order of the input and names the item it comes from', async () => {
		server.answer(({ body }) => ({ body: { ...response, code: `C${body.customer.mobile}` } }));
		const input = Array.from({ length: 30 }, (_, index) => ({ who: `9${index}` }));
		const { items, error } = await runIssue({ mobile: '={{ $json.who }}' }, input);
		expect(error).toBeUndefined();
		expect(jsonOf(items).map(({ code }) => code)).toEqual(input.map(({ who }) => `C${who}`));
		expect(linksOf(items)).toEqual(input.map((_, index) => index));
		expect(server.calls).toHaveLength(30);
	});

	it("is the same when n8n's own batching starts the items one by one", async () => {
		server.answer(({ body }) => ({ body: { ...response, code: body.customer.mobile } }));
		const batching = { batch: { batchSize: 1, batchInterval: 10 } };
		const { items } = await runIssue({ mobile: '={{ $json.who }}', requestOptions: { batching } }, [
			{ who: '1' },
			{ who: '2' },
			{ who: '3' },
		]);
		expect(jsonOf(items).map(({ code }) => code)).toEqual(['1', '2', '3']);
	});

	it('is nothing, and nothing is sent, for no items', async () => {
		server.answer([]);
		const { items, error } = await runIssue({}, []);
		expect([items, error, server.calls]).toEqual([[], undefined, []]);
	});
});
