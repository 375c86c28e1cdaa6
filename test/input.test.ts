import { GOOD, type Json, jsonOf, seriesById, useServer, whoeverFrom } from './support/useServer';

/** One parameter: how it is filled from the item, a good value, and bad ones. */
interface Row {
	name: string;
	operation: string;
	parameters: Json;
	good: unknown;
	bad: unknown[];
}

const FROM_ITEM = '={{ $json.value }}';
// Blanks and signs that show nothing: no-break space, soft hyphen, Hangul and Braille fillers, zero-width
// space and joiners, direction marks, line separator, variation selector, byte order mark, control signs.
const INVISIBLE = [
	...['\u00a0', '\u00ad', '\u034f', '\u115f', '\u180e', '\u200b', '\u200c', '\u200d', '\u200e'],
	...['\u2028', '\u202e', '\u2060', '\u2066', '\u2800', '\u3000', '\u3164', '\ufe0f', '\ufeff'],
	...['\uffa0', '\u0000', '\u0007', '\t\n', '\u{e0001}', '\u{e0020}', ' \u200b\u00a0 ', '\ud800'],
];
const NOTHING = [undefined, null, '', '   ', ...INVISIBLE];
/** What JavaScript writes in place of a value. */
const NO_VALUE = [
	...[
		NaN,
		Infinity,
		-Infinity,
		'NaN',
		'Infinity',
		'-Infinity',
		'undefined',
		'null',
		'[object Object]',
	],
	// An object in the midst of a text, and half of a character: another one would go out in a query.
	...['crm-[object Object]', 'a\ud83db', 'vip-\ud83c'],
	...[9.198765432101234e23, '9.198765432101234e+23', 1e-7, '1e+21', '1E+21', ' NaN '],
];
const NO_ID = [
	...[...NOTHING, ...NO_VALUE, 'abc', '1.5', 1.5, -1, 0, '0', '1e5', '1,2', [], [1, 2], {}, true],
	...['0x10', '0b1', '0o7', '1_000', '+1', '１２', '1 2', '1\u200b2', 2 ** 53, '9'.repeat(400)],
];
const NO_CHOICE = [undefined, null, '', 'nonsense', 1, ['nonsense'], {}];
const NO_DATE = [
	...[1738281600, '1738281600', 0, -1, NaN, Infinity, '1970-01-21', '1999-12-31', '0000-01-01'],

	...[undefined, null, '', 'tomorrow', '2025-02-30', '2025-13-01', '31.01.2025', '20250131x'],
	...['2025-01-31T25:00:00', true, {}, []],
];

const ofSeries = (operation: string): Row => ({
	name: 'Series',
	operation,
	parameters: { seriesId: seriesById(FROM_ITEM) },
	good: 868760,
	bad: [...NO_ID, '9007199254740993', '12345678901234567890'],
});
const ofCustomer = (operation: string): Row[] => [
	{
		name: 'Mobile Number',
		operation,
		parameters: { mobile: FROM_ITEM },
		good: '1234512345',
		bad: [...NOTHING, ...NO_VALUE, [], [''], ['1', '2'], ['NaN'], [[]], {}, true],
	},
	{
		name: 'Customer ID',
		operation,
		parameters: { customerIdentifierType: 'id', customerId: FROM_ITEM },
		good: 566881933,
		bad: [...NO_ID, '9007199254740993', '+1'],
	},
	{
		name: 'Identify Customer By',
		operation,
		parameters: { ...whoeverFrom('1'), customerIdentifierType: FROM_ITEM },
		good: 'mobile',
		bad: [...NO_CHOICE, 'toString', 'external_id'],
	},
];
const inCollection = (
	operation: string,
	collection: string,
	field: string,
	name: string,
	good: unknown,
	bad: unknown[],
): Row => ({ name, operation, parameters: { [collection]: { [field]: FROM_ITEM } }, good, bad });

const metadata = (field: string, name: string, longest: number) =>
	inCollection('issueMultiple', 'metadata', field, name, 'Spring', [
		...[undefined, null, [], {}, true, ...INVISIBLE, ...NO_VALUE],
		...['x'.repeat(longest + 1), 'ü'.repeat(longest + 1), '🎟'.repeat(longest + 1)],
	]);

const ROWS: Row[] = [
	ofSeries('issue'),
	...ofCustomer('issue'),
	ofSeries('issueMultiple'),
	...ofCustomer('issueMultiple'),
	{
		name: 'Count',
		operation: 'issueMultiple',
		parameters: { count: FROM_ITEM },
		good: 2,
		bad: [
			...[...NOTHING, ...NO_VALUE, 0, 501, -1, 1.5, '0', '501', 'two', [], [2], {}, true],
			...['0x10', '1e2', '0b11', '1_0', '+2', '2.0', '２'],
		],
	},
	metadata('sourceType', 'Source Type', 50),
	metadata('sourceId', 'Source ID', 50),
	metadata('sourceActivity', 'Source Activity', 50),
	metadata('notes', 'Notes', 250),
	metadata('reason', 'Reason', 250),
	{
		name: 'Look Up By',
		operation: 'getCoupon',
		parameters: { lookupBy: FROM_ITEM },
		good: 'couponCodes',
		bad: NO_CHOICE,
	},
	{
		name: 'Lookup Values',
		operation: 'getCoupon',
		parameters: { lookupValues: FROM_ITEM },
		good: 'A1',
		bad: [
			...[...NOTHING, ...NO_VALUE, ' , ,', [], ['A1', ''], ['A1', null], ['A1', undefined]],
			...[
				[['A1']],
				{},
				true,
				[NaN],
				['A1', NaN],
				['A1', 'NaN'],
				'A1,NaN',
				['A1', '\u200b'],
				[{}],
				[true],
			],
		],
	},
	...['couponIds', 'issuedToIds'].map((lookupBy) => ({
		name: 'Lookup Values',
		operation: 'getCoupon',
		parameters: { lookupBy, lookupValues: FROM_ITEM },
		good: [1, '2'],
		bad: [
			...[...NOTHING, ...NO_VALUE, 'abc', '1,x', [1, 'x'], 0, -1, 1.5, '9007199254740993'],
			...[[], {}, true, [1, NaN], [1, null], '0x10', [1e21], [1, [2]]],
		],
	})),
	inCollection('getCoupon', 'options', 'couponCodeCase', 'Coupon Code Case', 'LOWER', [
		...NO_CHOICE,
		'lower',
	]),
	...['showCouponSeries', 'includeIssualDetails'].map((field) =>
		inCollection(
			'getCoupon',
			'options',
			field,
			field === 'showCouponSeries' ? 'Show Coupon Series' : 'Include Issue Details',
			true,
			[undefined, null, '', 'yes', 1, [], {}],
		),
	),
	...ofCustomer('getCustomerCoupons'),
	inCollection('getCustomerCoupons', 'filters', 'startDate', 'Start Date', '2025-01-31', NO_DATE),
	inCollection('getCustomerCoupons', 'filters', 'endDate', 'End Date', '2025-01-31', NO_DATE),
	inCollection('getCustomerCoupons', 'filters', 'status', 'Status', 'active', NO_CHOICE),
	inCollection('getCustomerCoupons', 'filters', 'seriesId', 'Series', 868760, NO_ID),
	inCollection('getCustomerCoupons', 'filters', 'storeId', 'Store ID', '007', [
		...[...NOTHING, ...NO_VALUE, [], {}, true],
	]),
	inCollection('getCustomerCoupons', 'options', 'orderBy', 'Order By', 'valid_till', NO_CHOICE),
	inCollection('getCustomerCoupons', 'options', 'sortOrder', 'Sort Order', 'asc', NO_CHOICE),
	{
		name: 'Limit',
		operation: 'getCustomerCoupons',
		parameters: { limit: FROM_ITEM },
		good: 1,
		bad: [
			...[...NOTHING, ...NO_VALUE, 0, -1, 1.5, 'many', [], {}, true, false, [3], [], '0x10', '1e2'],
		],
	},
	ofSeries('revoke'),
	{ ...ofSeries('revoke'), parameters: { seriesId: seriesById(FROM_ITEM), couponCodes: 'A1' } },
	{
		name: 'Coupon Codes',
		operation: 'revoke',
		parameters: { couponCodes: FROM_ITEM },
		good: 'A1',
		bad: [...NOTHING, ' , ,', [], ['A1', ''], ['A1', null], ['A1', undefined], [['A1']], {}, true],
	},
	...[ofSeries('revoke'), ...ofCustomer('revoke')].map((row) => ({
		...row,
		parameters: { revokeBy: 'customer', mobile: '1', ...row.parameters },
	})),
	{
		name: 'Return All',
		operation: 'getCustomerCoupons',
		parameters: { returnAll: FROM_ITEM },
		good: true,
		bad: [undefined, null, '', 'yes', 0, 1, [], {}, [true]],
	},
	...Object.keys(GOOD).map((operation) => ({
		name: 'Simplify',
		operation,
		parameters: { simplify: FROM_ITEM },
		good: true,
		bad: [undefined, null, '', 'yes', 0, 1, [], {}, [true]],
	})),
];

const CASES = ROWS.flatMap((row) =>
	row.bad.map((bad) => ({ ...row, bad, shown: shown(bad), where: JSON.stringify(row.parameters) })),
);

const server = useServer();

/** A value as the title of a test. */
function shown(value: unknown): string {
	if (value === undefined) return 'undefined';
	const text = JSON.stringify(value);
	return text.length > 30 ? `${text.slice(0, 12)}... (${String(value).length})` : text;
}

/** Any good answer, so that a call that was let through shows as one. */
const GOOD_ANSWER = {
	body: {
		code: 'A1',
		seriesId: 1,
		coupons: [{ code: 'A1', couponId: 1 }],
		data: [{ code: 'A1' }],
		revokedCoupons: [{ couponCode: 'A1' }],
		response: { status: { success: 'true', code: 200 }, customers: {} },
	},
};

describe('a bad value alone is an error item, and nothing is sent', () => {
	it.each(CASES)(
		"$operation: '$name' = $shown ($where)",
		async ({ name, operation, parameters, bad }) => {
			server.answer(() => GOOD_ANSWER);
			const { items, error } = await server.run(
				{ ...GOOD[operation], ...parameters },
				[{ value: bad }],
				{ onError: 'continueRegularOutput' },
			);
			expect(server.calls).toEqual([]);
			expect(error).toBeUndefined();
			expect(items).toEqual([
				{
					json: {
						error: expect.stringContaining(`'${name}'`),
						details: expect.objectContaining({ outcome: 'notSent' }),
					},
					pairedItem: { item: 0 },
				},
			]);
			expect(items[0].json.error).toContain('[item 0]');
		},
	);
});

describe('in stop mode one bad item among good ones keeps all of them back', () => {
	const firstOfRow = ROWS.map((row) => ({ ...row, bad: row.bad[0], where: JSON.stringify(row) }));

	it.each(firstOfRow)("$operation: '$name'", async ({ name, operation, parameters, good, bad }) => {
		server.answer(() => GOOD_ANSWER);
		const { items, error } = await server.run({ ...GOOD[operation], ...parameters }, [
			{ value: good },
			{ value: good },
			{ value: bad },
			{ value: good },
		]);
		expect(server.calls).toEqual([]);
		expect(items).toEqual([]);
		expect(error.message).toContain(`'${name}'`);
		expect(error.message).toContain('[item 2]');
		expect(error.context).toMatchObject({ itemIndex: 2, data: { outcome: 'notSent' } });
	});

	it("also when n8n's own batching reads them one by one", async () => {
		server.answer(() => GOOD_ANSWER);
		const batching = { batch: { batchSize: 1, batchInterval: 50 } };
		const { error } = await server.run(
			{
				...GOOD.issue,
				mobile: '={{ $json.who }}',
				requestOptions: { batching },
			},
			[{ who: '1' }, { who: '2' }, { who: '' }],
		);
		expect(error.message).toContain('[item 2]');
		expect(server.calls).toEqual([]);
	});

	it('and shows the first of several', async () => {
		server.answer(() => GOOD_ANSWER);
		const { error } = await server.run({ ...GOOD.issue, mobile: '={{ $json.who }}' }, [
			{ who: '1' },
			{ who: '' },
			{ who: '3' },
			{},
		]);
		expect(error.message).toContain('[item 1]');
		expect(server.calls).toEqual([]);
	});
});

describe('in continue mode a bad item does not keep the good ones back', () => {
	it.each(ROWS)("$operation: '$name'", async ({ name, operation, parameters, good, bad }) => {
		server.answer(() => GOOD_ANSWER);
		const { items } = await server.run(
			{ ...GOOD[operation], ...parameters },
			[{ value: good }, { value: bad[0] }, { value: good }],
			{ onError: 'continueRegularOutput' },
		);
		expect(server.calls.length).toBeGreaterThanOrEqual(2);
		const told = items.filter(({ json }) => json.details?.outcome === 'notSent');
		expect(told).toHaveLength(1);
		expect(told[0].json.error).toContain(`'${name}'`);
		expect(told[0].pairedItem).toEqual({ item: 1 });
	});
});

describe('bad options of the run itself', () => {
	const operations = Object.keys(GOOD);

	it.each(
		operations.flatMap((operation) => [
			...[0, -1, 1.5, 'many', '', true, [3], Infinity, NaN, '0x10', '1e2'].map((value) => ({
				...{ operation, name: 'Max Concurrent Calls', options: { maxConcurrent: value }, value },
			})),
			...[-1, 'long', '', true, [3], Infinity, NaN, '0x10', '1e2'].map((value) => ({
				...{ operation, name: 'Max Wait (Seconds)', options: { maxWait: value }, value },
			})),
		]),
	)("$operation: '$name' = $value", async ({ operation, name, options }) => {
		server.answer(() => GOOD_ANSWER);
		const { error } = await server.run({ ...GOOD[operation], options });
		expect(server.calls).toEqual([]);
		expect(error.message).toContain(`'${name}'`);
		expect(error.message).toContain('[item 0]');
	});
});

describe('values that only together are wrong', () => {
	it('a start date after the end date', async () => {
		server.answer(() => GOOD_ANSWER);
		const { error } = await server.run({
			...GOOD.getCustomerCoupons,
			filters: { startDate: '2025-02-01', endDate: '2025-01-31' },
		});
		expect(server.calls).toEqual([]);
		expect(error.message).toContain("'Start Date'");
		expect(error.message).toContain("'End Date'");
	});

	it('a list of customers for one call', async () => {
		server.answer(() => GOOD_ANSWER);
		const { error } = await server.run({ ...GOOD.issue, mobile: '={{ $json.all }}' }, [
			{ all: ['1', '2', '3'] },
		]);
		expect(server.calls).toEqual([]);
		expect(error.message).toContain("'Mobile Number' holds 3 values");
	});

	it('an expression that names what does not exist', async () => {
		server.answer(() => GOOD_ANSWER);
		const { items } = await server.run(
			{ ...GOOD.issue, mobile: '={{ $json.customer.mobile }}' },
			[{ customer: { mobile: '1' } }, {}],
			{ onError: 'continueRegularOutput' },
		);
		expect(server.calls).toHaveLength(1);
		expect(jsonOf(items)[1]?.error).toContain("'Mobile Number'");
	});
});

describe('fields that are empty in a good way', () => {
	it.each([
		['no options', { options: {} }],
		['no metadata', { metadata: {} }],
	])('%s', async (_, more) => {
		server.answer(() => GOOD_ANSWER);
		const { error } = await server.run({ ...GOOD.issueMultiple, count: 1, ...more });
		expect(error).toBeUndefined();
		expect(server.calls[0]?.body).not.toHaveProperty('metadata');
	});
});
