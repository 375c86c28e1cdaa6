import type { SandboxSettings } from '../../sandbox/settings';
import { useFastTime } from '../support/fastTime';
import { seriesById } from '../support/useServer';
import { customers, issueParameters, World } from './world';

useFastTime();

/** The sandbox's guesses that decide about coupons: the node is right under either reading of each. */
describe('which answers mean that nothing was issued', () => {
	const NONE = { mobile: '1234512345' };
	const refused = async (settings: Partial<SandboxSettings>, seriesId: number, held: number[]) => {
		const world = await World.create(settings);
		for (const series of held) world.sandbox.give({ customer: NONE, seriesId: series });
		const run = await world.run({
			items: [NONE],
			parameters: { ...issueParameters, seriesId: seriesById(String(seriesId)) },
			settings: { onError: 'continueRegularOutput' },
		});
		return { world, details: run.items[0].json.details };
	};

	const cases: Array<[string, number, number[], Partial<SandboxSettings>, number, number]> = [
		['an empty queue', 318905, [], { refusalCodes: 'left' }, 5005, 702],
		['a full customer', 757291, [757291, 757291], { refusalCodes: 'left' }, 5002, 621],
		['an exclusive series', 720101, [720100], { exclusiveCode: 609 }, 709, 609],
		['an external series', 18426, [], { externalSeriesCode: 777 }, 707, 777],
		['an unknown series', 1, [], { singleErrorForm: 'topLevel' }, 707, 707],
		['an unknown series, by status', 1, [], { couponErrorStatus: 400 }, 707, 707],
	];

	it.each(cases)(
		'%s is refused, by one call',
		async (_, seriesId, held, other, code, otherCode) => {
			for (const [settings, expected] of [[{}, code] as const, [other, otherCode] as const]) {
				const { world, details } = await refused(settings, seriesId, held);
				expect(details).toMatchObject({ outcome: 'refused', code: expected });
				expect(world.issueCalls()).toHaveLength(1);
				expect(world.sandbox.ledger).toEqual([]);
			}
		},
	);

	it.each([
		['sample', 5004],
		['table', 679],
	] as const)('a part is partial, by the codes of the %s', async (partialCodes, code) => {
		const world = await World.create({ partialCodes });
		const run = await world.run({
			items: [NONE],
			parameters: {
				...issueParameters,
				operation: 'issueMultiple',
				seriesId: seriesById('960040'),
				count: 2,
			},
			settings: { onError: 'continueErrorOutput' },
		});
		expect(run.items).toHaveLength(1);
		expect(run.errors[0].json.details).toMatchObject({ outcome: 'partial', code });
	});
});

describe('what a rate limit looks like', () => {
	it.each(['http', 'body'] as const)('by %s, it is waited out', async (rateLimitAs) => {
		const rateLimit = { calls: 5, windowMs: 500 };
		const world = await World.create({ rateLimit, rateLimitAs });
		const run = await world.run({ items: customers(8) });
		expect(run.items).toHaveLength(8);
		expect(world.account(run)).toEqual({ issued: 8, lost: 0, doubled: 0 });
		expect(world.sandbox.stats.byOutcome.rateLimited).toBeGreaterThan(0);
	});
});

describe('what a rejected login looks like', () => {
	const FORMS: Array<Partial<SandboxSettings>> = [
		{ v2AuthBody: 'xml', v11AuthStatus: 'http' },
		{ v2AuthBody: 'json', v11AuthStatus: 'body' },
	];

	it.each(FORMS)('a wrong password is refused, %j', async (settings) => {
		const world = await World.create(settings);
		for (const operation of ['issue', 'getCustomerCoupons']) {
			const run = await world.run({
				items: customers(1),
				credentials: { ...world.basic, password: 'wrong' },
				parameters: { ...issueParameters, operation },
				settings: { onError: 'continueErrorOutput' },
			});
			expect(run.errors[0].json.details).toMatchObject({ outcome: 'refused', code: 401 });
			expect(run.errors[0].json.error).toContain('Capillary rejected this credential');
		}
		expect(world.sandbox.stats.calls).toBe(2);
	});

	it.each(FORMS)('a rejected token is replaced once, %j', async (settings) => {
		const world = await World.create(settings);
		await world.run({ items: customers(1), credentials: world.oauth });
		world.sandbox.revokeTokens();
		const run = await world.run({ items: customers(1, 1), credentials: world.oauth });
		expect(run.items).toHaveLength(1);
		expect(world.tokenCalls()).toBe(2);
		expect(world.account()).toMatchObject({ issued: 2, doubled: 0 });
	});

	it.each([null, '498'] as const)('a token past its life, told as %s', async (expiredTokenAs) => {
		// The token says that it lives longer than it does.
		const settings = { tokenLifeSeconds: 0, announcedTokenLifeSeconds: 300 };
		const world = await World.create({ ...settings, expiredTokenAs });
		await world.run({
			items: customers(1),
			credentials: world.oauth,
			settings: { onError: 'continueErrorOutput' },
		});
		world.sandbox.configure({ tokenLifeSeconds: 300 });
		const run = await world.run({ items: customers(1), credentials: world.oauth });
		expect(run.items).toHaveLength(1);
		expect(world.account()).toMatchObject({ issued: 1, doubled: 0 });
	});
});

describe('when a coupon shows in the lists', () => {
	const once = { ...issueParameters, issueOnce: true };

	it.each([0, 3_000])(
		'after %d ms: Issue Once finds the coupon of a lost answer',
		async (showsAfterMs) => {
			const world = await World.create({ showsAfterMs });
			const fault = { kind: 'lostAfter' } as const;
			world.sandbox.faults.add({ match: { path: '/v2/coupon/issue', nth: 1 }, fault });
			const run = await world.run({ items: customers(1), parameters: once });

			expect(run.items.map(({ json }) => json)).toEqual([
				expect.objectContaining({ code: world.sandbox.ledger[0]?.code, recovered: true }),
			]);
			expect(world.issueCalls()).toHaveLength(1);
			expect(world.account(run)).toEqual({ issued: 1, lost: 0, doubled: 0 });
		},
	);

	it.each(['couponId', 'own'] as const)('with an ID of the list that is %s', async (listId) => {
		const world = await World.create({ listId });
		const first = await world.run({ items: customers(1), parameters: once });
		const second = await world.run({ items: customers(1), parameters: once });
		expect(second.items[0].json.code).toBe(first.items[0].json.code);
		expect(world.sandbox.ledger).toHaveLength(1);
	});
});
