import { sleep } from 'n8n-workflow';

import { useFastTime } from '../support/fastTime';
import { customers, goOn, issueParameters, World } from './world';

useFastTime();

// Capillary sets its limits for each API: that no more can be issued today must not end the reads.
it('a limit of the issue call alone does not fail the reads of the same credential', async () => {
	const world = await World.create();
	world.sandbox.faults.add({
		match: { path: '/v2/coupon/issue' },
		fault: { kind: 'rateLimited' },
	});
	const issuing = world.run({ items: customers(40), settings: goOn });
	await sleep(3_000);
	const reads = await world.run({
		items: customers(20, 100),
		parameters: {
			...issueParameters,
			operation: 'getCustomerCoupons',
			options: { includeWithoutCoupons: true },
		},
		settings: goOn,
	});

	expect(reads.items.map(({ json }) => json.hasCoupons)).toEqual(Array(20).fill(false));
	const { items } = await issuing;
	expect(items.map(({ json }) => json.details.outcome)).toEqual(Array(40).fill('refused'));
});
