import { useFastTime } from '../support/fastTime';
import { GOOD, useServer } from '../support/useServer';
import { customers, issueParameters, World } from './world';

useFastTime();
const server = useServer();
const once = { ...issueParameters, issueOnce: true };
const goOn = { onError: 'continueRegularOutput' };
const retry = { ...goOn, retryOnFail: true, maxTries: 3, waitBetweenTries: 10 };
const lostAfter = {
	match: { path: '/v2/coupon/issue', count: 1 },
	fault: { kind: 'lostAfter' },
} as const;
const posts = () => server.calls.filter(({ method }) => method === 'POST');

describe('Issue Once, with lists that show a coupon late', () => {
	it('gives no second coupon after a plain call whose answer was lost', async () => {
		const world = await World.create({ showsAfterMs: 3_000 });
		world.sandbox.faults.add(lostAfter);
		await world.run({ items: customers(1), settings: goOn });
		const second = await world.run({ items: customers(1), parameters: once, settings: goOn });
		expect(world.sandbox.ledger).toHaveLength(1);
		expect(second.items[0].json).toMatchObject({ isNew: false });
	});

	it('gives no second coupon after a plain call that was answered', async () => {
		const world = await World.create({ showsAfterMs: 3_000 });
		await world.run({ items: customers(1) });
		await world.run({ items: customers(1), parameters: once });
		expect(world.sandbox.ledger).toHaveLength(1);
	});

	it("issues nothing when 'Max Wait' is too short to know what an earlier run did", async () => {
		const world = await World.create({ showsAfterMs: 3_000 });
		world.sandbox.faults.add(lostAfter);
		const parameters = { ...once, options: { maxWait: 1 } };
		await world.run({ items: customers(1), parameters, settings: goOn });
		const second = await world.run({ items: customers(1), parameters, settings: goOn });
		expect(world.sandbox.ledger).toHaveLength(1);
		expect(second.items[0].json.details).toMatchObject({ outcome: 'refused' });
	});
});

describe('an issue call is not sent again by Retry On Fail when its answer', () => {
	it.each([
		['has words and no code', { errors: [{ message: 'Read timed out' }] }],
		['has a text for an error', { errors: ['Read timed out'] }],
		['only says no', { success: false }],
		['has code 408', { errors: [{ code: 408, message: 'no' }] }],
		['has code 501', { errors: [{ code: 501, message: 'no' }] }],
	])('%s', async (_, body) => {
		server.answer(() => ({ body }));
		const { items } = await server.run(GOOD.issue ?? {}, [{}], retry);
		expect(posts()).toHaveLength(1);
		expect(items[0].json.details.outcome).toBe('unknown');
	});

	it('has a code of what is behind among the coupons not revoked', async () => {
		const couponCodes = ['3636820421', '3138309782'];
		const failedToRevoke = [{ errorCode: 748, errorMessage: 'timeout', couponCodes }];
		const entity = { totalCount: 2, failedCount: 2, revokedCoupons: [], failedToRevoke };
		server.answer(() => ({ body: { entity, success: true } }));
		const { items } = await server.run(GOOD.revoke ?? {}, [{}], retry);
		expect(posts()).toHaveLength(1);
		expect(items[0].json.details.outcome).toBe('unknown');
	});
});

it('Issue Multiple: a coupon that was issued and is not named is unknown, the others come out', async () => {
	server.answer(({ method }) => ({
		body: method === 'POST' ? { coupons: [{ code: 'A', couponId: 1 }], successCount: 2 } : {},
	}));
	const { items } = await server.run(GOOD.issueMultiple ?? {}, [{}], goOn);
	expect(items[0].json.code).toBe('A');
	expect(items[1].json.details.outcome).toBe('unknown');
	expect(posts()).toHaveLength(1);
});

it.each([
	[461, 'search is busy'],
	[715, 'organization is not valid'],
	[735, 'store has no right'],
	[4001, 'rights cannot be checked'],
])('Get Coupon: a call that failed (%i) is not told as missing coupons', async (code, message) => {
	const codes = Array.from({ length: 150 }, (_, at) => `C${at}`);
	server.answer(({ query }) =>
		query.includes('C149')
			? { body: { errors: [{ code, message }] } }
			: { body: { data: [{ code: 'C1', seriesId: 1 }], errors: [] } },
	);
	const parameters = { ...GOOD.getCoupon, lookupValues: codes.join(',') };
	const { items } = await server.run(parameters, [{}], goOn);
	expect(items).toHaveLength(1);
	expect(items[0].json.details).toMatchObject({ code, outcome: 'refused' });
});
