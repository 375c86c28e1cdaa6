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
 * property with `routing`, 2 without, and 1 more where the node reads it itself and it is no plain field
 * of the input.
 */
describe('evaluations for one item', () => {
	it.each<[number, string, Json]>([
		[0, 'no expression', GOOD.issue as Json],
		[2, 'a customer', { ...GOOD.issue, mobile: WHO }],
		[3, 'a customer that is computed', { ...GOOD.issue, mobile: '={{ $json.who.trim() }}' }],
		[
			6,
			'a customer and a series',
			{ ...GOOD.issue, mobile: WHO, seriesId: seriesById('={{ $json.series }}') },
		],
		[6, 'a customer and a count', { ...GOOD.issueMultiple, mobile: WHO, count: '={{ 1 }}' }],
		[2, 'values to look up', { ...GOOD.getCoupon, lookupValues: '={{ $json.code }}' }],
		[2, 'a customer whose coupons are read', { ...GOOD.getCustomerCoupons, mobile: WHO }],
		[8, 'two dates', { ...GOOD.getCustomerCoupons, filters: dates }],
		[10, 'a customer and two dates', { ...GOOD.getCustomerCoupons, mobile: WHO, filters: dates }],
	])('%i: %s', async (count, _, parameters) => {
		expect(await evaluationsPerItem(parameters)).toBe(count);
	});
});

describe('a plain field of the input is what n8n makes of it', () => {
	const values = {
		text: ' 91 ',
		number: 919876543210,
		'a zero': 0,
		'a list': ['919876543210'],
		'a list of two': ['1', '2'],
		'an empty text': '',
		'an object': { mobile: '1' },
		null: null,
		'a truth': true,
		'a number that is too long': 1e21,
		'an expression in a text': '={{ 1 }}',
	};
	/** What goes out, or what is said. */
	const outcome = async (mobile: string, item: Json) => {
		server.answer(() => ANSWER);
		const { error } = await server.run({ ...GOOD.issue, mobile }, [item]);
		const { length } = server.calls;
		return [length, server.calls.at(-1)?.body.customer, error?.message];
	};

	const asRead = async (path: string, item: Json) => {
		const read = await outcome(`={{ $json.${path} }}`, item);
		const evaluated = await outcome(`={{ ($json.${path}) }}`, item);
		expect(read).toEqual(evaluated);
	};

	it.each(Object.entries(values))('%s', async (_, who) => {
		await asRead('who', { who });
		await asRead('body.who', { body: { who } });
	});

	it.each(['nowhere', 'who.length', 'constructor.name', 'who.', '__proto__'])(
		'%s',
		async (path) => {
			await asRead(path, { who: '12345' });
		},
	);
});
