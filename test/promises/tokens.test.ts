import type { ExpiredTokenForm } from '../../sandbox/types';
import { customers, issueParameters, World } from './world';

describe('an access token', () => {
	it('is fetched once for 1,000 items on a cold start', async () => {
		const world = await World.create();
		const run = await world.run({ items: customers(1_000), credentials: world.oauth });

		expect(run.error).toBeUndefined();
		expect(world.tokenCalls()).toBe(1);
		expect(world.account(run)).toEqual({ issued: 1_000, lost: 0, doubled: 0 });
	});

	it('is fetched once for 20 executions at the same time', async () => {
		const world = await World.create({ latencyMs: 5 });
		const runs = await Promise.all(
			[...Array(20).keys()].map(
				async (k) => await world.run({ items: customers(5, k * 5), credentials: world.oauth }),
			),
		);

		expect(world.tokenCalls()).toBe(1);
		expect(world.account(...runs)).toEqual({ issued: 100, lost: 0, doubled: 0 });
	});

	it('that was rejected is replaced once for 50 items, also when the new one revokes the old', async () => {
		const world = await World.create({ latencyMs: 5, newTokenRevokesOld: true });
		const first = await world.run({ items: customers(1), credentials: world.oauth });
		world.sandbox.revokeTokens();
		const run = await world.run({ items: customers(50, 1), credentials: first.credentials });

		expect(run.error).toBeUndefined();
		expect(world.tokenCalls()).toBe(2);
		expect(world.account(first, run)).toEqual({ issued: 51, lost: 0, doubled: 0 });
	});

	const forms: ExpiredTokenForm[] = [
		'401',
		'401xml',
		'498',
		'body401',
		'body498',
		'v11body401',
		'v11body498',
	];
	it.each(forms)('rejected as %s is replaced, and the call repeated', async (as) => {
		const world = await World.create();
		world.sandbox.faults.add({
			match: { path: '/v2/coupon/issue', count: 1 },
			fault: { kind: 'expiredToken', as, revoke: true },
		});
		const run = await world.run({ items: customers(3), credentials: world.oauth });

		expect(run.error).toBeUndefined();
		expect(world.tokenCalls()).toBe(2);
		expect(world.account(run)).toEqual({ issued: 3, lost: 0, doubled: 0 });
	});

	it('that stays rejected ends in one clear sentence, not in a storm of calls', async () => {
		const world = await World.create();
		world.sandbox.faults.add({
			match: { path: '/v2/coupon/issue' },
			fault: { kind: 'expiredToken', as: '401xml' },
		});
		const run = await world.run({ items: customers(1), credentials: world.oauth });

		expect(run.error.message).toContain('Capillary rejected this credential');
		expect(world.issueCalls()).toHaveLength(2);
		expect(world.tokenCalls()).toBe(2);
	});

	it('is renewed before it expires: no call goes out with an old one', async () => {
		const world = await World.create({ tokenLifeSeconds: 2, latencyMs: 40 });
		const run = await world.run({
			items: customers(60),
			credentials: world.oauth,
			parameters: { ...issueParameters, options: { maxConcurrent: 1 } },
		});

		expect(run.items).toHaveLength(60);
		expect(world.tokenCalls()).toBeGreaterThanOrEqual(2);
		expect(world.sandbox.stats.byOutcome.unauthorized).toBeUndefined();
	});

	it.each([0, -5, 0.001])('with a ttlSeconds of %s is used all the same', async (announced) => {
		const world = await World.create({ announcedTokenLifeSeconds: announced });
		const run = await world.run({ items: customers(5), credentials: world.oauth });

		expect(run.error).toBeUndefined();
		expect(run.items).toHaveLength(5);
		expect(world.tokenCalls()).toBe(1);
	});

	it('is not given for a wrong secret: one token call for 200 items, each told what to fix', async () => {
		const world = await World.create();
		const run = await world.run({
			items: customers(200),
			credentials: { ...world.oauth, clientSecret: 'wrong' },
			settings: { onError: 'continueErrorOutput' },
		});

		expect(world.tokenCalls()).toBe(1);
		expect(run.items).toEqual([]);
		expect(run.errors).toHaveLength(200);
		expect(run.errors[7].json.error).toContain("'Client Key' or 'Client Secret'");
		expect(run.errors[7].json.details).toMatchObject({ code: 320001, outcome: 'refused' });
		expect(world.issueCalls()).toEqual([]);
	});

	it('of an old secret is not used for a new one', async () => {
		const world = await World.create();
		const first = await world.run({ items: customers(1), credentials: world.oauth });
		first.credentials.stored.clientSecret = 'changed';
		const run = await world.run({ items: customers(1), credentials: first.credentials });

		expect(run.error.message).toContain("'Client Key' or 'Client Secret'");
		expect(world.account(first, run).issued).toBe(1);
	});

	it('is waited for when the token endpoint is busy or away for a moment', async () => {
		const world = await World.create();
		const path = '/v3/oauth/token/generate';
		world.sandbox.faults.add({
			match: { path, nth: 1 },
			fault: { kind: 'status', status: 503 },
		});
		world.sandbox.faults.add({ match: { path, nth: 1 }, fault: { kind: 'rateLimited' } });
		const run = await world.run({ items: customers(5), credentials: world.oauth });

		expect(run.error).toBeUndefined();
		expect(world.tokenCalls()).toBe(3);
		expect(world.account(run)).toEqual({ issued: 5, lost: 0, doubled: 0 });
	});
});
