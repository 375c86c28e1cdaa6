import { sleep } from 'n8n-workflow';

import allFailed from '../fixtures/revoke/all-failed.json';
import nothingToRevoke from '../fixtures/revoke/nothing-to-revoke.json';
import partial from '../fixtures/revoke/partial.json';
import refused108 from '../fixtures/revoke/refused-108.json';
import refused712 from '../fixtures/revoke/refused-712.json';
import refused756 from '../fixtures/revoke/refused-756.json';
import refused811 from '../fixtures/revoke/refused-811.json';
import requestCodes from '../fixtures/revoke/request-codes.json';
import requestByExternalId from '../fixtures/revoke/request-external-id.json';
import requestByMobile from '../fixtures/revoke/request-mobile.json';
import response from '../fixtures/revoke/response.json';
import withoutEntity from '../fixtures/revoke/without-entity.json';
import {
	type Call,
	GOOD,
	fieldOf,
	jsonOf,
	lines,
	linksOf,
	seriesById,
	useServer,
} from '../support/useServer';

type Items = Array<Record<string, unknown>>;

const server = useServer();
const byCodes = async (more: object = {}, items?: Items, settings: object = {}) =>
	await server.run({ ...GOOD.revoke, ...more }, items, { ...settings });
const byCustomer = async (more: object = {}, items?: Items, settings: object = {}) =>
	await byCodes(
		{ revokeBy: 'customer', couponCodes: '', mobile: '11223569865', ...more },
		items,
		settings,
	);
const CONTINUE = { onError: 'continueRegularOutput' };
const NO_SERIES = { __rl: true, mode: 'list', value: '' };
const SAMPLE_CODES = '3H2GTRW9, V6AUXXP1, CODE123';

/** The code at a place of a long list. */
const codeAt = (at: number) => `C${String(at).padStart(3, '0')}`;
const manyCodes = (count: number) => Array.from({ length: count }, (_, at) => codeAt(at));
/** All codes of a call, revoked. */
const revokedOf = ({ body }: Call) => ({
	body: {
		entity: {
			totalCount: body.couponCodes.length,
			failedCount: 0,
			revokedCoupons: body.couponCodes.map((couponCode: string) => ({
				couponId: 1,
				couponCode,
				issuedToUserId: 7,
			})),
			failedToRevoke: [],
		},
		errors: [],
		warnings: [],
		success: true,
	},
});

describe('the request of Revoke Coupons', () => {
	it("by codes is the page's example", async () => {
		server.answer([{ body: response }]);
		await byCodes();
		expect(lines(server.calls)).toEqual(['POST /v2/coupon/revoke']);
		expect(server.calls[0]?.body).toEqual(requestCodes);
	});

	it('of one code needs no series, and carries one that is given', async () => {
		server.answer(revokedOf);
		await byCodes({ couponCodes: '3138309782', seriesId: NO_SERIES });
		await byCodes({ couponCodes: '3138309782' });
		expect(server.calls.map(({ body }) => body)).toEqual([
			{ couponCodes: ['3138309782'] },
			{ couponCodes: ['3138309782'], couponSeriesId: 415446 },
		]);
	});

	it.each([
		['mobile', '11223569865', requestByMobile],
		['externalId', '000003873472', requestByExternalId],
		['email', 'a@b.example', { couponSeriesId: 415446, customer: { email: 'a@b.example' } }],
		['id', '555567088', { couponSeriesId: 415446, customer: { id: 555567088 } }],
	])('by customer names the customer by %s and the series', async (type, value, request) => {
		server.answer([{ body: response }]);
		await byCustomer({ customerIdentifierType: type, [fieldOf(type)]: value });
		expect(server.calls[0]?.body).toEqual(request);
	});

	it('takes codes and series from expressions, item by item', async () => {
		server.answer(revokedOf);
		const { items } = await byCodes(
			{ couponCodes: '={{ $json.codes }}', seriesId: seriesById('={{ $json.series }}') },
			[
				{ codes: ['A', ' B '], series: 11 },
				{ codes: 'C\nD', series: '12' },
				{ codes: 42, series: 13 },
			],
		);
		expect(server.calls.map(({ body }) => body)).toEqual(
			expect.arrayContaining([
				{ couponCodes: ['A', 'B'], couponSeriesId: 11 },
				{ couponCodes: ['C', 'D'], couponSeriesId: 12 },
				{ couponCodes: ['42'], couponSeriesId: 13 },
			]),
		);
		expect(linksOf(items)).toEqual([0, 0, 1, 1, 2]);
	});

	it('names each code once, whatever its letter case', async () => {
		server.answer(revokedOf);
		await byCodes({ couponCodes: 'abc, ABC, x,, x' });
		expect(server.calls[0]?.body.couponCodes).toEqual(['abc', 'x']);
	});

	it('holds 50 codes at most: more go out one call after another, in order', async () => {
		server.answer(revokedOf);
		const { items } = await byCodes({ couponCodes: '={{ $json.codes }}' }, [
			{ codes: manyCodes(120) },
		]);
		expect(server.calls.map(({ body }) => body.couponCodes.length)).toEqual([50, 50, 20]);
		expect(jsonOf(items).map(({ code }) => code)).toEqual(manyCodes(120));
	});

	it('never goes out twice at one time for one customer', async () => {
		let open = 0;
		let most = 0;
		server.answer(async () => {
			most = Math.max(most, (open += 1));
			await sleep(20);
			open -= 1;
			return { body: response };
		});
		await byCustomer({}, [{}, {}, {}]);
		expect(server.calls).toHaveLength(3);
		expect(most).toBe(1);
	});
});

describe('what an expression does not find never widens a revoke', () => {
	it.each([
		['a code', 'Coupon Codes', { couponCodes: '={{ $json.no }}' }],
		['a code in the list', 'Coupon Codes', { couponCodes: '={{ ["A", $json.no] }}' }],
		['a series for several codes', 'Series', { seriesId: seriesById('={{ $json.no }}') }],
		[
			'a series for one code',
			'Series',
			{ couponCodes: 'A', seriesId: seriesById('={{ $json.no }}') },
		],
		[
			'a series for one code (an empty cell)',
			'Series',
			{ couponCodes: 'A', seriesId: seriesById('={{ "" }}') },
		],
		['a series of a customer', 'Series', { revokeBy: 'customer', seriesId: NO_SERIES }],
		['a customer', 'Mobile Number', { revokeBy: 'customer', mobile: '={{ $json.no }}' }],
		['how', 'Revoke By', { revokeBy: '={{ $json.no }}' }],
		['how (a word that is none)', 'Revoke By', { revokeBy: 'all' }],
		['a series for several codes (left empty)', 'Series', { seriesId: NO_SERIES }],
	])('%s', async (_, name, more) => {
		server.answer(() => ({ body: response }));
		const { items } = await byCodes({ mobile: '1', ...more }, [{}], CONTINUE);
		expect(server.calls).toEqual([]);
		expect(jsonOf(items)).toEqual([
			{
				error: expect.stringContaining(`'${name}'`),
				details: expect.objectContaining({ outcome: 'notSent' }),
			},
		]);
	});

	it('and a field that is left over from another choice is not sent', async () => {
		server.answer([{ body: response }, { body: response }]);
		await byCodes({ mobile: '1' });
		await byCustomer({ couponCodes: 'A, B' });
		expect(server.calls.map(({ body }) => body)).toEqual([requestCodes, requestByMobile]);
	});

	it('nor does one that is left over from a revoke change another operation', async () => {
		server.answer([{ body: { code: 'A1', seriesId: 868760 } }]);
		const { items } = await server.run({ ...GOOD.issue, revokeBy: 'couponCodes' });
		expect(server.calls[0]?.body.customer).toEqual({ mobile: '1234512345' });
		expect(items).toHaveLength(1);
	});
});

describe('the output of Revoke Coupons', () => {
	it('is one item a coupon', async () => {
		server.answer([{ body: response }]);
		const { items } = await byCodes();
		expect(items).toEqual(
			[
				{ code: '3138309782', couponId: 1237263304, customerId: 555567088, revoked: true },
				{ code: '3636820421', couponId: 1237263305, customerId: 555567088, revoked: true },
			].map((json) => ({ json, pairedItem: { item: 0 } })),
		);
	});

	it("is the API's body as it is with Simplify off, one item a call", async () => {
		server.answer([{ body: response }]);
		const { items } = await byCodes({ simplify: false });
		expect(items).toEqual([{ json: response, pairedItem: { item: 0 } }]);
	});

	it('is empty for a customer who has nothing to revoke', async () => {
		server.answer([{ body: nothingToRevoke }]);
		const { items, error } = await byCustomer();
		expect(error).toBeUndefined();
		expect(items).toEqual([]);
	});
});

describe('a partial outcome', () => {
	const notFound = {
		code: 682,
		message: 'Coupon not found',
		couponCodes: ['V6AUXXP1', 'CODE123'],
	};
	const misspelt = [
		{ code: 404, message: 'Coupon not found', couponCodes: ['V6AUXXP1'] },
		{ code: 405, message: 'Coupon already redeemed', couponCodes: ['CODE123'] },
	];

	it.each([
		['the documented form', partial, [notFound]],
		['the form without entity, with its misspelt keys', withoutEntity, misspelt],
		['success false', { ...partial, success: false }, [notFound]],
	])('comes out with what was not revoked, and why: %s', async (_, body, errors) => {
		const revoked = {
			code: '3H2GTRW9',
			couponId: 24454630,
			customerId: 341612616,
			revoked: true,
			errors,
		};
		server.answer(() => ({ body }));
		const stopped = await byCodes({ couponCodes: SAMPLE_CODES });
		expect(stopped.error).toBeUndefined();
		expect(jsonOf(stopped.items)).toEqual([revoked]);

		const { items } = await byCodes({ couponCodes: SAMPLE_CODES }, [{}], CONTINUE);
		expect(jsonOf(items)).toEqual([
			revoked,
			{
				error: expect.stringContaining('1 of 3 coupons were revoked'),
				details: expect.objectContaining({ code: errors[0]?.code, outcome: 'partial', errors }),
			},
		]);
	});

	it('with nothing revoked is a refusal, though the answer says success', async () => {
		server.answer(() => ({ body: allFailed }));
		const { items } = await byCodes({ couponCodes: 'V6AUXXP1, CODE123' }, [{}], CONTINUE);
		expect(jsonOf(items)).toEqual([
			{
				error: expect.stringMatching(/was not found, or was revoked before \(682: /),
				details: expect.objectContaining({ code: 682, outcome: 'refused', errors: [notFound] }),
			},
		]);
		const { error } = await byCodes({ couponCodes: 'V6AUXXP1, CODE123' });
		expect(error.context.data).toMatchObject({ outcome: 'refused', revoked: [] });
	});

	it.each([
		['a code that the answer does not name', { couponCodes: `${SAMPLE_CODES}, D` }, partial],
		[
			'a count that does not fit',
			{ couponCodes: SAMPLE_CODES },
			{ entity: { ...partial.entity, totalCount: 5 } },
		],
		[
			'a count of failures that does not fit',
			{ couponCodes: SAMPLE_CODES },
			{ entity: { ...partial.entity, failedCount: 1 } },
		],
	])('is unknown with %s, and what was revoked comes out', async (_, more, body) => {
		server.answer(() => ({ body }));
		const { items } = await byCodes(more, [{}], CONTINUE);
		expect(items).toHaveLength(2);
		expect(items[0].json).toMatchObject({ code: '3H2GTRW9', revoked: true });
		expect(items[1].json.details).toMatchObject({ outcome: 'unknown' });
		expect(items[1].json.error).toContain('may have been revoked');
		const { error } = await byCodes(more);
		expect(error.context.data).toMatchObject({
			outcome: 'unknown',
			revoked: [{ itemIndex: 0, codes: ['3H2GTRW9'] }],
		});
	});

	it.each([
		['counts without lists', { entity: { totalCount: 2, failedCount: 0 }, success: true }],
		['empty lists', nothingToRevoke],
		['success alone', { success: true }],
	])('is unknown with %s for codes', async (_, body) => {
		server.answer([{ body }]);
		const { items } = await byCodes({}, [{}], CONTINUE);
		expect(items).toHaveLength(1);
		expect(items[0].json.details).toMatchObject({ outcome: 'unknown' });
	});
});

describe('a refusal as a whole', () => {
	it.each([
		[108, refused108, /one code for everybody/],
		[712, refused712, /expired/],
		[756, refused756, /Neither coupon codes nor a customer/],
		[811, refused811, /refused to revoke/],
	])('%i is an error that names it', async (code, body, sentence) => {
		server.answer([{ body }]);
		const { items } = await byCodes({}, [{}], CONTINUE);
		expect(items).toHaveLength(1);
		expect(items[0].json.error).toMatch(sentence);
		expect(items[0].json.details).toMatchObject({ code, outcome: 'refused' });
	});

	it('of the host is not one of a coupon', async () => {
		server.answer([{ status: 404, body: { code: 404, message: 'no Route matched' } }]);
		const { items } = await byCodes({}, [{}], CONTINUE);
		expect(items[0].json.error).toContain('does not know this call');
	});

	it('stops the workflow: nothing more is sent, and the revoked codes are named', async () => {
		server.answer((call, index) => (index === 0 ? revokedOf(call) : { body: refused712 }));
		const { error } = await byCodes(
			{ couponCodes: '={{ $json.code }}', options: { maxConcurrent: 1 } },
			[{ code: 'A' }, { code: 'B' }, { code: 'C' }],
		);
		expect(server.calls).toHaveLength(2);
		expect(error.message).toContain('[item 1]');
		expect(error.description).toContain(
			"1 coupon was revoked in this run; the code is under 'Error details', in 'revoked'",
		);
		expect(error.context.data.revoked).toEqual([{ itemIndex: 0, codes: ['A'] }]);
	});
});

describe('in stop mode', () => {
	it('nothing more is sent after an answer by which nothing was revoked', async () => {
		server.answer(() => ({ body: allFailed }));
		const { error } = await byCodes(
			{ options: { maxConcurrent: 1 }, couponCodes: 'V6AUXXP1, CODE123' },
			[{}, {}, {}],
		);
		expect(error.message).toContain('[item 0]');
		expect(server.calls).toHaveLength(1);
	});
});

describe('of several calls of one item', () => {
	const MANY = { couponCodes: '={{ $json.codes }}' };
	const ITEM = [{ codes: manyCodes(120) }];

	it('the one that is refused ends the item: earlier coupons come out, the others are named', async () => {
		server.answer((call, index) => (index === 0 ? revokedOf(call) : { body: refused712 }));
		const { items } = await byCodes(MANY, ITEM, CONTINUE);
		expect(server.calls).toHaveLength(2);
		expect(jsonOf(items.slice(0, 50)).map(({ code }) => code)).toEqual(manyCodes(50));
		expect(items).toHaveLength(51);
		expect(items[50].json.error).toContain('50 of 120 coupons were revoked');
		expect(items[50].json.details).toMatchObject({
			code: 712,
			outcome: 'partial',
			errors: [
				{ code: 712, couponCodes: manyCodes(120).slice(50, 100) },
				{ message: 'not sent', couponCodes: manyCodes(120).slice(100) },
			],
		});
		// In stop mode the item has failed all the same.
		server.answer((call, index) => (index === 0 ? revokedOf(call) : { body: refused712 }));
		const { error } = await byCodes(MANY, ITEM);
		expect(error.context.data).toMatchObject({
			outcome: 'partial',
			revoked: [{ itemIndex: 0, codes: manyCodes(50) }],
		});
	});

	it('the one that is lost leaves it unknown, and is never sent again', async () => {
		const script = (call: Call, index: number) =>
			index === 0 ? revokedOf(call) : { hangUp: true };
		server.answer(script);
		const { items } = await byCodes(MANY, ITEM, CONTINUE);
		expect(server.calls).toHaveLength(2);
		expect(items).toHaveLength(51);
		expect(items[50].json.details).toMatchObject({
			outcome: 'unknown',
			errors: [
				{ message: 'may have been revoked', couponCodes: manyCodes(120).slice(50, 100) },
				{ message: 'not sent', couponCodes: manyCodes(120).slice(100) },
			],
		});
		server.answer(script);
		await byCodes(MANY, ITEM, { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 });
		expect(server.calls).toHaveLength(2);
	});

	it('one without any revoked coupon does not end it', async () => {
		server.answer((call, index) => {
			if (index > 0) return revokedOf(call);
			const failedToRevoke = [
				{ errorCode: 682, errorMessage: 'Coupon not found ', couponCodes: call.body.couponCodes },
			];
			return { body: { entity: { revokedCoupons: [], failedToRevoke } } };
		});
		const { items, error } = await byCodes(MANY, ITEM);
		expect(error).toBeUndefined();
		expect(server.calls).toHaveLength(3);
		expect(items).toHaveLength(70);
	});

	it('a rate limit is waited out, and no code goes out twice', async () => {
		server.answer((call, index) =>
			index === 1 ? { status: 429, headers: { 'retry-after': '0.1' } } : revokedOf(call),
		);
		const { items } = await byCodes(MANY, ITEM);
		expect(server.calls).toHaveLength(4);
		expect(jsonOf(items).map(({ code }) => code)).toEqual(manyCodes(120));
	});
});

describe('an answer that was lost', () => {
	it('is unknown, says how to find out, and is not sent again', async () => {
		server.answer(() => ({ hangUp: true }));
		const { error } = await byCodes({}, [{}], {
			retryOnFail: true,
			maxTries: 3,
			waitBetweenTries: 1,
		});
		expect(server.calls).toHaveLength(1);
		expect(error.message).toContain('the coupons may have been revoked');
		expect(error.description).toContain("Check with 'Get Coupon'");
		expect(error.context.data).toMatchObject({ outcome: 'unknown', revoked: [] });
	});

	it('of one item does not make "Retry On Fail" send what was revoked before', async () => {
		let lost = 0;
		server.answer((call) => {
			if (call.body.couponCodes[0] !== 'B') return revokedOf(call);
			lost += 1;
			return lost === 1 ? { status: 400, body: refused712 } : revokedOf(call);
		});
		const { items, error } = await byCodes(
			{ couponCodes: '={{ $json.code }}', options: { maxConcurrent: 1 } },
			[{ code: 'A' }, { code: 'B' }, { code: 'C' }],
			{ retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		);
		expect(error).toBeUndefined();
		expect(jsonOf(items).map(({ code }) => code)).toEqual(['A', 'B', 'C']);
		const sent = server.calls.map(({ body }) => body.couponCodes[0]);
		expect(sent).toEqual(['A', 'B', 'B', 'C']);
	});
});
