import { sleep } from 'n8n-workflow';

import type { RateLimit } from '../../sandbox/types';
import { customers, issueParameters, World } from './world';

describe('a rate limit', () => {
	const limits: Array<[string, Partial<RateLimit>]> = [
		['with Retry-After in seconds', { retryAfter: 'seconds', body: 'json' }],
		['with Retry-After as a date', { retryAfter: 'date', body: 'json' }],
		['without Retry-After, told in HTML', { retryAfter: 'none', body: 'html' }],
		['in a sliding window', { window: 'sliding', retryAfter: 'seconds' }],
	];

	it.each(limits)(
		'%s is waited out: all get one coupon, hardly a call is wasted',
		async (_, limit) => {
			const world = await World.create({
				latencyMs: 2,
				rateLimit: { calls: 50, windowMs: 2_000, ...limit },
			});
			const run = await world.run({ items: customers(150) });

			expect(run.error).toBeUndefined();
			expect(run.items.map(({ pairedItem }) => pairedItem.item)).toEqual([...Array(150).keys()]);
			expect(world.account(run)).toEqual({ issued: 150, lost: 0, doubled: 0 });
			expect(world.sandbox.stats.byStatus[429]).toBeGreaterThan(0);
			// A first refusal meets what is open at that moment, about 20; the later ones meet one or two.
			expect(world.sandbox.stats.calls).toBeLessThan(150 + 35);
		},
	);

	it('pauses all executions of the credential together', async () => {
		const world = await World.create({
			latencyMs: 2,
			rateLimit: { calls: 50, windowMs: 2_000, retryAfter: 'seconds' },
		});
		const runs = await Promise.all(
			[0, 1, 2, 3, 4].map(async (k) => await world.run({ items: customers(30, k * 30) })),
		);

		expect(runs.map(({ items }) => items.length)).toEqual([30, 30, 30, 30, 30]);
		expect(world.account(...runs)).toEqual({ issued: 150, lost: 0, doubled: 0 });
		expect(world.sandbox.stats.calls).toBeLessThan(150 + 35);
	});

	it("fails an item as refused when the API asks for a longer wait than 'Max Wait'", async () => {
		const world = await World.create();
		world.sandbox.faults.add({ match: {}, fault: { kind: 'rateLimited', retryAfter: 60 } });
		const run = await world.run({
			items: customers(30),
			parameters: { ...issueParameters, options: { maxWait: 1 } },
			settings: { onError: 'continueRegularOutput' },
		});

		expect(run.items).toHaveLength(30);
		for (const { json } of run.items) {
			expect(json.error).toContain("rate limit did not lift within 'Max Wait'");
			expect(json.details).toMatchObject({ outcome: 'refused', httpStatus: 429 });
		}
		expect(world.account(run)).toEqual({ issued: 0, lost: 0, doubled: 0 });
	});

	it("gives up after 'Max Wait' when the limit never lifts, for all items that wait", async () => {
		const world = await World.create();
		world.sandbox.faults.add({ match: {}, fault: { kind: 'rateLimited' } });
		const run = await world.run({
			items: customers(100),
			parameters: { ...issueParameters, options: { maxWait: 1 } },
			settings: { onError: 'continueRegularOutput' },
		});

		expect(run.items.map(({ json }) => json.details.outcome)).toEqual(Array(100).fill('refused'));
		// 20 at the first moment, then one call after each pause: not one call for each item.
		expect(world.sandbox.stats.calls).toBeLessThan(60);
	});

	it('stops waiting at once when the execution is cancelled', async () => {
		const world = await World.create();
		world.sandbox.faults.add({ match: {}, fault: { kind: 'rateLimited', retryAfter: 100 } });
		await world.run({
			items: customers(50),
			onStart: (execution) => {
				const poll = async (): Promise<void> => {
					while (world.sandbox.calls.length === 0) await sleep(1);
					execution.cancel();
				};
				void poll();
			},
		});

		const calls = world.sandbox.calls.length;
		expect(calls).toBeLessThanOrEqual(20);
		expect(world.account()).toEqual({ issued: 0, lost: 0, doubled: 0 });
	});
});
