import { useFastTime } from '../support/fastTime';
import { customers, goOn, once, World } from './world';

useFastTime();

const WINDOW_MS = 20_000;

// Most of the items wait for the limit. What one of them has read must not wait with them all.
it('Issue Once under a rate limit: an item that has looked issues within two windows', async () => {
	const world = await World.create({
		latencyMs: 5,
		rateLimit: { calls: 20, windowMs: WINDOW_MS, retryAfter: 'seconds' },
	});
	const items = customers(80);
	const run = await world.run({ items, parameters: once, settings: goOn });

	expect(world.account(run)).toEqual({ issued: 80, lost: 0, doubled: 0 });
	const passed = world.sandbox.calls.filter(({ status }) => status === 200);
	const ages = items.map(({ mobile }) => {
		const own = passed.filter(({ customer }) => customer.mobile === mobile);
		return own[1]!.at - own[0]!.at;
	});
	expect(Math.max(...ages)).toBeLessThan(2.2 * WINDOW_MS);
});
