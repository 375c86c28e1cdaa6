import { customers, issueParameters, SERIES, World } from '../promises/world';
import { useFastTime } from '../support/fastTime';
import { seriesById } from '../support/useServer';

useFastTime();

type Json = Record<string, unknown>;

const once = { ...issueParameters, issueOnce: true };
const onceMultiple = { ...once, operation: 'issueMultiple', count: 2 };
const goOn = { onError: 'continueRegularOutput' };

/** What went over the wire, without the login. */
function linesOf(world: World): string[] {
	return world.sandbox.calls.map(({ method, path }) => `${method} ${path}`);
}

function jsonOf(run: { items: Array<{ json: Json }> }): Json[] {
	return run.items.map(({ json }) => json);
}

describe('Issue Once', () => {
	it('issues what is not there, with one look before it', async () => {
		const world = await World.create();
		const run = await world.run({ items: customers(1), parameters: once });

		expect(jsonOf(run)).toEqual([
			expect.objectContaining({ code: world.sandbox.ledger[0]?.code, isNew: true }),
		]);
		expect(linesOf(world)).toEqual(['GET /v1.1/customer/coupons', 'POST /v2/coupon/issue']);
		expect(world.sandbox.calls[0]?.query).toMatchObject({ series_id: SERIES });
	});

	it('issues nothing in a second run, and gives the same coupons with the same fields', async () => {
		const world = await World.create();
		const first = await world.run({ items: customers(5), parameters: once });
		const second = await world.run({ items: customers(5), parameters: once });

		expect(world.issueCalls()).toHaveLength(5);
		expect(jsonOf(second)).toEqual(jsonOf(first).map((json) => ({ ...json, isNew: false })));
		expect(second.items.map(({ pairedItem }) => pairedItem)).toEqual(
			first.items.map(({ pairedItem }) => pairedItem),
		);
		expect(linesOf(world).slice(10, 12).sort()).toEqual(
			['GET /v1.1/customer/coupons', 'GET /v1.1/customer/coupons'].sort(),
		);
		// One look for each customer, and one for the fields of what is held.
		expect(linesOf(world).slice(10)).toHaveLength(10);
	});

	it.each([[{}], [goOn]])(
		'gives one coupon to a customer of three runs at once: %j',
		async (settings) => {
			const world = await World.create({ latencyMs: 20 });
			const runs = await Promise.all(
				[1, 2, 3].map(
					async () => await world.run({ items: customers(10), parameters: once, settings }),
				),
			);

			expect(world.account(...runs)).toEqual({ issued: 10, lost: 0, doubled: 0 });
			for (const run of runs) {
				expect(jsonOf(run).map(({ code }) => code)).toEqual(
					jsonOf(runs[0]!).map(({ code }) => code),
				);
			}
			const isNew = runs.flatMap((run) => jsonOf(run).map((json) => json.isNew));
			expect(isNew.filter(Boolean)).toHaveLength(10);
		},
	);

	it('gives one coupon to a customer of two items', async () => {
		const world = await World.create({ latencyMs: 20 });
		const [one] = customers(1);
		const run = await world.run({ items: [one!, one!, one!], parameters: once });

		expect(world.sandbox.ledger).toHaveLength(1);
		expect(jsonOf(run).map(({ isNew }) => isNew)).toEqual([true, false, false]);
	});

	it('gives one coupon to a customer who is named by mobile, by email and by ID', async () => {
		const world = await World.create({ latencyMs: 20 });
		const run = await world.run({
			items: [
				{ type: 'mobile', mobile: '918028464628' },
				{ type: 'email', email: 'asha.rao@example.com' },
				{ type: 'id', id: 374658850 },
				{ type: 'externalId', external: 'x918028464628' },
			],
			parameters: {
				...once,
				customerIdentifierType: '={{ $json.type }}',
				mobile: '={{ $json.mobile ?? 1 }}',
				email: '={{ $json.email ?? 1 }}',
				customerId: '={{ $json.id ?? 1 }}',
				externalId: '={{ $json.external ?? 1 }}',
			},
		});

		expect(run.error).toBeUndefined();
		expect(world.sandbox.ledger).toHaveLength(1);
		const codes = new Set(jsonOf(run).map(({ code }) => code));
		expect(codes).toEqual(new Set([world.sandbox.ledger[0]?.code]));
		expect(jsonOf(run).filter(({ isNew }) => isNew)).toHaveLength(1);
	});

	it('gives one coupon to a customer of two items also when the lists show it late', async () => {
		const world = await World.create({ showsAfterMs: 3_000 });
		const [one] = customers(1);
		const run = await world.run({ items: [one!, one!], parameters: once });

		expect(world.sandbox.ledger).toHaveLength(1);
		expect(jsonOf(run).map(({ isNew }) => isNew)).toEqual([true, false]);
	});

	it('issues nothing as long as the lists do not show what was issued a moment ago', async () => {
		const world = await World.create({ showsAfterMs: 60_000 });
		const [one] = customers(1);
		const parameters = { ...once, options: { maxWait: 1 } };
		const run = await world.run({ items: [one!, one!], parameters, settings: goOn });

		expect(world.sandbox.ledger).toHaveLength(1);
		expect(run.items[1].json.details).toMatchObject({ outcome: 'refused' });
		expect(run.items[1].json.error).toContain("does not show in Capillary's list yet");
	});

	it('believes the lists after 15 seconds: a coupon may have been revoked', async () => {
		const world = await World.create();
		const [one] = customers(1);
		await world.run({ items: [one!], parameters: once });
		world.sandbox.ledger[0]!.revokedAt = Date.now();
		const run = await world.run({ items: [one!], parameters: once });

		expect(jsonOf(run)[0]).toMatchObject({ isNew: true });
		expect(world.sandbox.ledger).toHaveLength(2);
	});
});
