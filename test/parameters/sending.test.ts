import { type Call, GOOD, seriesById, useServer } from '../support/useServer';

type Json = Record<string, unknown>;

/** What is set, and where and as what it arrives. */
type Row = [parameter: string, parameters: Json, place: string, arrives: unknown];

const server = useServer();

const ANSWER = {
	body: {
		code: 'A1',
		seriesId: 1,
		coupons: [{ code: 'A1', couponId: 1 }],
		data: [{ code: 'A1' }, { code: 'B2' }],
		response: { status: { success: 'true', code: 200 }, customers: {} },
	},
};

const LUXON = '={{ DateTime.fromISO("2026-01-31T23:30:00+05:30", { setZone: true }) }}';

/** The customer, and the series where the operation has it: the same on the two pages of issuing. */
const ISSUING: Row[] = [
	['Series by ID', { seriesId: seriesById('868760') }, 'seriesId', 868760],
	['Series from the list', { seriesId: { ...seriesById('7'), mode: 'list' } }, 'seriesId', 7],
	['Series as a number', { seriesId: seriesById('={{ 868760 }}') }, 'seriesId', 868760],
	['Series with blanks', { seriesId: seriesById(' 868760 ') }, 'seriesId', 868760],
	['Mobile Number', { mobile: '1234512345' }, 'customer', { mobile: '1234512345' }],
	[
		'Mobile Number as a number',
		{ mobile: '={{ 919876543210 }}' },
		'customer',
		{ mobile: '919876543210' },
	],
	[
		'Email',
		{ customerIdentifierType: 'email', email: ' a@b.com ' },
		'customer',
		{ email: 'a@b.com' },
	],
	[
		'External ID',
		{ customerIdentifierType: 'externalId', externalId: '007' },
		'customer',
		{ externalId: '007' },
	],
	[
		'Customer ID',
		{ customerIdentifierType: 'id', customerId: '566881933' },
		'customer',
		{ id: 566881933 },
	],
];

/** API pages "Issue single coupon" and "Issue multiple coupons": a path in the JSON body. */
const IN_BODY: Record<string, Row[]> = {
	issue: ISSUING,
	issueMultiple: [
		...ISSUING,
		['Count', { count: 500 }, 'count', 500],
		['Count as a text', { count: '={{ "2" }}' }, 'count', 2],
		[
			'Source Type',
			{ metadata: { sourceType: 'Journeys' } },
			'metadata',
			{ sourceType: 'Journeys' },
		],
		['Source ID', { metadata: { sourceId: '={{ 42 }}' } }, 'metadata', { sourceId: '42' }],
		[
			'Source Activity',
			{ metadata: { sourceActivity: 'Tier upgrade' } },
			'metadata',
			{ sourceActivity: 'Tier upgrade' },
		],
		['Notes', { metadata: { notes: ' Migration ' } }, 'metadata', { notes: 'Migration' }],
		['Reason', { metadata: { reason: 'Recovery' } }, 'metadata', { reason: 'Recovery' }],
		[
			'an empty text',
			{ metadata: { notes: '', reason: 'Recovery' } },
			'metadata',
			{ reason: 'Recovery' },
		],
		['empty texts alone', { metadata: { notes: '' } }, 'metadata', undefined],
	],
};

/** API pages "Get coupon details" and "Get customer coupons": all values of a key in the query. */
const IN_QUERY: Record<string, Row[]> = {
	getCoupon: [
		['one code', { lookupValues: 'abAB123' }, 'couponCodes', ['abAB123']],
		['codes with commas', { lookupValues: 'A1, B2' }, 'couponCodes', ['A1', 'B2']],
		['codes as a list', { lookupValues: '={{ ["A1", "a1", "B2"] }}' }, 'couponCodes', ['A1', 'B2']],
		['a code with signs', { lookupValues: 'A&B=C +ü' }, 'couponCodes', ['A&B=C +ü']],
		[
			'coupon IDs',
			{ lookupBy: 'couponIds', lookupValues: '={{ [123, "0456"] }}' },
			'couponIds',
			['123', '456'],
		],
		[
			'customer IDs',
			{ lookupBy: 'issuedToIds', lookupValues: '345635529' },
			'issuedToIds',
			['345635529'],
		],
		[
			'Coupon Code Case',
			{ options: { couponCodeCase: 'AS_IT_IS' } },
			'coupon_code_case',
			['AS_IT_IS'],
		],
		['Show Coupon Series', { options: { showCouponSeries: true } }, 'showCouponSeries', ['true']],
		[
			'Show Coupon Series off',
			{ options: { showCouponSeries: false } },
			'showCouponSeries',
			['false'],
		],
		[
			'Include Issue Details',
			{ options: { includeIssualDetails: '={{ "true" }}' } },
			'includeIssualDetails',
			['true'],
		],
	],
	getCustomerCoupons: [
		['Mobile Number', { mobile: '9988776655' }, 'mobile', ['9988776655']],
		['Email', { customerIdentifierType: 'email', email: 'a+b@c.com' }, 'email', ['a+b@c.com']],
		[
			'External ID',
			{ customerIdentifierType: 'externalId', externalId: '007' },
			'external_id',
			['007'],
		],
		['Customer ID', { customerIdentifierType: 'id', customerId: '98662653' }, 'id', ['98662653']],
		['Start Date', { filters: { startDate: '2026-01-31T00:00:00' } }, 'start_date', ['2026-01-31']],
		['Start Date from Luxon', { filters: { startDate: LUXON } }, 'start_date', ['2026-01-31']],
		['End Date', { filters: { endDate: '2026-02-01' } }, 'end_date', ['2026-02-01']],
		['Status', { filters: { status: 'unredeemed' } }, 'status', ['unredeemed']],
		['Series', { filters: { seriesId: seriesById('12360') } }, 'series_id', ['12360']],
		['Series as a bare number', { filters: { seriesId: 12360 } }, 'series_id', ['12360']],
		['Store ID', { filters: { storeId: 'store_001' } }, 'store_id', ['store_001']],
		['Order By', { options: { orderBy: 'valid_till' } }, 'order_by', ['valid_till']],
		['Sort Order', { options: { sortOrder: 'asc' } }, 'sort_order', ['asc']],
		['Limit', { limit: 7 }, 'limit', ['7']],
	],
};

/** What an operation sends with nothing but what it needs. */
const BARE: Record<string, string[]> = {
	issue: ['customer', 'seriesId'],
	issueMultiple: ['count', 'customer', 'seriesId'],
	getCoupon: ['couponCodes'],
	getCustomerCoupons: ['limit', 'mobile'],
};

const rowsOf = (table: Record<string, Row[]>) =>
	Object.entries(table).flatMap(([operation, rows]) =>
		rows.map((row) => [operation, ...row] as const),
	);

async function sent(operation: string, parameters: Json = {}): Promise<Call> {
	server.answer(() => ANSWER);
	const { error } = await server.run({ ...GOOD[operation], ...parameters });
	expect(error).toBeUndefined();
	expect(server.calls).toHaveLength(1);
	return server.calls[0] as Call;
}

describe('in the body', () => {
	it.each(rowsOf(IN_BODY))('%s: %s', async (operation, _, parameters, place, arrives) => {
		const { body, query } = await sent(operation, parameters);
		expect(body[place]).toEqual(arrives);
		expect(query).toBe('');
	});
});

describe('in the query', () => {
	it.each(rowsOf(IN_QUERY))('%s: %s', async (operation, _, parameters, key, arrives) => {
		const { body, query } = await sent(operation, parameters);
		expect(new URLSearchParams(query).getAll(key)).toEqual(arrives);
		expect(body).toBe('');
	});
});

describe('nothing else', () => {
	const forNode = { simplify: false, options: { maxConcurrent: 7, maxWait: 9 } };

	it.each(Object.entries(BARE))('%s', async (operation, keys) => {
		const { body, query } = await sent(operation, forNode);
		const arrived = body === '' ? [...new URLSearchParams(query).keys()] : Object.keys(body);
		expect(arrived.sort()).toEqual(keys);
	});

	it('of the identifiers that were filled in before another kind was chosen', async () => {
		const { body } = await sent('issue', { email: 'a@b.com', externalId: '1', customerId: '2' });
		expect(body.customer).toEqual({ mobile: '1234512345' });
	});
});
