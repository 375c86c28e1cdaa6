import { customers, issueParameters, World } from './world';

describe('open calls', () => {
	it("never exceed 'Max Concurrent'", async () => {
		const world = await World.create({ latencyMs: 20 });
		const run = await world.run({
			items: customers(40),
			parameters: { ...issueParameters, options: { maxConcurrent: 7 } },
		});

		expect(run.items).toHaveLength(40);
		expect(world.sandbox.stats.maxOpen).toBe(7);
	});

	it('for one customer go one after another, in item order; others pass by', async () => {
		const world = await World.create({ latencyMs: 20, refuseConcurrentCustomer: true });
		const [one, other] = customers(2);
		const items = [one, one, other, one, one].map((item, row) => ({ ...item, row }));
		const run = await world.run({ items });

		expect(run.error).toBeUndefined();
		expect(world.sandbox.stats.maxOpenPerCustomer).toBe(1);
		// The other customer's call, third in the list, was the second to arrive.
		expect(world.issueCalls().map(({ customer }) => customer.mobile)).toEqual(
			[one, other, one, one, one].map((item) => item?.mobile),
		);
		// The n-th coupon of the customer is that of its n-th item.
		const ofOne = run.items.filter((_, index) => index !== 2).map(({ json }) => json.code);
		const issued = world.sandbox.ledger.map(({ code }) => code);
		expect(issued.filter((code) => ofOne.includes(code))).toEqual(ofOne);
	});

	it('for one customer stay one at a time across executions', async () => {
		const world = await World.create({ latencyMs: 20, refuseConcurrentCustomer: true });
		const items = customers(1);
		const runs = await Promise.all([1, 2, 3].map(async () => await world.run({ items })));

		expect(runs.map(({ items: out }) => out.length)).toEqual([1, 1, 1]);
		expect(world.sandbox.stats.maxOpenPerCustomer).toBe(1);
	});

	it('may end in any order: the output keeps the order of the input', async () => {
		const world = await World.create();
		const items = customers(10);
		items.forEach(({ mobile, row }) => {
			world.sandbox.faults.add({
				match: { customer: mobile },
				fault: { kind: 'latency', ms: (10 - row) * 5 },
			});
		});
		const run = await world.run({ items });

		expect(run.items.map(({ pairedItem }) => pairedItem.item)).toEqual([...Array(10).keys()]);
		const byCode = new Map(world.sandbox.ledger.map(({ code, callIndex }) => [code, callIndex]));
		expect(
			run.items.map(
				({ json }) => world.sandbox.calls[byCode.get(json.code) ?? -1]?.customer.mobile,
			),
		).toEqual(items.map(({ mobile }) => mobile));
	});
});
