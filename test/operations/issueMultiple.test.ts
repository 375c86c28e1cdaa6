import partial from '../fixtures/issueMultiple/partial-5004.json';
import refused5002 from '../fixtures/issueMultiple/refused-5002.json';
import refused5004 from '../fixtures/issueMultiple/refused-5004.json';
import refused677 from '../fixtures/issueMultiple/refused-677.json';
import refused701 from '../fixtures/issueMultiple/refused-701.json';
import refused707 from '../fixtures/issueMultiple/refused-707.json';
import refused709 from '../fixtures/issueMultiple/refused-709.json';
import refused713 from '../fixtures/issueMultiple/refused-713.json';
import refused756Count from '../fixtures/issueMultiple/refused-756-count.json';
import refused756Series from '../fixtures/issueMultiple/refused-756-series.json';
import requestByEmail from '../fixtures/issueMultiple/request-email.json';
import requestByExternalId from '../fixtures/issueMultiple/request-external-id.json';
import faultyRequest from '../fixtures/issueMultiple/request-faulty.json';
import requestByMobile from '../fixtures/issueMultiple/request-mobile.json';
import response from '../fixtures/issueMultiple/response.json';
import generic from '../fixtures/issueMultiple/response-generic.json';
import {
	GOOD,
	fieldOf,
	whoeverFrom,
	jsonOf,
	lines,
	linksOf,
	seriesById,
	useServer,
} from '../support/useServer';

const server = useServer();
const runMultiple = server.runsOf('issueMultiple');

/** What an error item says of a call that Capillary refused. */
const refusal = (code: number, apiMessage: string) => ({
	error: expect.stringContaining(apiMessage),
	details: expect.objectContaining({ code, apiMessage, httpStatus: 200, outcome: 'refused' }),
});

describe('the request of Issue Multiple Coupons', () => {
	it.each([
		['mobile', requestByMobile.customer.mobile, requestByMobile],
		['email', requestByEmail.customer.email, requestByEmail],
		['externalId', requestByExternalId.customer.externalId, requestByExternalId],
	])("is the page's example with a customer by %s", async (type, value, request) => {
		server.answer([{ body: response }]);
		await runMultiple({
			seriesId: seriesById(String(request.seriesId)),
			count: request.count,
			customerIdentifierType: type,
			[fieldOf(type)]: value,
		});
		expect(lines(server.calls)).toEqual(['POST /v2/coupon/issue/multiple']);
		expect(server.calls[0]?.body).toEqual(request);
	});

	it.each([1, 2, 499, 500, '500'])('carries the count %p as a number', async (count) => {
		server.answer([{ body: response }]);
		await runMultiple({ count });
		expect(server.calls[0]?.body.count).toBe(Number(count));
	});

	it('asks for one coupon when the count is left as it is', async () => {
		server.answer([{ body: generic }]);
		await server.run({ ...GOOD.issue, operation: 'issueMultiple' });
		expect(server.calls[0]?.body.count).toBe(1);
	});

	it("carries the metadata under the API's names, up to their full length", async () => {
		const metadata = {
			sourceType: 'J'.repeat(50),
			sourceId: 'ü'.repeat(50),
			sourceActivity: '🎟'.repeat(50),
			notes: 'n'.repeat(250),
			reason: 'é'.repeat(250),
		};
		server.answer([{ body: response }]);
		await runMultiple({ metadata });
		expect(server.calls[0]?.body).toEqual({ ...requestByMobile, metadata });
	});

	it('carries only the metadata that was added', async () => {
		server.answer([{ body: response }]);
		await runMultiple({ metadata: { notes: 'Spring' } });
		expect(server.calls[0]?.body.metadata).toEqual({ notes: 'Spring' });
	});

	it('takes every parameter from an expression, item by item', async () => {
		server.answer(({ body }) => ({
			body: {
				...response,
				coupons: response.coupons.slice(0, body.count),
				successCount: body.count,
			},
		}));
		const names = ['sourceType', 'sourceId', 'sourceActivity', 'notes', 'reason'];
		const { items } = await runMultiple(
			{
				seriesId: seriesById('={{ $json.series }}'),
				customerIdentifierType: '={{ $json.type }}',
				...whoeverFrom('={{ $json.who }}'),
				count: '={{ $json.count }}',
				metadata: Object.fromEntries(names.map((name) => [name, `={{ $json.${name} }}`])),
				simplify: '={{ $json.simple }}',
			},
			[
				{
					...{ series: 11, type: 'email', who: 'a@b.example', count: 1, simple: true },
					...{ sourceType: 'n8n', sourceId: 42, sourceActivity: 'x', notes: 'y', reason: 'z' },
				},
				{
					...{ series: '12', type: 'externalId', who: '0042', count: '2', simple: false },
					...{ sourceType: 'A', sourceId: 'B', sourceActivity: 'C', notes: 'D', reason: 'E' },
				},
			],
		);
		const bodies = server.calls.map(({ body }) => body);
		expect(bodies).toHaveLength(2);
		expect(bodies).toEqual(
			expect.arrayContaining([
				{
					seriesId: 11,
					count: 1,
					customer: { email: 'a@b.example' },
					metadata: {
						...{ sourceType: 'n8n', sourceId: '42', sourceActivity: 'x' },
						...{ notes: 'y', reason: 'z' },
					},
				},
				{
					seriesId: 12,
					count: 2,
					customer: { externalId: '0042' },
					metadata: {
						...{ sourceType: 'A', sourceId: 'B', sourceActivity: 'C' },
						...{ notes: 'D', reason: 'E' },
					},
				},
			]),
		);
		expect(jsonOf(items).map((json) => 'couponConfig' in json)).toEqual([false, true]);
	});

	it("never is the page's faulty one, with two series in one call", async () => {
		server.answer([]);
		const { error } = await runMultiple({ seriesId: seriesById(faultyRequest.seriesId) });
		expect(error.message).toContain("'Series'");
		expect(server.calls).toEqual([]);
	});
});

describe('the output of Issue Multiple Coupons', () => {
	it('is one item a coupon, with the fields of the design', async () => {
		server.answer([{ body: response }]);
		const { items } = await runMultiple();
		const shared = {
			seriesId: 415446,
			description: 'IKEA - 500KW Voucher ',
			discountText: '500 off',
			discountType: 'ABS',
			discountValue: 500,
			customerId: 555567088,
			successCount: 2,
			failureCount: 0,
		};
		expect(items).toEqual([
			{
				json: { ...shared, code: '3084294818', couponId: 1237263304 },
				pairedItem: { item: 0 },
			},
			{
				json: { ...shared, code: '5686061236', couponId: 1237263305 },
				pairedItem: { item: 0 },
			},
		]);
	});

	it("is the API's body as it is with Simplify off, one item a call", async () => {
		server.answer([{ body: response }]);
		const { items } = await runMultiple({ simplify: false });
		expect(items).toEqual([{ json: response, pairedItem: { item: 0 } }]);
	});

	it('holds the one code of a generic series', async () => {
		server.answer([{ body: generic }]);
		const { items } = await runMultiple({ count: 1 });
		expect(jsonOf(items)).toEqual([
			expect.objectContaining({ code: 'DECATH10', couponId: 1239821361, successCount: 1 }),
		]);
		expect(items[0].json).not.toHaveProperty('errors');
	});

	it('keeps leading zeros and large IDs, and names the item each coupon comes from', async () => {
		server.answer(({ body }) => ({
			body: {
				...response,
				coupons: [
					{ code: `000${body.customer.mobile}1`, couponId: 4294967297 },
					{ code: `000${body.customer.mobile}2`, couponId: 4294967298 },
				],
			},
		}));
		const { items } = await runMultiple({ mobile: '={{ $json.who }}' }, [
			{ who: '7' },
			{ who: '8' },
		]);
		expect(jsonOf(items).map(({ code }) => code)).toEqual(['00071', '00072', '00081', '00082']);
		expect(jsonOf(items)[0]?.couponId).toBe(4294967297);
		expect(linksOf(items)).toEqual([0, 0, 1, 1]);
	});
});

describe('every refusal of the page becomes an error', () => {
	const refusals: Array<[number, { errors: Array<{ message: string }> }]> = [
		[677, refused677],
		[701, refused701],
		[707, refused707],
		[709, refused709],
		[713, refused713],
		[756, refused756Series],
		[756, refused756Count],
		[5002, refused5002],
		[5004, refused5004],
	];

	it.each(refusals)('%i with HTTP 200: an error item that names it', async (code, body) => {
		server.answer([{ body }]);
		const { items } = await runMultiple({}, [{}], 'continueRegularOutput');
		const message = body.errors[0]?.message ?? '';
		expect(items).toEqual([{ json: refusal(code, message), pairedItem: { item: 0 } }]);
		expect(items[0].json.error).toContain(String(code));
		expect(items[0].json.error).toContain('[item 0]');
	});

	it.each(refusals)('%i with HTTP 400: the same, with the status', async (code, body) => {
		server.answer([{ status: 400, body }]);
		const { items } = await runMultiple({}, [{}], 'continueRegularOutput');
		expect(items[0].json.details).toMatchObject({ code, httpStatus: 400, outcome: 'refused' });
	});

	it('stops the workflow with the message, what to do and the details', async () => {
		server.answer([{ body: refused701 }]);
		const { error, items } = await runMultiple();
		expect(items).toEqual([]);
		expect(error.name).toBe('NodeApiError');
		expect(error.message).toContain('does not know this customer');
		expect(error.message).toContain(refused701.errors[0]?.message);
		expect(error.description).toContain("'Identify Customer By'");
		expect(error.context).toMatchObject({
			itemIndex: 0,
			data: { code: 701, httpStatus: 200, outcome: 'refused', issued: [] },
		});
	});
});

describe('a partial success', () => {
	const errors = [
		{
			code: 5004,
			message: 'Issue only one coupon. Since isAllowMultipleVouchersPerUser=false.',
		},
	];
	const coupon = {
		code: '2YQWCWQXZ6NTMTAJLCXNP1T6CYMN',
		couponId: 96004050,
		successCount: 1,
		failureCount: 1,
		errors,
	};

	it('comes out alone in stop mode and says what is missing', async () => {
		server.answer([{ body: partial }]);
		const { items, error } = await runMultiple({}, [{}], 'stopWorkflow');
		expect(error).toBeUndefined();
		expect(items).toEqual([{ json: expect.objectContaining(coupon), pairedItem: { item: 0 } }]);
	});

	it('comes out with an error item beside it in continue mode', async () => {
		server.answer([{ body: partial }]);
		const { items } = await runMultiple({}, [{}], 'continueRegularOutput');
		expect(items).toEqual([
			{ json: expect.objectContaining(coupon), pairedItem: { item: 0 } },
			{
				json: {
					error: expect.stringContaining('1 of 2 coupons were issued'),
					details: expect.objectContaining({ code: 5004, outcome: 'partial', errors }),
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it('comes out on the first output, its error item on the error output', async () => {
		server.answer([{ body: partial }]);
		const settings = [{ order: 7 }];
		const { items, errors: errorItems } = await runMultiple({}, settings, 'continueErrorOutput');
		expect(jsonOf(items)).toEqual([expect.objectContaining(coupon)]);
		expect(errorItems).toEqual([
			{
				json: expect.objectContaining({
					order: 7,
					details: expect.objectContaining({ outcome: 'partial' }),
				}),
				pairedItem: { item: 0 },
			},
		]);
	});

	it('shows in the body as it is with Simplify off', async () => {
		server.answer([{ body: partial }]);
		const { items } = await runMultiple({ simplify: false });
		expect(jsonOf(items)).toEqual([partial]);
	});

	it.each([
		['the warning code', { ...partial, errors: [{ status: false, code: 679, message: 'one' }] }],
		['no code at all', { ...partial, errors: [] }],
		['no counts', { coupons: partial.coupons, errors: partial.errors }],
	])('is judged by what came, also with %s', async (_, body) => {
		server.answer([{ body }]);
		const { items } = await runMultiple({}, [{}], 'continueRegularOutput');
		expect(items).toHaveLength(2);
		expect(items[0].json).toMatchObject({ code: '2YQWCWQXZ6NTMTAJLCXNP1T6CYMN' });
		expect(items[0].json.errors).toHaveLength(1);
		expect(items[1].json.details.outcome).toBe('partial');
	});

	it("is judged by the API's own count too", async () => {
		server.answer([{ body: partial }]);
		const { items } = await runMultiple({ count: 1 }, [{}], 'continueRegularOutput');
		expect(items).toHaveLength(2);
		expect(items[1].json.details.outcome).toBe('partial');
	});

	it('with no coupon in it ends a run with On Error = Stop before another call is let in', async () => {
		server.answer(() => ({ body: { coupons: [], successCount: 0, failureCount: 2 } }));
		const { error } = await runMultiple({ options: { maxConcurrent: 1 } }, [{}, {}, {}]);
		expect(error.message).toContain('0 of 2 coupons were issued');
		expect(server.calls).toHaveLength(1);
	});

	it('with no coupon in it is a refusal', async () => {
		const body = { ...partial, coupons: [], successCount: 0, failureCount: 2 };
		server.answer([{ body }]);
		const { items } = await runMultiple({}, [{}], 'continueRegularOutput');
		expect(jsonOf(items)).toEqual([refusal(5004, partial.errors[0]?.message ?? '')]);
	});
});
