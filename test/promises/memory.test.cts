import v8 from 'node:v8';
import vm from 'node:vm';

import type * as RunModule from '../../nodes/CapillaryCoupons/run/Run';
import { customers, issueParameters, once, World } from './world';

const { Run } = jest.requireActual<typeof RunModule>('../../dist/nodes/CapillaryCoupons/run/Run');

/** All runs, without keeping them; a spy of jest's would keep them. */
const runs = new Map<number, WeakRef<object>>();
const { register } = Run.prototype;
beforeEach(() => {
	runs.clear();
	Run.prototype.register = function (index) {
		if (index === 0) runs.set(runs.size, new WeakRef(this));
		register.call(this, index);
	};
});
afterEach(() => void (Run.prototype.register = register));

/** How many runs are still in memory, once what nobody holds is collected. */
async function runsLeft(): Promise<number> {
	// A weak reference holds for the turn of the event loop in which it was looked at.
	await new Promise((resolve) => setTimeout(resolve, 100));
	v8.setFlagsFromString('--expose-gc');
	vm.runInNewContext('gc')();
	return [...runs.values()].filter((run) => run.deref()).length;
}

// What Issue Once remembers of a customer must not keep the run, and with it all its items.
it.each([
	['Issue Once', once],
	['Issue Coupon', issueParameters],
])('%s keeps no run in memory when it has ended', async (_, parameters) => {
	const world = await World.create();
	for (let run = 0; run < 10; run += 1) {
		await world.run({ items: customers(3, 10 * run), parameters });
	}
	expect(runs.size).toBe(10);
	// The engine may still hold its last one.
	while ((await runsLeft()) > 1);
	expect(world.sandbox.ledger).toHaveLength(30);
});
