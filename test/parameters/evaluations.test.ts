import { Expression } from 'n8n-workflow';

import { GOOD, seriesById, useServer } from '../support/useServer';

type Json = Record<string, unknown>;

const server = useServer();
const ITEMS = [
	{ who: '1', series: 868760, code: 'A1' },
	{ who: '2', series: 1, code: 'A2' },
];

/** A good answer of every operation. */
const ANSWER = {
	body: {
		code: 'A1',
		seriesId: 1,
		coupons: [{ code: 'A1', couponId: 1 }],
		data: [{ code: 'A1' }, { code: 'A2' }],
		response: { status: { success: 'true', code: 200 }, customers: {} },
	},
};

/** How often n8n evaluates an expression for an item, ours and the user's, credential apart. */
async function evaluationsPerItem(parameters: Json): Promise<number> {
	const evaluator = Expression.prototype as unknown as { renderExpression: () => unknown };
	const evaluate = jest.spyOn(evaluator, 'renderExpression');
	server.answer(() => ANSWER);
	const { error } = await server.run(parameters, ITEMS);
	const { length } = evaluate.mock.calls;
	evaluate.mockRestore();
	expect(error).toBeUndefined();
	expect(server.calls).toHaveLength(ITEMS.length);
	return length / ITEMS.length;
}

const WHO = '={{ $json.who }}';
const dates = { startDate: '={{ "2026-01-01" }}', endDate: '={{ "2026-02-01" }}' };

/**
 * An evaluation costs a third of a millisecond, most of an item's time. Per expression: 4 for a
 * property with `routing`, 2 without, and 1 each time that the node reads it itself.
 */
describe('evaluations for one item', () => {
	it.each<[number, string, Json]>([
		[0, 'no expression', GOOD.issue as Json],
		[3, 'a customer', { ...GOOD.issue, mobile: WHO }],
		[
			7,
			'a customer and a series',
			{ ...GOOD.issue, mobile: WHO, seriesId: seriesById('={{ $json.series }}') },
		],
		[7, 'a customer and a count', { ...GOOD.issueMultiple, mobile: WHO, count: '={{ 1 }}' }],
		[3, 'values to look up', { ...GOOD.getCoupon, lookupValues: '={{ $json.code }}' }],
		[3, 'a customer whose coupons are read', { ...GOOD.getCustomerCoupons, mobile: WHO }],
		[8, 'two dates', { ...GOOD.getCustomerCoupons, filters: dates }],
		[11, 'a customer and two dates', { ...GOOD.getCustomerCoupons, mobile: WHO, filters: dates }],
	])('%i: %s', async (count, _, parameters) => {
		expect(await evaluationsPerItem(parameters)).toBe(count);
	});
});
