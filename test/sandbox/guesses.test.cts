import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { SandboxSettings } from '../../sandbox/settings';
import { defaultSettings, OTHER_READINGS } from '../../sandbox/settings';
import type { Reply } from './helpers';
import { at, basic, Client, errorCode, json, useSandbox, withToken } from './helpers';

const SAWYER = { id: 98662653 };
const LENA = { id: 345635529 };
const LIST = '/v1.1/customer/coupons';
const FIRST = 'response.customers.customer.0';
const TOKEN_CALL = '/v3/oauth/token/generate';
const LOGIN = { key: 'sandbox-key', secret: 'loopback-only' };

interface Row {
	/** What a caller sees. */
	look: () => Promise<unknown>;
	/** As guessed. */
	guess: unknown;
	/** With the setting at its other value. */
	other: unknown;
}

describe('each guess, and its other reading', () => {
	let time = Date.parse('2026-06-01T00:00:00Z');
	const { sandbox, client } = useSandbox({ now: () => time });

	const status = async (reply: Promise<Reply>) => (await reply).status;
	const code = async (reply: Promise<Reply>) => errorCode(await reply);
	const total = async (query: string) =>
		at(await client.get(`${LIST}?${query}`), 'response.pagination.total');
	/** A value of the first customer's list, whatever the list's form. */
	const inList = async (query: string, path: string) =>
		at(await client.get(`${LIST}?${query}`), `${FIRST}.${path}`);
	const codesOf = async (query: string) =>
		((at(await client.get(`/v2/coupon?${query}`), 'data') ?? []) as Array<{ code: string }>).map(
			(coupon) => coupon.code,
		);
	const revoke = async (body: object) => await client.post('/v2/coupon/revoke', body);
	const give = (seriesId: number, count = 1) =>
		(sandbox.give({ customer: { id: String(LENA.id) }, seriesId, count }) ?? []).map(
			(coupon) => coupon.code,
		);
	const limitTo = (calls: number) =>
		sandbox.configure({ rateLimit: { calls, windowMs: 10_000, window: 'sliding' } });
	const issueWithMetadata = async (route: string, metadata: object) => {
		await client.post(route, { seriesId: 868760, customer: LENA, metadata });
		return sandbox.ledger[0]?.metadata;
	};

	const rows: Partial<Record<keyof SandboxSettings, Row>> = {
		couponErrorStatus: {
			look: async () => await status(client.issueMany(1, 1)),
			guess: 200,
			other: 400,
		},
		singleErrorForm: {
			look: async () => Object.keys(json(await client.issue(1))),
			guess: ['errors'],
			other: ['success', 'code', 'message'],
		},
		refusalCodes: {
			look: async () => await code(client.issueMany(318905, 1)),
			guess: 5005,
			other: 702,
		},
		partialCodes: {
			look: async () => await code(client.issueMany(960040, 2)),
			guess: 5004,
			other: 679,
		},
		negativeCountCode: {
			look: async () => await code(client.issueMany(868760, -1)),
			guess: 756,
			other: 677,
		},
		exclusiveCode: {
			look: async () => {
				await client.issue(720100);
				return await code(client.issue(720101));
			},
			guess: 709,
			other: 609,
		},
		externalSeriesCode: {
			look: async () => await code(client.issue(18426)),
			guess: 707,
			other: 777,
		},
		badRequestStatus: {
			look: async () => await status(client.issue('abc')),
			guess: 400,
			other: 200,
		},
		badRequestBody: {
			look: async () => Object.keys(json(await client.issue('abc'))),
			guess: ['errors'],
			other: [],
		},
		multipleTakesCustomerId: {
			look: async () => await code(client.issueMany(868760, 1, LENA)),
			guess: undefined,
			other: 701,
		},
		longMetadata: {
			look: async () =>
				(await issueWithMetadata('/v2/coupon/issue/multiple', { sourceId: 's'.repeat(51) }))
					?.sourceId?.length,
			guess: undefined,
			other: 50,
		},
		severalIdentifiers: {
			look: async () => await code(client.issue(868760, { ...LENA, mobile: '1234512345' })),
			guess: undefined,
			other: 701,
		},
		ignoresMobilePlus: {
			look: async () => await code(client.issue(868760, { mobile: '+1234512345' })),
			guess: undefined,
			other: 701,
		},
		refuseConcurrentCustomer: {
			look: async () => {
				sandbox.configure({ latencyMs: 300 });
				const replies = await Promise.all([client.issue(868760), client.issue(868760)]);
				return replies.map(errorCode).filter((one) => one !== undefined);
			},
			guess: [],
			other: [521],
		},
		resendDeadCoupons: {
			look: async () => {
				const used = await client.issue(960041, { mobile: '4000000251' });
				const expired = await client.issue(960041, { mobile: '4000000252' });
				return [at(used, 'redemptionCount'), at(expired, 'validTill')];
			},
			guess: [1, '2025-03-31T00:00:00Z'],
			other: [0, '2036-06-11T00:00:00Z'],
		},
		singleId: {
			look: async () => at(await client.issue(868760), 'id') === sandbox.ledger[0]?.couponId,
			guess: false,
			other: true,
		},
		sendValidTillDateTime: {
			look: async () => {
				const got = await client.get('/v2/coupon?couponCodes=6WRNA5UM');
				return [
					at(await client.issue(868760), 'validTillDateTime'),
					at(got, 'data.0.validTillDateTime'),
				];
			},
			guess: ['2036-06-11T23:59:59Z', '2036-06-11T23:59:59Z'],
			other: [undefined, undefined],
		},
		singleTakesMetadata: {
			look: async () => await issueWithMetadata('/v2/coupon/issue', { sourceId: 'J-1' }),
			guess: undefined,
			other: { sourceId: 'J-1' },
		},
		issuedToIdsAlone: {
			look: async () => (await codesOf('issuedToIds=98662653')).length,
			guess: 3,
			other: 0,
		},
		missingCoupons: {
			look: async () => await code(client.get('/v2/coupon?couponCodes=NOPE')),
			guess: 780,
			other: undefined,
		},
		nothingToLookForCode: {
			look: async () => await code(client.get('/v2/coupon')),
			guess: 781,
			other: 1000,
		},
		emptyIssualDetails: {
			look: async () => {
				const query = 'couponCodes=6WRNA5UM&includeIssualDetails=true';
				return at(await client.get(`/v2/coupon?${query}`), 'data.0.couponIssualDetails');
			},
			guess: {},
			other: undefined,
		},
		askedTwice: {
			look: async () => await codesOf('couponCodes=6WRNA5UM&couponCodes=6wrna5um'),
			guess: ['6WRNA5UM'],
			other: ['6WRNA5UM', '6WRNA5UM'],
		},
		getCouponOrder: {
			look: async () => await codesOf('couponCodes=YTOWAEN5N0&couponCodes=6WRNA5UM'),
			guess: ['YTOWAEN5N0', '6WRNA5UM'],
			other: ['6WRNA5UM', 'YTOWAEN5N0'],
		},
		showsAfterMs: {
			look: async () => {
				const issued = at(await client.issue(868760, LENA), 'code');
				const seen = async () => [
					await total('id=345635529'),
					(await codesOf(`couponCodes=${issued}`)).length,
					(await codesOf('issuedToIds=345635529')).length,
				];
				const atOnce = await seen();
				time += 3_000;
				return [atOnce, await seen()];
			},
			guess: [
				[1, 1, 1],
				[1, 1, 1],
			],
			other: [
				[0, 0, 0],
				[1, 1, 1],
			],
		},
		endDate: {
			look: async () => await total('id=98662653&start_date=2024-03-01&end_date=2024-03-01'),
			guess: 0,
			other: 1,
		},
		ignoreOffset: {
			look: async () => await inList('id=98662653&offset=2', 'coupons.coupon.length'),
			guess: 1,
			other: 3,
		},
		capLimit: {
			look: async () => await inList('external_id=COLLECTOR', 'coupons.coupon.length'),
			guess: 100,
			other: 50,
		},
		defaultSort: {
			look: async () => await inList('id=98662653', 'coupons.coupon.0.code'),
			guess: 'abAB123',
			other: '6WRNA5UM',
		},
		unredeemedHoldsExpired: {
			look: async () => await total('id=98662653&status=unredeemed'),
			guess: 2,
			other: 1,
		},
		objectForOne: {
			look: async () =>
				Array.isArray(at(await client.get(`${LIST}?id=1`), 'response.customers.customer')),
			guess: true,
			other: false,
		},
		emptyAs: {
			look: async () => await inList('id=345635529', 'coupons'),
			guess: {},
			other: [],
		},
		v11FailureStatus: {
			look: async () => await status(client.get(`${LIST}?id=1`)),
			guess: 200,
			other: 500,
		},
		createdDate: {
			look: async () => {
				sandbox.configure({ timezone: '+05:30' });
				return await inList('id=98662653&status=redeemed', 'coupons.coupon.0.created_date');
			},
			guess: '2019-07-29T21:43:14.000+05:30',
			other: '2019-07-29T21:43:14.000Z',
		},
		listId: {
			look: async () => {
				const id = await inList('id=98662653&status=redeemed', 'coupons.coupon.0.id');
				return await codesOf(`couponIds=${id}`);
			},
			guess: ['6WRNA5UM'],
			other: [],
		},
		severalStatuses: {
			look: async () => await total('id=98662653&status=expired;redeemed'),
			guess: 2,
			other: 0,
		},
		seriesDate: {
			look: async () =>
				at(await client.get('/v1.1/coupon/series'), 'response.series.items.item.0.valid_till_date'),
			guess: '2036-06-11',
			other: '2036-06-11 23:59:59',
		},
		unknownSeriesId: {
			look: async () => at(await client.get('/v1.1/coupon/series?id=1'), 'response.status.success'),
			guess: 'false',
			other: 'true',
		},
		extendedSeries: {
			look: async () => {
				const reply = await client.get('/v1.1/coupon/series?expired=extended');
				return at(reply, 'response.series.items.item.length') === sandbox.series.length;
			},
			guess: true,
			other: false,
		},
		lowerCaseHashOnly: {
			look: async () => {
				const [, login = ''] = String(basic('sandbox.till', 'loopback-only').authorization).split(
					' ',
				);
				const [user, hash = ''] = Buffer.from(login, 'base64').toString().split(':');
				const upper = Buffer.from(`${user}:${hash.toUpperCase()}`).toString('base64');
				return await status(new Client(sandbox, { authorization: `Basic ${upper}` }).issue(868760));
			},
			guess: 401,
			other: 200,
		},
		tokenErrorStatus: {
			look: async () => await status(client.post(TOKEN_CALL, { ...LOGIN, secret: 'wrong' })),
			guess: 200,
			other: 401,
		},
		newTokenRevokesOld: {
			look: async () => {
				const old = withToken(sandbox, await client.token());
				await client.token();
				return await status(old.issue(868760));
			},
			guess: 200,
			other: 401,
		},
		v2AuthBody: {
			look: async () => (await new Client(sandbox, {}).issue(868760)).text.slice(0, 5),
			guess: '<?xml',
			other: '{"err',
		},
		v11AuthStatus: {
			look: async () => [
				await status(new Client(sandbox, {}).get(LIST)),
				await status(new Client(sandbox, basic('nocustomer.till', 'loopback-only')).get(LIST)),
			],
			guess: [401, 403],
			other: [200, 200],
		},
		expiredTokenAs: {
			look: async () => {
				const late = withToken(sandbox, await client.token());
				time += 300_000;
				return await status(late.issue(868760));
			},
			guess: 401,
			other: 498,
		},
		unknownAttribution: {
			look: async () => {
				const headers = { 'x-cap-api-attribution-entity-code': 'unknown' };
				return await status(withToken(sandbox, await client.token(), headers).issue(868760));
			},
			guess: 200,
			other: 401,
		},
		rateLimitAs: {
			look: async () => {
				limitTo(0);
				const { status: http, text } = await client.issue(868760);
				return [http, text.includes('"code":429')];
			},
			guess: [429, true],
			other: [200, true],
		},
		rateLimitCountsRefused: {
			look: async () => {
				limitTo(1);
				const found: number[] = [];
				for (let i = 0; i < 4; i++) {
					found.push(await status(client.issue(868760)));
					time += 6_000;
				}
				return found;
			},
			guess: [200, 429, 200, 429],
			other: [200, 429, 429, 429],
		},
		rateLimitTokenCalls: {
			look: async () => {
				limitTo(1);
				return [
					await status(client.post(TOKEN_CALL, LOGIN)),
					await status(client.post(TOKEN_CALL, LOGIN)),
				];
			},
			guess: [200, 200],
			other: [200, 429],
		},
		revokeForm: {
			look: async () => Object.keys(json(await revoke({ couponCodes: ['NOPE'] })))[0],
			guess: 'entity',
			other: 'totalCount',
		},
		revokedCoupons: {
			look: async () => {
				const couponCodes = give(868760);
				await revoke({ couponCodes });
				return [await total('id=345635529'), (await codesOf(`couponCodes=${couponCodes}`)).length];
			},
			guess: [0, 0],
			other: [1, 1],
		},
		revokeMakesRoom: {
			look: async () => {
				await revoke({ couponCodes: give(960040) });
				return await code(client.issue(960040, LENA));
			},
			guess: undefined,
			other: 709,
		},
		nothingToRevoke: {
			look: async () => await code(revoke({ customer: LENA, couponSeriesId: 868760 })),
			guess: undefined,
			other: 682,
		},
		revokesGenericByCustomer: {
			look: async () => {
				give(239821);
				return await code(revoke({ customer: LENA, couponSeriesId: 239821 }));
			},
			guess: undefined,
			other: 108,
		},
		revokeByBoth: {
			look: async () =>
				await code(revoke({ couponCodes: give(868760), customer: LENA, couponSeriesId: 868760 })),
			guess: undefined,
			other: 756,
		},
	};

	it.each(Object.keys(OTHER_READINGS) as Array<keyof SandboxSettings>)('%s', async (name) => {
		const row = rows[name];
		if (!row) throw new Error(`No test of ${name}`);
		expect(await row.look()).toEqual(row.guess);
		sandbox.reset();
		sandbox.configure({ [name]: OTHER_READINGS[name] });
		expect(await row.look()).toEqual(row.other);
	});

	it('can be turned all at once, and the sandbox still issues', async () => {
		sandbox.configure(OTHER_READINGS);
		expect((await client.issue(868760)).status).toBe(200);
		expect(sandbox.ledger).toHaveLength(1);
		const defaults = defaultSettings();
		for (const [name, other] of Object.entries(OTHER_READINGS)) {
			expect(other).not.toEqual(defaults[name as keyof SandboxSettings]);
		}
	});
});

describe("the README's list of guesses", () => {
	const readme = readFileSync(join(__dirname, '../../sandbox/README.md'), 'utf8');
	const rows = [...readme.matchAll(/^\| G(\d+) +\|.*$/gm)];
	const turned = [...readme.matchAll(/^\| G\d+ +\|[^|]*\| `(\w+): ([^`]*)` /gm)];

	it('is numbered without a gap', () => {
		expect(rows.map(([, number]) => Number(number))).toEqual(rows.map((_, index) => index + 1));
	});

	it('has a setting and its other value for each guess that can be turned', () => {
		const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
		expect(turned.map(([, name, value]) => [name, value])).toEqual(
			Object.entries(OTHER_READINGS).map(([name, value]) => [name, asText(value)]),
		);
	});
});

describe('other values that a guess can take', () => {
	const { sandbox, client } = useSandbox();

	it('one error for all coupons that are missing', async () => {
		const missing = async () =>
			at(await client.get('/v2/coupon?couponCodes=NO&couponCodes=NONE'), 'errors.length');
		expect(await missing()).toBe(2);
		sandbox.configure({ missingCoupons: 'oneError' });
		expect(await missing()).toBe(1);
	});

	it('the newest coupon is sent again where there are several', async () => {
		const customer = { id: String(SAWYER.id) };
		sandbox.give({ customer, seriesId: 960041, validTill: '2025-01-31' });
		const [newest] = sandbox.give({ customer, seriesId: 960041 }) ?? [];
		expect(at(await client.issue(960041, SAWYER), 'code')).toBe(newest?.code);
		const many = await client.issueMany(960041, 2, SAWYER);
		expect(json(many)).toMatchObject({ successCount: 1, failureCount: 1 });
		expect(sandbox.ledger).toHaveLength(0);
	});
});
