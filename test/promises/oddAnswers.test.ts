import { useFastTime } from '../support/fastTime';
import { couponList, GOOD, type Json, lines, seriesById, useServer } from '../support/useServer';
import { customers, goOn, issueParameters, jsonOf, World } from './world';

useFastTime();

const server = useServer();

const posts = () => server.calls.filter(({ method }) => method === 'POST');

describe('a number that JavaScript has rounded', () => {
	it.each([
		['externalId', 'external ID'],
		['mobile', 'mobile number'],
	])('is not sent as the %s of a customer', async (field) => {
		server.answer(() => ({ body: { code: 'A', seriesId: 1 } }));
		const run = await server.run(
			{ ...GOOD.issue, customerIdentifierType: field, [field]: '={{ $json.who }}' },
			[{ who: Number('12345678901234567891') }],
		);
		expect(server.calls).toEqual([]);
		expect(run.error?.context.data).toMatchObject({ outcome: 'notSent' });
	});

	it('is not revoked as the code of another coupon', async () => {
		server.answer(() => ({ body: { entity: { revokedCoupons: [], totalCount: 0 } } }));
		await server.run({ ...GOOD.revoke, couponCodes: '={{ [$json.code] }}' }, [
			{ code: Number('12345678901234567891') },
		]);
		expect(server.calls.map(({ body }) => body)).toEqual([]);
	});
});

describe('On Error = Stop', () => {
	const one = { options: { maxConcurrent: 1 } };

	it('sends nothing after an answer that names fewer coupons than it counts', async () => {
		server.answer(({ method }) => ({
			body:
				method === 'POST'
					? {
							coupons: [{ code: 'A', couponId: 1 }],
							...{ successCount: 2, failureCount: 0, totalCount: 2 },
						}
					: couponList([]),
		}));
		const who = (n: number) => ({ who: `91000000${n}` });
		await server.run({ ...GOOD.issueMultiple, mobile: '={{ $json.who }}', ...one }, [
			who(1),
			who(2),
			who(3),
		]);
		expect(lines(posts())).toHaveLength(1);
	});

	it('sends nothing after a revoke whose answer leaves out a coupon', async () => {
		server.answer(({ body }) => {
			const { couponCodes } = body as { couponCodes: string[] };
			return {
				body: {
					entity: {
						revokedCoupons: [{ couponCode: couponCodes[0], couponId: 1, issuedToUserId: 2 }],
						failedToRevoke: [],
						...{ totalCount: 2, failedCount: 0 },
					},
				},
			};
		});
		await server.run({ ...GOOD.revoke, couponCodes: '={{ $json.codes }}', ...one }, [
			{ codes: 'A,B' },
			{ codes: 'C,D' },
			{ codes: 'E,F' },
		]);
		expect(lines(posts())).toHaveLength(1);
	});
});

describe('an answer of Issue Multiple Coupons', () => {
	const answered = async (body: Json) => {
		server.answer(({ method }) => ({ body: method === 'POST' ? body : couponList([]) }));
		const run = await server.run(GOOD.issueMultiple!, [{}], goOn);
		return jsonOf(run).map(({ code, details }) => code ?? (details as Json).outcome);
	};

	it('that lists a coupon without its code is unknown', async () => {
		const coupons = [
			{ code: 'A', couponId: 1 },
			{ code: null, couponId: 2 },
		];
		expect(await answered({ coupons, errors: [] })).toEqual(['A', 'unknown']);
	});

	it('whose count is empty is unknown', async () => {
		expect(await answered({ coupons: [], successCount: '' })).toEqual(['unknown']);
	});
});

describe('an issue call answered with an error whose code is empty', () => {
	const message = 'upstream request timeout';

	it.each([
		[{ errors: [{ code: '', message }] }],
		[{ errors: [{ status: false, code: ' ', message }] }],
		[{ status: { success: false, code: '', message } }],
		[{ response: { status: { success: 'false', code: '', message } } }],
	])('is unknown, as it is without a code: %j', async (body) => {
		server.answer(({ method }) => ({ body: method === 'POST' ? body : couponList([]) }));
		const run = await server.run(GOOD.issue!, [{}], goOn);
		expect(jsonOf(run)[0]?.details).toMatchObject({ outcome: 'unknown' });
	});
});

describe('Include Input Fields', () => {
	it('puts nothing of another coupon beside a new one', async () => {
		const world = await World.create();
		const items = customers(1);
		const first = await world.run({ items, parameters: issueParameters });
		const options = { includeInputFields: true };
		const next = await world.run({
			items: jsonOf(first).map((json) => ({ ...json, ...items[0] })),
			parameters: {
				...issueParameters,
				...{ operation: 'issueMultiple', count: 1, seriesId: seriesById('239821'), options },
			},
		});
		expect(jsonOf(next)[0]).toMatchObject({ code: 'DECATH10' });
		expect(jsonOf(next)[0]?.validTill).toBeUndefined();
		expect(jsonOf(next)[0]?.discountCode).toBeUndefined();
	});

	it("leaves the input's description and series out where the answer has none", async () => {
		server.answer([{ body: { code: 'NEW1', customer: { id: 7 } } }]);
		const options = { includeInputFields: true };
		const input = { name: 'Asha', description: 'Old coupon', seriesId: 1 };
		const run = await server.run({ ...GOOD.issue!, options }, [input]);
		expect(jsonOf(run)).toEqual([{ name: 'Asha', code: 'NEW1', customerId: 7 }]);
	});
});

describe('a coupon code that looks like an error code', () => {
	it.each(['000403', '0429', '401'])('%s comes out', async (code) => {
		server.answer(({ method }) => ({
			body: method === 'POST' ? { code, seriesId: 1, customer: { id: 7 } } : couponList([]),
		}));
		const run = await server.run(GOOD.issue!, [{}], goOn);
		expect(jsonOf(run)).toEqual([expect.objectContaining({ code })]);
	});
});
