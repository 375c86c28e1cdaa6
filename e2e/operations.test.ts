import { runNode } from './lib/runs.cts';
import { byMobile, issueTo } from './lib/workflow.cts';
import { world } from './lib/world.cts';

const { client, credentials, sandbox } = world();

const SERIES = 868760;
const FIRST = { mobile: '918028464628', email: 'asha.rao@example.com', id: 374658850 };
const SECOND = { mobile: '1234512345', externalId: '12341234', id: 566881933 };
const COLLECTOR = { mobile: '4000000250', coupons: 250 };
const HOLDER = { mobile: '9988776655', id: 98662653, codes: ['abAB123', '6WRNA5UM', 'vmqvzcvymt'] };

const mobile = '={{ $json.mobile }}';
const issue = issueTo(mobile);
const issueMultiple = { ...issue, operation: 'issueMultiple', count: 3 };
const getCoupon = {
	operation: 'getCoupon',
	lookupBy: 'couponCodes',
	lookupValues: HOLDER.codes,
	options: { couponCodeCase: 'AS_IT_IS' },
};
const getCustomerCoupons = {
	operation: 'getCustomerCoupons',
	...byMobile(mobile),
	returnAll: true,
};

/** Parameters of a node, one item in, its items out. */
async function run(parameters: object, item: object = FIRST, way: 'basic' | 'oauth' = 'basic') {
	return await runAll(parameters, [item], way);
}

async function runAll(parameters: object, items: object[], way: 'basic' | 'oauth' = 'basic') {
	const request = { parameters, credential: credentials[way], items };
	const { main, error } = await runNode(client, request);
	expect(error).toBeUndefined();
	return main.map(({ json, pairedItem }) => ({ json, pairedItem }));
}

/** The calls that asked for something, without those for a token. */
async function calls() {
	const all = await sandbox.calls();
	return all.filter(({ path, status }) => !path.includes('/oauth/') && status !== 401);
}

beforeEach(sandbox.reset);

describe.each(['basic', 'oauth'] as const)('with %s authentication', (way) => {
	it('issues a coupon for each item', async () => {
		const out = await runAll(issue, [FIRST, SECOND], way);

		const issued = await sandbox.ledger();
		const codeOf = (id: number) => issued.find(({ customerId }) => customerId === id)?.code;
		expect(issued).toHaveLength(2);
		expect(out).toEqual([
			{
				json: {
					code: codeOf(FIRST.id),
					seriesId: SERIES,
					description: 'Gold star coupons',
					discountCode: 'gold1234',
					discountType: 'ABS',
					discountValue: 1000,
					discountUpto: 0,
					discountText: '1000 off',
					validTill: expect.stringMatching(/^\d{4}-\d\d-\d\dT23:59:59/),
					customerId: FIRST.id,
				},
				pairedItem: { item: 0 },
			},
			{ json: expect.objectContaining({ code: codeOf(SECOND.id) }), pairedItem: { item: 1 } },
		]);
	});

	it('issues several coupons to one customer', async () => {
		const metadata = { sourceType: 'POS', sourceId: 'till 7', notes: 'Ä & <b>' };
		const out = await run({ ...issueMultiple, metadata }, FIRST, way);

		const issued = await sandbox.ledger();
		expect(issued).toHaveLength(3);
		expect(issued[0]?.metadata).toEqual(metadata);
		expect(out).toEqual(
			issued.map(({ code, couponId }) => ({
				json: {
					code,
					couponId,
					seriesId: SERIES,
					description: 'Gold star coupons',
					discountType: 'ABS',
					discountValue: 1000,
					discountText: '1000 off',
					customerId: FIRST.id,
					successCount: 3,
					failureCount: 0,
				},
				pairedItem: { item: 0 },
			})),
		);
	});

	it('gets coupons in the order asked for', async () => {
		const out = await run(getCoupon, FIRST, way);

		expect(out.map(({ json }) => json['code'])).toEqual(HOLDER.codes);
		expect(Object.keys(out[0]?.json ?? {}).sort()).toEqual([
			'code',
			'description',
			'discountCode',
			'discountOn',
			'discountText',
			'discountType',
			'discountUpto',
			'discountValue',
			'seriesId',
			'validTill',
		]);
	});

	it("gets a customer's coupons", async () => {
		const out = await run(getCustomerCoupons, HOLDER, way);

		const redeemed = out.find(({ json }) => json['code'] === '6WRNA5UM')?.json;
		expect(out.map(({ json }) => json['code']).sort()).toEqual([...HOLDER.codes].sort());
		expect(String(redeemed?.['customerId'])).toBe(String(HOLDER.id));
		expect(String(redeemed?.['seriesId'])).toBe(String(SERIES));
		expect(redeemed?.['redemptionCount']).toBe(1);
		expect(redeemed?.['redemptions']).toHaveLength(1);
		expect(Object.keys(redeemed ?? {}).sort()).toEqual([
			'code',
			'createdDate',
			'customProperties',
			'customerId',
			'id',
			'redemptionCount',
			'redemptions',
			'seriesId',
			'seriesName',
			'validTill',
		]);
	});
});

describe('what goes over the wire', () => {
	it('sends the body of the API page, with a Basic login of the MD5 hash', async () => {
		await run(issue);

		const [call] = await calls();
		expect(call).toMatchObject({ method: 'POST', url: '/v2/coupon/issue' });
		expect(call?.body).toEqual({ seriesId: SERIES, customer: { mobile: FIRST.mobile } });
		const login = Buffer.from(
			String(call?.headers['authorization']).slice('Basic '.length),
			'base64',
		).toString();
		expect(login).toMatch(/^sandbox\.till:[0-9a-f]{32}$/);
	});

	it('sends an OAuth token, fetched once for many items', async () => {
		const items = Array.from({ length: 20 }, () => FIRST);
		await runAll(issue, items, 'oauth');

		const all = await sandbox.calls();
		const [call] = await calls();
		expect(all.filter(({ path }) => path.includes('/oauth/'))).toHaveLength(1);
		expect(all.length).toBeGreaterThan(20);
		expect(call?.headers['x-cap-api-oauth-token']).toMatch(/^\S+$/);
		expect(call?.headers['authorization']).toBeUndefined();
		expect(await sandbox.ledger()).toHaveLength(20);
	});

	it.each([
		['email', { email: FIRST.email }, { email: FIRST.email }],
		['externalId', { externalId: SECOND.externalId }, { externalId: SECOND.externalId }],
		['id', { customerId: String(FIRST.id) }, { id: FIRST.id }],
	])('names the customer by %s', async (type, value, customer) => {
		await run({ ...issue, customerIdentifierType: type, ...value });

		expect((await calls())[0]?.body).toMatchObject({ customer });
		expect(await sandbox.ledger()).toHaveLength(1);
	});

	it('repeats the query key for each coupon code', async () => {
		await run({ ...getCoupon, lookupValues: HOLDER.codes.join(', ') });

		const [call] = await calls();
		expect(call?.query['couponCodes']).toEqual(HOLDER.codes);
	});

	it('looks coupons up by an array from an expression, with the details asked for', async () => {
		const options = { ...getCoupon.options, showCouponSeries: true, includeIssualDetails: true };
		const lookup = { ...getCoupon, lookupValues: '={{ $json.codes }}', options };
		const out = await run(lookup, HOLDER);

		expect(out.map(({ json }) => json['code'])).toEqual(HOLDER.codes);
		expect(out[0]?.json).toHaveProperty('couponSeries');
		expect(out[0]?.json).toHaveProperty('couponIssualDetails');
	});
});

describe('with Simplify off', () => {
	const raw = { simplify: false };

	it("gives the API's body of an issued coupon", async () => {
		const [out] = await run({ ...issue, ...raw });

		expect(out?.json).toMatchObject({ customer: { id: FIRST.id }, warnings: [], id: 0 });
	});

	it('gives one item for one call that issues several coupons', async () => {
		const out = await run({ ...issueMultiple, ...raw });

		expect(out).toHaveLength(1);
		expect(out[0]?.json['coupons']).toHaveLength(3);
		expect(out[0]?.json).toHaveProperty('couponConfig');
	});

	it('gives each coupon looked up as the API sends it', async () => {
		const out = await run({ ...getCoupon, ...raw });

		expect(out.map(({ json }) => json['code'])).toEqual(HOLDER.codes);
		expect(out[0]?.json).toHaveProperty('validTillDateTime');
	});

	it("gives each of a customer's coupons as the API sends it", async () => {
		const out = await run({ ...getCustomerCoupons, ...raw }, HOLDER);

		expect(out).toHaveLength(3);
		expect(out[0]?.json).toHaveProperty('series_id');
	});
});

describe("pages of a customer's coupons", () => {
	it('returns all of them', async () => {
		const out = await run(getCustomerCoupons, COLLECTOR);

		expect(new Set(out.map(({ json }) => json['code'])).size).toBe(COLLECTOR.coupons);
	});

	it('stops at the limit', async () => {
		const out = await run({ ...getCustomerCoupons, returnAll: false, limit: 7 }, COLLECTOR);

		expect(out).toHaveLength(7);
	});

	it('filters and sorts', async () => {
		const filters = { status: 'redeemed' };
		const out = await run({ ...getCustomerCoupons, filters }, HOLDER);

		expect(out.map(({ json }) => json['code'])).toEqual(['6WRNA5UM']);
	});
});

describe('the list of series', () => {
	const request = {
		nodeType: 'n8n-nodes-capillary.capillaryCoupons',
		parameter: 'seriesId',
		method: 'searchSeries',
		parameters: issue,
	};

	it.each(['basic', 'oauth'] as const)('shows them by name, with %s', async (way) => {
		const credential = credentials[way];
		const { results } = await client.resourceLocatorResults({ ...request, credential });

		const gold = results.find(({ name }) => name.includes('Gold star coupons'));
		expect(String(gold?.value)).toBe(String(SERIES));
	});

	it('searches by a part of the name', async () => {
		const search = { ...request, credential: credentials.basic, filter: 'festival' };
		const { results } = await client.resourceLocatorResults(search);

		expect(results.map(({ value }) => String(value))).toEqual(['544770']);
	});
});

describe('the preview of the output before the first run', () => {
	it.each(['issue', 'issueMultiple', 'getCoupon', 'getCustomerCoupons'])(
		'is served by n8n for %s',
		async (operation) => {
			const node = 'n8n-nodes-capillary.capillaryCoupons';
			const response = await fetch(`${client.url}/schemas/${node}/1.0.0/coupon/${operation}.json`);

			expect(await response.json()).toHaveProperty('properties.code');
		},
	);
});
