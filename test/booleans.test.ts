import { customers, issueParameters, World } from './promises/world';

describe('a switch set by an expression', () => {
	it.each([
		['Simplify', { simplify: '={{ $json.nothing }}' }],
		['Simplify', { simplify: '={{ "perhaps" }}' }],
		['Return All', { operation: 'getCustomerCoupons', returnAll: '={{ $json.nothing }}' }],
	])(
		"'%s' that is neither true nor false is told before anything is sent",
		async (name, parameters) => {
			const world = await World.create();
			const run = await world.run({
				items: customers(2),
				parameters: { ...issueParameters, ...parameters },
			});

			expect(run.error.message).toBe(`'${name}' is not true or false [item 0]`);
			expect(world.sandbox.calls).toEqual([]);
		},
	);

	it('may be a text: "false" means the raw answer', async () => {
		const world = await World.create();
		const run = await world.run({
			items: customers(1),
			parameters: { ...issueParameters, simplify: '={{ "false" }}' },
		});

		expect(run.items[0].json).toHaveProperty('customer.profiles');
	});
});
