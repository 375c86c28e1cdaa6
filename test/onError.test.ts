import { sleep } from 'n8n-workflow';

import refused from './fixtures/issueMultiple/refused-707.json';
import { GOOD, type Json, jsonOf, linksOf, useServer } from './support/useServer';

const server = useServer();
const parameters: Json = { ...GOOD.issue, mobile: '={{ $json.who }}' };
const input = [
	{ who: '1', order: 'a' },
	{ who: 'bad', order: 'b' },
	{ who: '3', order: 'c' },
];
/** Issues a coupon to everybody but `bad`. */
const answerAllButBad = ({ body }: { body: { customer: { mobile: string } } }) =>
	body.customer.mobile === 'bad'
		? { body: refused }
		: { body: { code: `C${body.customer.mobile}`, seriesId: 868760 } };

const details = {
	code: 707,
	apiMessage: 'Coupon Series ID is invalid',
	httpStatus: 200,
	outcome: 'refused',
};

describe('On Error = Stop', () => {
	it('shows the error of the item that failed, with what was issued beside it', async () => {
		server.answer(answerAllButBad);
		const { error, items } = await server.run(parameters, input);
		expect(items).toEqual([]);
		expect(error.message).toContain('[item 1]');
		expect(error.context.itemIndex).toBe(1);
		expect(error.context.data).toMatchObject({
			...details,
			issued: [
				{ itemIndex: 0, codes: ['C1'] },
				{ itemIndex: 2, codes: ['C3'] },
			],
		});
		expect(error.description).toContain('2 coupons were issued');
	});

	it('sends nothing more after the first refusal', async () => {
		server.answer(answerAllButBad);
		const { error } = await server.run({ ...parameters, options: { maxConcurrent: 1 } }, [
			...input,
			{ who: '4' },
			{ who: '5' },
		]);
		expect(server.calls.map(({ body }) => body.customer.mobile)).toEqual(['1', 'bad']);
		expect(error.context.itemIndex).toBe(1);
		expect(error.context.data.issued).toEqual([{ itemIndex: 0, codes: ['C1'] }]);
	});

	it('waits for the answers under way, and lists their coupons too', async () => {
		server.answer(async (call) => {
			if (call.body.customer.mobile !== 'bad') await sleep(50);
			return answerAllButBad(call);
		});
		const { error } = await server.run(parameters, input);
		expect(error.context.data.issued.map(({ codes }: { codes: string[] }) => codes)).toEqual([
			['C1'],
			['C3'],
		]);
	});

	it('lists all the codes of calls for several coupons', async () => {
		server.answer(({ body }) =>
			body.customer.mobile === 'bad'
				? { body: refused }
				: { body: { coupons: [{ code: '001' }, { code: '002' }], successCount: 2 } },
		);
		const { error } = await server.run(
			{ ...GOOD.issueMultiple, mobile: '={{ $json.who }}' },
			input.slice(0, 2),
		);
		expect(error.context.data.issued).toEqual([{ itemIndex: 0, codes: ['001', '002'] }]);
	});

	it('says nothing of coupons when a lookup fails', async () => {
		server.answer([{ body: { errors: [{ status: false, code: 780, message: 'not found' }] } }]);
		const { error } = await server.run(GOOD.getCoupon ?? {});
		expect(error.context.data).not.toHaveProperty('issued');
	});
});

describe('On Error = Continue', () => {
	it('puts an error item in the place of the failed one', async () => {
		server.answer(answerAllButBad);
		const { error, items, errors } = await server.run(parameters, input, {
			onError: 'continueRegularOutput',
		});
		expect([error, errors]).toEqual([undefined, []]);
		expect(items).toEqual([
			{ json: expect.objectContaining({ code: 'C1' }), pairedItem: { item: 0 } },
			{
				json: {
					error: expect.stringContaining('Coupon Series ID is invalid'),
					details: expect.objectContaining(details),
				},
				pairedItem: { item: 1 },
			},
			{ json: expect.objectContaining({ code: 'C3' }), pairedItem: { item: 2 } },
		]);
	});
});

describe('On Error = Continue, with Include Input Fields', () => {
	it("has the input's fields in an error item, but nothing that makes it look like a coupon", async () => {
		server.answer(answerAllButBad);
		const old = { code: 'of an earlier node', isNew: true };
		const { items } = await server.run(
			{ ...parameters, options: { includeInputFields: true } },
			input.map((item) => ({ ...item, ...old })),
			{ onError: 'continueRegularOutput' },
		);
		expect(jsonOf(items)[1]).toEqual({
			who: 'bad',
			order: 'b',
			error: expect.stringContaining('[item 1]'),
			details: expect.objectContaining(details),
		});
		expect(jsonOf(items)[0]).toMatchObject({ who: '1', code: 'C1' });
	});
});

describe('On Error = Continue (using error output)', () => {
	it("keeps the input's fields and the link on the error output", async () => {
		server.answer(answerAllButBad);
		const { error, items, errors } = await server.run(parameters, input, {
			onError: 'continueErrorOutput',
		});
		expect(error).toBeUndefined();
		expect(jsonOf(items).map(({ code }) => code)).toEqual(['C1', 'C3']);
		expect(linksOf(items)).toEqual([0, 2]);
		expect(errors).toEqual([
			{
				json: {
					who: 'bad',
					order: 'b',
					error: expect.stringContaining('[item 1]'),
					details: expect.objectContaining(details),
				},
				pairedItem: { item: 1 },
			},
		]);
	});

	it('sends every failed item there, and none twice', async () => {
		server.answer(() => ({ body: refused }));
		const { items, errors } = await server.run(parameters, input, {
			onError: 'continueErrorOutput',
		});
		expect(items).toEqual([]);
		expect(jsonOf(errors).map(({ order }) => order)).toEqual(['a', 'b', 'c']);
		expect(linksOf(errors)).toEqual([0, 1, 2]);
		expect(server.calls).toHaveLength(3);
	});
});

describe('every item, result or error, carries the link to its input', () => {
	const unlucky = [{ n: 0 }, { n: 1 }, { n: 2 }];
	const answers: Record<string, Json> = {
		issue: { code: 'A1', seriesId: 1 },
		issueMultiple: { coupons: [{ code: 'A1' }, { code: 'A2' }], successCount: 2 },
		getCoupon: { data: [{ code: '5875447216353555' }] },
		getCustomerCoupons: {
			response: {
				status: { success: 'true', code: 200 },
				customers: { customer: [{ id: '1', coupons: { coupon: [{ id: '1' }, { id: '2' }] } }] },
			},
		},
		revoke: {
			revokedCoupons: [{ couponCode: '3138309782' }, { couponCode: '3636820421' }],
		},
	};
	const operations = Object.keys(GOOD).flatMap((operation) =>
		['continueRegularOutput', 'continueErrorOutput'].map((onError) => ({ operation, onError })),
	);

	it.each(operations)('$operation, $onError', async ({ operation, onError }) => {
		server.answer((_, index) => ({ body: index % 2 === 0 ? answers[operation] : refused }));
		const { items, errors } = await server.run(
			{ ...GOOD[operation], limit: 1, options: { maxConcurrent: 1 } },
			unlucky,
			{ onError },
		);
		const all = [...items, ...errors];
		const failed = all.filter(({ json }) => 'error' in json);
		expect(linksOf(failed)).toEqual([1]);
		expect(new Set(linksOf(all))).toEqual(new Set([0, 1, 2]));
	});
});

describe('an answer that is none', () => {
	const XML =
		'<?xml version="1.0"?><response><success>false</success><code>401</code><message>Unauthorized</message></response>';
	const HTML = '<!DOCTYPE html><html><body><h1>Bad gateway</h1></body></html>';
	const asHtml = { 'content-type': 'text/html' };
	const asXml = { 'content-type': 'application/xml' };
	const v11 = (success: unknown, code: unknown, message = 'no') => ({
		response: { status: { success, code, message }, customers: null },
	});
	const error = { status: false, code: 707, message: 'no' };

	interface Case {
		title: string;
		answer: { status?: number; headers?: Record<string, string>; body?: unknown };
		issued: Json;
		read: Json;
	}
	const refusedWith = (code: unknown, httpStatus: number) => ({
		issued: { code, httpStatus, outcome: 'refused' },
		read: { code, httpStatus, outcome: 'refused' },
	});
	const unclear = (httpStatus: number) => ({
		issued: { httpStatus, outcome: 'unknown' },
		read: { httpStatus, outcome: 'refused' },
	});
	const CASES: Case[] = [
		{
			title: 'v2 errors with 200',
			answer: { body: { errors: [error] } },
			...refusedWith(707, 200),
		},
		{
			title: 'v2 errors with 201',
			answer: { status: 201, body: { errors: [error] } },
			...refusedWith(707, 201),
		},
		{
			title: 'v2 errors beside empty results',
			answer: { body: { data: [], coupons: [], code: null, errors: [error], warnings: [] } },
			...refusedWith(707, 200),
		},
		{
			title: 'v2 errors with a code as text',
			answer: { body: { errors: [{ ...error, code: '707' }] } },
			...refusedWith(707, 200),
		},
		{
			title: 'v1.1 success "false"',
			answer: { body: v11('false', '707') },
			...refusedWith(707, 200),
		},
		{ title: 'v1.1 code 500', answer: { body: v11('false', '500') }, ...unclear(200) },
		{ title: 'v1.1 success false', answer: { body: v11(false, 403) }, ...refusedWith(403, 200) },
		{
			title: 'v1.1 code "401", success "true"',
			answer: { body: v11('true', '401') },
			...refusedWith(401, 200),
		},
		{
			title: 'v1.1 code 498, success true',
			answer: { body: v11(true, 498) },
			...refusedWith(498, 200),
		},
		{
			title: '401 XML',
			answer: { status: 401, headers: asXml, body: XML },
			...refusedWith(401, 401),
		},
		{ title: '200 XML', answer: { headers: asXml, body: XML }, ...refusedWith(401, 200) },
		{
			title: '403 HTML',
			answer: { status: 403, headers: asHtml, body: HTML },
			...refusedWith(null, 403),
		},
		{ title: '404 empty', answer: { status: 404 }, ...refusedWith(null, 404) },
		{ title: '500 HTML', answer: { status: 500, headers: asHtml, body: HTML }, ...unclear(500) },
		{ title: '500 v1.1 body', answer: { status: 500, body: v11('false', 500) }, ...unclear(500) },
		{ title: '502 HTML', answer: { status: 502, headers: asHtml, body: HTML }, ...unclear(502) },
		{ title: '503 empty', answer: { status: 503 }, ...unclear(503) },
		{ title: '200 HTML', answer: { headers: asHtml, body: HTML }, ...unclear(200) },
		{ title: '200 empty', answer: { body: '' }, ...unclear(200) },
		{ title: '204', answer: { status: 204 }, ...unclear(204) },
		{ title: '200 {}', answer: { body: {} }, ...unclear(200) },
		{ title: '200 []', answer: { body: [] }, ...unclear(200) },
		{ title: '200 null', answer: { body: 'null' }, ...unclear(200) },
		{ title: '200 cut-off JSON', answer: { body: '{"code": "58' }, ...unclear(200) },
	];
	const operations = Object.keys(GOOD);

	it.each(CASES.flatMap((one) => operations.map((operation) => ({ ...one, operation }))))(
		'$title is an error of $operation',
		async ({ answer, operation, issued, read }) => {
			server.answer(() => answer);
			const { items } = await server.run({ ...GOOD[operation], options: { maxWait: 0 } }, [{}], {
				onError: 'continueRegularOutput',
			});
			const told = operation.startsWith('get') ? read : issued;
			expect(items).toEqual([
				{
					json: {
						error: expect.stringContaining('[item 0]'),
						details: expect.objectContaining(told),
					},
					pairedItem: { item: 0 },
				},
			]);
			expect(Object.keys(items[0].json.details)).toEqual(
				expect.arrayContaining(['code', 'apiMessage', 'httpStatus', 'outcome']),
			);
		},
	);
});

describe('the words of an error that may have issued a coupon', () => {
	it.each([
		['HTTP 502', { status: 502, body: '' }],
		['a lost connection', { hangUp: true }],
		['an answer that cannot be read', { body: '<html>' }],
	])('%s: it is not sent again, and the user learns what to look for', async (_, answer) => {
		server.answer(() => answer);
		const { error } = await server.run(GOOD.issue ?? {});
		expect(server.calls.filter(({ method }) => method === 'POST')).toHaveLength(1);
		expect(error.context.data.outcome).toBe('unknown');
		expect(error.description).toContain('may have been issued');
		expect(error.description).toContain("'Get Customer Coupons'");
	});
});

describe('an answer that does not come in time', () => {
	const slow = async () => {
		await sleep(300);
		return { body: { code: 'late' } };
	};
	const requestOptions = { timeout: 50 };

	it('leaves it open whether a coupon was issued', async () => {
		server.answer(slow);
		const { error } = await server.run({ ...GOOD.issue, requestOptions });
		expect(server.calls.filter(({ method }) => method === 'POST')).toHaveLength(1);
		expect(error.message).toContain('did not answer in time');
		expect(error.context.data).toMatchObject({ outcome: 'unknown', httpStatus: null });
	});

	it('is nothing but a refusal to a lookup', async () => {
		server.answer(slow);
		const { error } = await server.run({
			...GOOD.getCoupon,
			requestOptions,
			options: { maxWait: 0 },
		});
		expect(error.message).toContain('did not answer in time');
		expect(error.context.data).toMatchObject({ outcome: 'refused' });
	});
});

describe('secrets', () => {
	it('never show in an error, although the server echoes them', async () => {
		server.answer(({ headers }) => {
			const { authorization } = headers;
			const login = Buffer.from(authorization.slice(6), 'base64').toString('utf8');
			const message = `no ${authorization} ${login} ${login.split(':')[1]}`;
			return { body: { errors: [{ status: false, code: 707, message }] } };
		});
		const { error, items, runData } = await server.run(GOOD.issue ?? {});
		const all = JSON.stringify([error, error.stack, items, runData.data.resultData]);
		expect(error.message).toContain('*****');
		for (const secret of [
			'5ebe2294ecd0e0f08eab7690d2a6ee69',
			Buffer.from('till:5ebe2294ecd0e0f08eab7690d2a6ee69').toString('base64'),
		]) {
			expect(all).not.toContain(secret);
		}
	});

	it('are not carried to another host by a redirect', async () => {
		server.answer(() => ({ status: 302, headers: { location: `${server.url}/elsewhere` } }));
		for (const parameters of Object.values(GOOD)) {
			const { error } = await server.run(parameters);
			expect(error.message).toContain('redirect');
		}
		expect(server.calls.filter(({ path }) => path === '/elsewhere')).toEqual([]);
		const writes = ['issue', 'issueMultiple', 'revoke'];
		expect(server.calls.filter(({ method }) => method === 'POST')).toHaveLength(writes.length);
	});
});
