import { customers, issueParameters, World } from './world';

const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 10 };

describe("n8n's own Retry On Fail", () => {
	it('sends five items with one 503 five times in all, and the 503 stays unknown', async () => {
		const world = await World.create();
		const items = customers(5);
		world.sandbox.faults.add({
			match: { customer: items[2]?.mobile },
			fault: { kind: 'status', status: 503, afterWork: true },
		});
		const run = await world.run({ items, settings: retry });

		expect(world.issueCalls()).toHaveLength(5);
		expect(run.error.context.itemIndex).toBe(2);
		expect(run.error.context.data.outcome).toBe('unknown');
		expect(
			run.error.context.data.issued.map((one: { itemIndex: number }) => one.itemIndex),
		).toEqual([0, 1, 3, 4]);
		expect(world.account(run)).toEqual({ issued: 5, lost: 0, doubled: 0 });
	});

	it('sends a refused item again, and the answered ones not', async () => {
		const world = await World.create();
		const items = customers(5);
		world.sandbox.faults.add({
			match: { customer: items[2]?.mobile, count: 2 },
			fault: {
				kind: 'status',
				status: 400,
				body: { errors: [{ code: 5005, message: 'later' }] } as never,
			},
		});
		const run = await world.run({ items, settings: retry });

		expect(run.error).toBeUndefined();
		expect(run.items.map(({ pairedItem }) => pairedItem.item)).toEqual([0, 1, 2, 3, 4]);
		expect(world.issueCalls()).toHaveLength(7);
		expect(world.account(run)).toEqual({ issued: 5, lost: 0, doubled: 0 });
	});

	it.each(['continueRegularOutput', 'continueErrorOutput'])(
		'with On Error = %s sends nothing twice when the first item fails',
		async (onError) => {
			const world = await World.create();
			const items = customers(4);
			world.sandbox.faults.add({
				match: { customer: items[0]?.mobile },
				fault: { kind: 'lostAfter' },
			});
			const run = await world.run({ items, settings: { ...retry, onError } });

			expect(world.issueCalls()).toHaveLength(4);
			expect([...run.items, ...run.errors]).toHaveLength(4);
			expect(world.account(run)).toEqual({ issued: 4, lost: 0, doubled: 0 });
		},
	);

	it('forgets with the run: the same items in another run are new coupons', async () => {
		const world = await World.create();
		const items = customers(3);
		await world.run({ items, settings: retry });
		await world.run({ items, settings: retry });

		expect(world.issueCalls()).toHaveLength(6);
	});

	it('keeps reads that were answered as well', async () => {
		const world = await World.create();
		world.sandbox.faults.add({
			match: { path: '/v1.1/customer/coupons', customer: '123', count: 1 },
			fault: { kind: 'status', status: 500 },
		});
		const run = await world.run({
			parameters: { ...issueParameters, operation: 'getCustomerCoupons' },
			items: [{ mobile: '1234512345' }, { mobile: '123' }],
			settings: retry,
		});

		expect(run.error.message).toContain('Capillary does not know this customer');
		const asked = world.sandbox.calls.map(({ customer }) => customer.mobile);
		expect(asked.filter((mobile) => mobile === '1234512345')).toHaveLength(1);
	});
});
