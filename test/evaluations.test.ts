import { GOOD, type Json, seriesById, useServer } from './support/useServer';

const server = useServer();
const customer = { mobile: '={{ $json.who }}' };
const date = '={{ $json.day }}';

/** Each costs about 0.35 ms an item in n8n's isolate; so none of them may be an expression of ours. */
describe('how often an expression of the user is evaluated for an item', () => {
	it.each<[string, string, Json, Record<string, number>]>([
		['customer', 'issue', customer, { '={{ $json.who }}': 3 }],
		[
			'customer and series',
			'issue',
			{ ...customer, seriesId: seriesById('={{ $json.series }}') },
			{ '={{ $json.who }}': 3, '={{ $json.series }}': 4 },
		],
		[
			'customer and count',
			'issueMultiple',
			{ ...customer, count: '={{ $json.count }}' },
			{ '={{ $json.who }}': 3, '={{ $json.count }}': 4 },
		],
		['codes', 'getCoupon', { lookupValues: '={{ $json.code }}' }, { '={{ $json.code }}': 3 }],
		[
			'two dates',
			'getCustomerCoupons',
			{ filters: { startDate: date, endDate: date } },
			{ [date]: 8 },
		],
	])('%s, %s', async (_, operation, parameters, times) => {
		server.answer(() => ({ body: {} }));
		const item = { who: '1234512345', series: 868760, count: 2, code: 'A1', day: '2026-01-31' };
		const { evaluations } = await server.run({ ...GOOD[operation], ...parameters }, [item, item]);
		expect(evaluations).toEqual([times, times]);
	});
});
