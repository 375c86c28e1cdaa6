import { customers, issueParameters, once, World } from './world';

const REFUSED = { errors: [{ status: false, code: 707, message: 'Coupon Series ID is invalid' }] };

describe('On Error = Stop', () => {
	it.each([
		[5, 24],
		[20, 24],
		[100, 45],
		[300, 45],
	])(
		'sends nothing more after a failure, and keeps what was issued (%i ms)',
		async (latencyMs, most) => {
			const world = await World.create({ latencyMs });
			const items = customers(100);
			world.sandbox.faults.add({
				match: { customer: items[3]?.mobile },
				fault: { kind: 'raw', status: 200, body: REFUSED as never },
			});
			const run = await world.run({ items });

			const { data, itemIndex } = run.error.context;
			expect(itemIndex).toBe(3);
			expect(run.error.message).toBe(
				'The coupon series does not exist (707: Coupon Series ID is invalid) [item 3]',
			);
			expect(world.issueCalls().length).toBeLessThanOrEqual(most);
			expect(data.issued.flatMap(({ codes }: { codes: string[] }) => codes).sort()).toEqual(
				world.sandbox.ledger.map(({ code }) => code).sort(),
			);
			expect(run.error.description).toContain(
				`${data.issued.length} coupons were issued in this run`,
			);
			expect(world.account(run)).toMatchObject({ lost: 0, doubled: 0 });
		},
	);

	it('issues as little with Issue Once, however many looks went well before', async () => {
		const world = await World.create({ latencyMs: 20 });
		const items = customers(300);
		world.sandbox.faults.add({
			match: { path: '/v2/coupon/issue' },
			fault: { kind: 'latency', ms: 300 },
		});
		world.sandbox.faults.add({
			match: { path: '/v2/coupon/issue', customer: items[3]?.mobile },
			fault: { kind: 'raw', status: 200, body: REFUSED as never },
		});
		const run = await world.run({ items, parameters: once });

		expect(run.error.context.itemIndex).toBe(3);
		expect(world.issueCalls().length).toBeLessThanOrEqual(45);
		expect(world.account(run)).toMatchObject({ lost: 0, doubled: 0 });
	});

	it('sends as little after a failure when many calls of the credential have passed before', async () => {
		const world = await World.create({ latencyMs: 5 });
		await world.run({ items: customers(1_000, 100) });
		const before = world.issueCalls().length;
		const items = customers(100);
		world.sandbox.faults.add({
			match: { customer: items[3]?.mobile },
			fault: { kind: 'raw', status: 200, body: REFUSED as never },
		});
		const run = await world.run({ items });

		expect(run.error.context.itemIndex).toBe(3);
		expect(world.issueCalls().length - before).toBeLessThanOrEqual(24 + 20);
		expect(world.account(run).doubled).toBe(0);
	});

	it('waits for the calls under way, so that their codes are in the list', async () => {
		const world = await World.create();
		const items = customers(3);
		world.sandbox.faults.add({
			match: { customer: items[0]?.mobile },
			fault: { kind: 'raw', status: 200, body: REFUSED as never },
		});
		world.sandbox.faults.add({
			match: { customer: items[2]?.mobile },
			fault: { kind: 'latency', ms: 150 },
		});
		const run = await world.run({ items });

		expect(run.error.context.data.issued).toEqual([
			{ itemIndex: 1, codes: [expect.any(String)] },
			{ itemIndex: 2, codes: [expect.any(String)] },
		]);
	});

	it('sends nothing at all when n8n cannot read the parameters of a later item', async () => {
		const world = await World.create();
		const run = await world.run({
			items: customers(10),
			parameters: {
				...issueParameters,
				mobile: "={{ $json.row === 7 ? $('Nowhere').item.json.mobile : $json.mobile }}",
			},
		});

		expect(run.error).toBeDefined();
		expect(world.sandbox.calls).toEqual([]);
	});

	it("goes on when n8n's batching spaces the items out", async () => {
		const world = await World.create();
		const run = await world.run({
			items: customers(5),
			parameters: {
				...issueParameters,
				requestOptions: { batching: { batch: { batchSize: 2, batchInterval: 20 } } },
			},
		});

		expect(run.items).toHaveLength(5);
		expect(world.account(run)).toEqual({ issued: 5, lost: 0, doubled: 0 });
	});
});
