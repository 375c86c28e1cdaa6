import { useFastTime } from '../support/fastTime';
import { customers, goOn, once, World } from './world';

useFastTime();

// Most of the items wait for the limit. What one of them has read must not wait with them.
describe('Issue Once under a limit of 20 calls in 20 seconds', () => {
	it('issues soon after its look, and no item that was refused early runs out of Max Wait', async () => {
		const world = await World.create({
			latencyMs: 5,
			rateLimit: { calls: 20, windowMs: 20_000, retryAfter: 'seconds' },
		});
		const items = customers(80);
		const parameters = { ...once, options: { maxWait: 40 } };
		const run = await world.run({ items, parameters, settings: goOn });

		const passed = world.sandbox.calls.filter(({ status }) => status === 200);
		const ages = items.map(({ mobile }) => {
			const own = passed.filter(({ customer }) => customer.mobile === mobile);
			return own.length === 2 ? own[1]!.at - own[0]!.at : Infinity;
		});
		// A window of waiting is more than the limit can ask of a customer whose look has passed.
		expect(Math.max(...ages)).toBeLessThan(25_000);
		expect(world.account(run)).toEqual({ issued: 80, lost: 0, doubled: 0 });
	});
});
