import { customers, goOn, jsonOf, once, onceMultiple, SERIES, World } from '../promises/world';
import { useFastTime } from '../support/fastTime';
import { couponList, GOOD, type Json, seriesById, useServer } from '../support/useServer';

useFastTime();

const server = useServer();

/** What went over the wire, without the login. */
function linesOf(world: World): string[] {
	return world.sandbox.calls.map(({ method, path }) => `${method} ${path}`);
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

	it('ends an item before it begins another, so that what was read is not old', async () => {
		const world = await World.create({ latencyMs: 2 });
		const parameters = { ...once, options: { maxConcurrent: 2 } };
		await world.run({ items: customers(20), parameters });

		const asked = world.sandbox.calls.map(({ customer }) => customer.mobile);
		for (const { mobile } of customers(20)) {
			expect(asked.lastIndexOf(mobile) - asked.indexOf(mobile)).toBeLessThanOrEqual(4);
		}
	});

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

describe('which coupons count', () => {
	const DAY_MS = 24 * 3_600_000;
	const mobile = '1234512345';
	const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
	const counts = async (world: World, heldCoupons: Json) =>
		jsonOf(await world.run({ items: [{ mobile }], parameters: { ...once, heldCoupons } }))[0]
			?.isNew === false;
	/** A world in which the customer holds one coupon of the series, and nothing else of it. */
	const holding = async (given: object = {}, settings: object = {}) => {
		const world = await World.create(settings);
		for (const one of world.sandbox.state.couponsOf(566881933)) one.revokedAt = 1;
		const [coupon] = world.sandbox.give({
			customer: { mobile },
			seriesId: Number(SERIES),
			...given,
		})!;
		return { world, coupon: coupon! };
	};

	it('is all of the series by default, also a used and an expired one', async () => {
		const used = await holding();
		used.world.sandbox.redeem(used.coupon.code);
		const expired = await holding({ validTill: '2025-01-31' });
		expect(await counts(used.world, {})).toBe(true);
		expect(await counts(expired.world, { status: 'any' })).toBe(true);
	});

	it('is none of another series', async () => {
		const { world } = await holding({ seriesId: 415446 });
		expect(await counts(world, {})).toBe(false);
	});

	it.each([[{}], [{ sendValidTillDateTime: false }], [{ timezone: '+05:30' }]])(
		'is with Usable neither a used nor an expired one: %j',
		async (settings) => {
			const fresh = await holding({}, settings);
			const lastDay = await holding({ validTill: dayOf(Date.now() + DAY_MS) }, settings);
			const used = await holding({}, settings);
			used.world.sandbox.redeem(used.coupon.code);
			const expired = await holding({ validTill: dayOf(Date.now() - 2 * DAY_MS) }, settings);
			const usable = { status: 'usable' };
			expect(await counts(fresh.world, usable)).toBe(true);
			expect(await counts(lastDay.world, usable)).toBe(true);
			expect(await counts(used.world, usable)).toBe(false);
			expect(await counts(expired.world, usable)).toBe(false);
		},
	);

	it('is with Issued Since one of that day or later', async () => {
		const since = dayOf(Date.now() - 3 * DAY_MS);
		const { world } = await holding({ issuedAt: Date.parse(since) + 1_000 });
		expect(await counts(world, { issuedSince: since })).toBe(true);
		expect(world.sandbox.calls[0]?.query).toMatchObject({
			// The day before: the server's day may begin later than the user's.
			start_date: new Date(Date.parse(since) - 86_400_000).toISOString().slice(0, 10),
		});
	});

	it('is with Issued Since not an older one that was redeemed since', async () => {
		const { world, coupon } = await holding({ issuedAt: Date.now() - 9 * DAY_MS });
		world.sandbox.redeem(coupon.code);
		expect(await counts(world, { issuedSince: dayOf(Date.now() - 3 * DAY_MS) })).toBe(false);
	});

	it('is with Issued Since one whose day is written as the day before', async () => {
		// Half past midnight in India, which is the evening before in UTC.
		const since = dayOf(Date.now() - 3 * DAY_MS);
		const { world } = await holding(
			{ issuedAt: Date.parse(`${since}T00:30:00+05:30`) },
			{ timezone: '+05:30' },
		);
		expect(await counts(world, { issuedSince: since })).toBe(true);
	});

	it.each(['0000-00-00 00:00:00', '', 'Nov 3', '03/11/2026'])(
		'is with Issued Since one whose day cannot be read: %j',
		async (created) => {
			server.answer(({ path }) => ({
				body: path.startsWith('/v2/')
					? { data: [{ code: 'OLD', seriesId: Number(SERIES) }] }
					: couponList([{ id: 1, code: 'OLD', created_date: created }], 1),
			}));
			const { items } = await server.run({
				...GOOD.issue,
				...{ issueOnce: true, heldCoupons: { issuedSince: dayOf(Date.now()) } },
			});
			expect(jsonOf({ items })).toEqual([expect.objectContaining({ code: 'OLD', isNew: false })]);
		},
	);

	it('is the newest of several, also beyond the first page', async () => {
		const world = await World.create({ capLimit: 2, defaultSort: 'asc' });
		for (let age = 1; age <= 5; age += 1) {
			world.sandbox.give({
				customer: { mobile: '918028464628' },
				seriesId: Number(SERIES),
				issuedAt: Date.now() - age * DAY_MS,
			});
		}
		const [newest] = world.sandbox.state.couponsOf(374658850);
		const run = await world.run({ items: [{ mobile: '918028464628' }], parameters: once });
		expect(jsonOf(run)).toEqual([expect.objectContaining({ code: newest?.code, isNew: false })]);
	});

	it.each([[{}], [{ listId: 'own' }], [{ objectForOne: true, emptyAs: 'missing' }]])(
		'is found in every form of the list: %j',
		async (settings) => {
			const { world, coupon } = await holding({}, settings);
			const run = await world.run({ items: [{ mobile }], parameters: once });
			expect(jsonOf(run)).toEqual([
				expect.objectContaining({ code: coupon.code, discountType: 'ABS', isNew: false }),
			]);
		},
	);

	it.each([['silent'], ['error']] as const)(
		'comes out with its code when its details are not found (%s)',
		async (missingCoupons) => {
			const { world, coupon } = await holding({}, { missingCoupons });
			world.sandbox.faults.add({
				match: { path: '/v2/coupon' },
				fault: { kind: 'altered', set: { data: [] } },
			});
			const run = await world.run({ items: [{ mobile }], parameters: once });
			expect(jsonOf(run)).toEqual([
				expect.objectContaining({ code: coupon.code, seriesId: Number(SERIES), isNew: false }),
			]);
			expect(world.issueCalls()).toEqual([]);
		},
	);

	it.each([
		['a day in the future', { issuedSince: '2999-01-01' }, "'Issued Since' lies in the future"],
		['no date', { issuedSince: 'soon' }, "'Issued Since' is not a date"],
		['an unknown status', { status: 'new' }, "'Status' is not one of any, usable"],
	])('sends nothing for %s', async (_, heldCoupons, sentence) => {
		const world = await World.create();
		const run = await world.run({ items: customers(1), parameters: { ...once, heldCoupons } });
		expect(run.error.message).toContain(sentence);
		expect(world.sandbox.calls).toEqual([]);
	});

	it('is not asked for a Source ID in Issue Coupon, which has none', async () => {
		const { world } = await holding();
		expect(await counts(world, { sameSourceId: true })).toBe(true);
	});

	it('follows an expression from item to item', async () => {
		const world = await World.create();
		const [one] = customers(1);
		const run = await world.run({
			items: [one!, one!, one!].map((item, row) => ({ ...item, once: row !== 1 })),
			parameters: { ...once, issueOnce: '={{ $json.once }}' },
		});
		expect(jsonOf(run).map(({ isNew }) => isNew)).toEqual([true, undefined, false]);
		expect(world.sandbox.ledger).toHaveLength(2);
	});
});

describe('Issue Once in Issue Multiple Coupons', () => {
	it('issues what is missing to Count, and gives all that count', async () => {
		const world = await World.create();
		const items = customers(1);
		const first = await world.run({ items, parameters: onceMultiple });
		const second = await world.run({ items, parameters: { ...onceMultiple, count: 5 } });
		const third = await world.run({ items, parameters: { ...onceMultiple, count: 5 } });
		const fewer = await world.run({ items, parameters: onceMultiple });

		expect(world.issueCalls().map(({ body }) => (body as Json).count)).toEqual([2, 3]);
		expect(jsonOf(first).map(({ isNew }) => isNew)).toEqual([true, true]);
		expect(jsonOf(second).map(({ isNew }) => isNew)).toEqual([true, true, true, false, false]);
		const all = new Set(world.sandbox.ledger.map(({ code }) => code));
		expect(new Set(jsonOf(third).map(({ code }) => code))).toEqual(all);
		expect(jsonOf(third).map(({ isNew }) => isNew)).toEqual(Array(5).fill(false));
		expect(jsonOf(fewer)).toHaveLength(5);
	});

	it('gives held coupons the fields of new ones', async () => {
		const world = await World.create();
		const [json] = jsonOf(await world.run({ items: customers(1), parameters: onceMultiple }));
		const again = jsonOf(await world.run({ items: customers(1), parameters: onceMultiple }));
		const same = again.find(({ code }) => code === json?.code);
		expect(same).toEqual({ ...json, successCount: 0, isNew: false });
	});

	it('counts only coupons with the Source ID of the call, where asked to', async () => {
		const world = await World.create();
		const run = async (sourceId: string, heldCoupons: Json = { sameSourceId: true }) =>
			jsonOf(
				await world.run({
					items: customers(1),
					parameters: { ...onceMultiple, metadata: { sourceId }, heldCoupons },
				}),
			).map(({ isNew }) => isNew);

		expect(await run('spring')).toEqual([true, true]);
		expect(await run('spring')).toEqual([false, false]);
		expect(await run('summer')).toEqual([true, true]);
		expect(await run('autumn', {})).toEqual([false, false, false, false]);
	});

	it('issues nothing when the Source ID of a held coupon cannot be read', async () => {
		const world = await World.create();
		const parameters = {
			...onceMultiple,
			metadata: { sourceId: 'spring' },
			heldCoupons: { sameSourceId: true },
		};
		await world.run({ items: customers(1), parameters });
		world.sandbox.faults.add({
			match: { path: '/v2/coupon' },
			fault: { kind: 'altered', set: { data: [] } },
		});
		const run = await world.run({ items: customers(1), parameters, settings: goOn });
		expect(jsonOf(run)[0]?.error).toContain('does not tell its Source ID, so nothing was issued');
		expect(world.issueCalls()).toHaveLength(1);
	});

	it('needs that Source ID before anything is sent', async () => {
		const world = await World.create();
		const run = await world.run({
			items: customers(2),
			parameters: { ...onceMultiple, heldCoupons: { sameSourceId: true } },
			settings: goOn,
		});
		expect(jsonOf(run)[0]?.error).toContain("'Same Source ID' needs a Source ID");
		expect(world.sandbox.calls).toEqual([]);
	});

	it('gives what is held also when the rest is refused', async () => {
		const world = await World.create();
		const parameters = { ...onceMultiple, seriesId: seriesById('960040') };
		await world.run({ items: customers(1), parameters: { ...parameters, count: 1 } });
		const run = await world.run({ items: customers(1), parameters, settings: goOn });

		expect(jsonOf(run)).toEqual([
			expect.objectContaining({ code: world.sandbox.ledger[0]?.code, isNew: false }),
			expect.objectContaining({ details: expect.objectContaining({ outcome: 'refused' }) }),
		]);
	});

	it('is with Simplify off one item: the body, and the held coupons beside it', async () => {
		const world = await World.create();
		const parameters = { ...onceMultiple, simplify: false };
		const [first] = jsonOf(await world.run({ items: customers(1), parameters }));
		const [second] = jsonOf(await world.run({ items: customers(1), parameters }));

		expect(first).toMatchObject({ successCount: 2, isNew: true, heldCoupons: [] });
		expect(second).toEqual({
			isNew: false,
			heldCoupons: [
				expect.objectContaining({ detailedInfo: expect.any(String), isNew: false }),
				expect.objectContaining({ detailedInfo: expect.any(String), isNew: false }),
			],
		});
	});
});

describe('Issue Once and a series that answers with the coupon it gave before', () => {
	it.each([
		['used', 1],
		['expired', undefined],
	])('says that it is not new: %s', async (state, redemptionCount) => {
		const world = await World.create();
		const parameters = { ...once, seriesId: seriesById('960041') };
		const [first] = jsonOf(await world.run({ items: customers(1), parameters }));
		const code = String(first?.code);
		if (state === 'used') world.sandbox.redeem(code);
		else world.sandbox.expire(code);
		const usable = { ...parameters, heldCoupons: { status: 'usable' } };
		const [second] = jsonOf(await world.run({ items: customers(1), parameters: usable }));

		expect(world.issueCalls()).toHaveLength(2);
		expect(second).toMatchObject({ code, isNew: false });
		expect(second?.redemptionCount).toBe(redemptionCount);
	});

	it('gives such a coupon once, also in Issue Multiple Coupons', async () => {
		const world = await World.create();
		const parameters = { ...onceMultiple, seriesId: seriesById('960041') };
		const first = await world.run({ items: customers(1), parameters: { ...parameters, count: 1 } });
		const second = await world.run({ items: customers(1), parameters });

		expect(world.issueCalls()).toHaveLength(2);
		expect(jsonOf(second)).toEqual([
			expect.objectContaining({ code: jsonOf(first)[0]?.code, isNew: false }),
		]);
	});
});

describe('Issue Once and one code for everybody', () => {
	it('is not shown by the coupon that was there before', async () => {
		const old = { id: 1, code: 'SPRING', created_date: '2020-01-01 10:00:00' };
		let issued = 0;
		let looks = 0;
		server.answer(({ method, path }) => {
			if (method === 'POST') {
				issued += 1;
				return { body: { code: 'SPRING', seriesId: Number(SERIES) } };
			}
			if (path.startsWith('/v2/')) return { body: { data: [{ code: 'SPRING', seriesId: 1 }] } };
			looks += 1;
			const fresh = { id: 2, code: 'SPRING', created_date: new Date().toISOString() };
			return { body: looks > 3 ? couponList([old, fresh], 2) : couponList([old], 1) };
		});
		const { items, error } = await server.run(
			{ ...GOOD.issue, issueOnce: true, heldCoupons: { issuedSince: '2026-01-01' } },
			[{}, {}],
		);
		expect(error).toBeUndefined();
		expect(issued).toBe(1);
		expect(items).toHaveLength(2);
	});
});

describe('Issue Once under two credentials of one organization', () => {
	it('gives one coupon to a customer of two runs at once', async () => {
		const world = await World.create({ latencyMs: 20 });
		const runs = await Promise.all(
			['first till', 'second till'].map(
				async (credentialId) =>
					await world.run({ items: customers(5), parameters: once, credentialId }),
			),
		);
		expect(world.account(...runs)).toEqual({ issued: 5, lost: 0, doubled: 0 });
	});
});

describe('Issue Once with Simplify off', () => {
	it("is the issue call's body, or what Get Coupon's call sends", async () => {
		const world = await World.create();
		const parameters = { ...once, simplify: false };
		const [first] = jsonOf(await world.run({ items: customers(1), parameters }));
		const [second] = jsonOf(await world.run({ items: customers(1), parameters }));

		expect(first).toMatchObject({ id: 0, customer: { profiles: [{}] }, isNew: true });
		expect(second).toMatchObject({ code: first?.code, couponIssualDetails: {}, isNew: false });
		expect(second).not.toHaveProperty('customer');
	});
});

describe('Issue Once when it may not look', () => {
	const denied = { username: 'nocustomer.till', password: 'loopback-only' };

	it.each([['http'], ['body']] as const)(
		'issues nothing, and names the right (403 in the %s)',
		async (v11AuthStatus) => {
			const world = await World.create({ v11AuthStatus });
			const run = await world.run({
				items: customers(2),
				parameters: once,
				settings: goOn,
				credentials: { ...world.basic, ...denied },
			});

			expect(world.issueCalls()).toEqual([]);
			for (const { error, details } of jsonOf(run)) {
				expect(error).toContain('no access to the resource Customer');
				expect(error).toContain('nothing was issued');
				expect(details).toMatchObject({ outcome: 'refused' });
			}
		},
	);

	it('issues nothing when the details of held coupons may not be read', async () => {
		const world = await World.create();
		await world.run({ items: customers(1), parameters: once });
		world.sandbox.faults.add({
			match: { path: '/v2/coupon' },
			fault: { kind: 'status', status: 403 },
		});
		const run = await world.run({ items: customers(1), parameters: once, settings: goOn });
		expect(jsonOf(run)[0]?.error).toContain('no access to the resource Coupon');
		expect(world.issueCalls()).toHaveLength(1);
	});

	it.each([461, 735, 1060, 4001])(
		'does not take a held coupon for one without details when the call is refused (%i)',
		async (code) => {
			const world = await World.create();
			await world.run({ items: customers(1), parameters: once });
			world.sandbox.faults.add({ match: { path: '/v2/coupon' }, fault: { kind: 'code', code } });
			const run = await world.run({ items: customers(1), parameters: once, settings: goOn });
			expect(jsonOf(run)[0]?.details).toMatchObject({ code, outcome: 'refused' });
			expect(jsonOf(run)[0]?.error).toContain('Nothing was issued');
			expect(world.issueCalls()).toHaveLength(1);
		},
	);

	it.each([
		['HTTP 500', { kind: 'status', status: 500 }],
		['lost for good', { kind: 'lostBefore' }],
		['HTML', { kind: 'status', status: 200, body: 'html' }],
	] as const)(
		'issues nothing and is refused, not unknown, when the look is %s',
		async (_, fault) => {
			const world = await World.create();
			world.sandbox.faults.add({ match: { path: '/v1.1/customer/coupons' }, fault });
			const parameters = { ...once, options: { maxWait: 3 } };
			const run = await world.run({ items: customers(2), parameters, settings: goOn });

			expect(world.issueCalls()).toEqual([]);
			for (const { error, details } of jsonOf(run)) {
				expect(details).toMatchObject({ outcome: 'refused' });
				expect(error).toContain(
					"Nothing was issued: 'Issue Once' looks up the customer's coupons first, and that failed",
				);
			}
		},
	);

	it('ends a run with On Error = Stop', async () => {
		const world = await World.create({ latencyMs: 5 });
		const items = customers(100);
		world.sandbox.faults.add({
			match: { path: '/v1.1/customer/coupons', customer: items[3]?.mobile },
			fault: { kind: 'status', status: 500 },
		});
		const run = await world.run({ items, parameters: once });

		expect(run.error.context.itemIndex).toBe(3);
		expect(world.issueCalls().length).toBeLessThanOrEqual(24);
		expect(world.account(run)).toMatchObject({ lost: 0, doubled: 0 });
	});

	it('does not end it when only the details of a held coupon are not known', async () => {
		const world = await World.create();
		const items = customers(3);
		await world.run({ items: items.slice(0, 1), parameters: once });
		world.sandbox.faults.add({
			match: { path: '/v2/coupon' },
			fault: { kind: 'code', code: 780 },
		});
		const run = await world.run({ items, parameters: once });
		expect(run.error).toBeUndefined();
		expect(jsonOf(run).map(({ isNew }) => isNew)).toEqual([false, true, true]);
	});

	it('says as before that Capillary does not know a customer', async () => {
		const world = await World.create();
		const run = await world.run({ items: [{ mobile: '123' }], parameters: once });
		expect(run.error.message).toContain('Capillary does not know this customer');
		expect(world.issueCalls()).toEqual([]);
	});
});

describe('Issue Once when the answer is lost', () => {
	const lost = { kind: 'lostAfter' } as const;
	const never = { kind: 'lostBefore' } as const;

	it.each([[{}], [goOn]])(
		'finds the coupon when it shows after 3 seconds: %j',
		async (settings) => {
			const world = await World.create({ showsAfterMs: 3_000 });
			const items = customers(3);
			const match = { path: '/v2/coupon/issue', customer: items[1]?.mobile };
			world.sandbox.faults.add({ match, fault: lost });
			const run = await world.run({ items, parameters: once, settings });

			expect(run.error).toBeUndefined();
			expect(jsonOf(run).map(({ isNew, recovered }) => [isNew, recovered])).toEqual([
				[true, undefined],
				[true, true],
				[true, undefined],
			]);
			expect(Object.keys(jsonOf(run)[1]!)).toEqual([...Object.keys(jsonOf(run)[0]!), 'recovered']);
			expect(world.account(run)).toEqual({ issued: 3, lost: 0, doubled: 0 });
			const looks = world.sandbox.calls.filter(
				({ customer }) => customer.mobile === items[1]?.mobile,
			);
			expect(looks.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET', 'GET']);
		},
	);

	it.each([[503], [500]])('does the same after HTTP %s', async (status) => {
		const world = await World.create();
		world.sandbox.faults.add({
			match: { path: '/v2/coupon/issue' },
			fault: { kind: 'status', status, afterWork: true },
		});
		const run = await world.run({ items: customers(1), parameters: once });
		expect(jsonOf(run)[0]).toMatchObject({ isNew: true, recovered: true });
		expect(world.issueCalls()).toHaveLength(1);
	});

	it.each([
		['the login may not', { kind: 'status', status: 403 }],
		['the search is busy', { kind: 'code', code: 461 }],
		['the API fails', { kind: 'status', status: 500 }],
	] as const)('gives the code out when its details cannot be read: %s', async (_, fault) => {
		const world = await World.create();
		world.sandbox.faults.add({ match: { path: '/v2/coupon/issue', count: 1 }, fault: lost });
		world.sandbox.faults.add({ match: { path: '/v2/coupon' }, fault });
		const run = await world.run({ items: customers(1), parameters: once });

		expect(run.error).toBeUndefined();
		expect(jsonOf(run)[0]).toMatchObject({ isNew: true, recovered: true });
		expect(world.account(run)).toEqual({ issued: 1, lost: 0, doubled: 0 });
	});

	it('leaves it unknown when nothing shows, sends nothing again, and the next run issues', async () => {
		const world = await World.create();
		const match = { path: '/v2/coupon/issue', count: 1 };
		world.sandbox.faults.add({ match, fault: never });
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 10 };
		const run = await world.run({ items: customers(1), parameters: once, settings });

		expect(run.error.context.data).toMatchObject({ outcome: 'unknown', heldCoupons: [] });
		expect(world.issueCalls()).toHaveLength(1);
		const looks = () => linesOf(world).filter((line) => line.startsWith('GET')).length;
		// One before, three after, one for the error's details.
		expect(looks()).toBe(5);

		const next = await world.run({ items: customers(1), parameters: once });
		expect(jsonOf(next)[0]).toMatchObject({ isNew: true });
		expect(world.sandbox.ledger).toHaveLength(1);
	});

	it('waits no longer than Max Wait', async () => {
		const world = await World.create({ showsAfterMs: 3_000 });
		world.sandbox.faults.add({ match: { path: '/v2/coupon/issue', count: 1 }, fault: lost });
		const parameters = { ...once, options: { maxWait: 1 } };
		const run = await world.run({ items: customers(1), parameters, settings: goOn });
		expect(jsonOf(run)[0]?.details).toMatchObject({ outcome: 'unknown' });
		expect(linesOf(world).filter((line) => line.startsWith('GET'))).toHaveLength(2);
	});

	it('issues nothing to another item of the customer before that is settled', async () => {
		const world = await World.create({ showsAfterMs: 3_000 });
		world.sandbox.faults.add({ match: { path: '/v2/coupon/issue', count: 1 }, fault: lost });
		const [one] = customers(1);
		const parameters = { ...once, options: { maxWait: 1 } };
		const run = await world.run({ items: [one!, one!], parameters, settings: goOn });
		expect(jsonOf(run).map(({ details }) => (details as Json).outcome)).toEqual([
			'unknown',
			'refused',
		]);
		expect(world.sandbox.ledger).toHaveLength(1);
		expect(world.issueCalls()).toHaveLength(1);
	});

	it('lets other customers pass meanwhile', async () => {
		const world = await World.create({ showsAfterMs: 3_000 });
		const items = customers(10);
		const match = { path: '/v2/coupon/issue', customer: items[0]?.mobile };
		world.sandbox.faults.add({ match, fault: lost });
		const parameters = { ...once, options: { maxConcurrent: 1 } };
		const run = await world.run({ items, parameters });

		expect(jsonOf(run).every(({ isNew }) => isNew)).toBe(true);
		const last = world.sandbox.calls.at(-1);
		expect(last?.customer.mobile ?? items[0]?.mobile).toBe(items[0]?.mobile);
		expect(linesOf(world).lastIndexOf('POST /v2/coupon/issue')).toBeLessThan(
			linesOf(world).length - 2,
		);
	});

	it('goes on with the coupons that did show, and names the rest as unknown', async () => {
		const world = await World.create();
		const match = { path: '/v2/coupon/issue/multiple' };
		world.sandbox.faults.add({ match, fault: never });
		const looking = world.run({ items: customers(1), parameters: onceMultiple, settings: goOn });
		while (world.issueCalls().length === 0) await jest.advanceTimersByTimeAsync(1);
		const mobile = customers(1)[0]!.mobile;
		world.sandbox.give({ customer: { mobile }, seriesId: Number(SERIES) });
		const run = await looking;

		expect(jsonOf(run)).toEqual([
			expect.objectContaining({ code: expect.any(String), isNew: true, recovered: true }),
			expect.objectContaining({ details: expect.objectContaining({ outcome: 'unknown' }) }),
		]);
	});

	it.each([
		['the details cannot be read', '/v2/coupon', { kind: 'status', status: 403 }],
		[
			'the list is that of an older copy',
			'/v1.1/customer/coupons',
			{ kind: 'raw', status: 200, body: couponList([]) },
		],
	] as const)('keeps what an early look has shown when later %s', async (_, path, fault) => {
		const world = await World.create();
		world.sandbox.faults.add({ match: { path: '/v2/coupon/issue/multiple' }, fault: never });
		const metadata = { sourceId: 'ours' };
		const looking = world.run({
			items: customers(1),
			parameters: { ...onceMultiple, metadata },
			settings: goOn,
		});
		while (world.issueCalls().length === 0) await jest.advanceTimersByTimeAsync(1);
		const customer = { mobile: customers(1)[0]!.mobile };
		const given = world.sandbox.give({ customer, seriesId: Number(SERIES), metadata });
		const isRead = () => world.sandbox.calls.some((call) => call.path === '/v2/coupon');
		while (!isRead()) await jest.advanceTimersByTimeAsync(1);
		world.sandbox.faults.add({ match: { path }, fault });

		expect(jsonOf(await looking)).toEqual([
			expect.objectContaining({ code: given?.[0]?.code, recovered: true }),
			expect.objectContaining({ details: expect.objectContaining({ outcome: 'unknown' }) }),
		]);
	});

	it('takes only coupons with the Source ID of the call, where one is given', async () => {
		const run = async (sourceId: string) => {
			const world = await World.create();
			world.sandbox.faults.add({ match: { path: '/v2/coupon/issue/multiple' }, fault: never });
			const looking = world.run({
				items: customers(1),
				parameters: { ...onceMultiple, count: 1, metadata: { sourceId: 'ours' } },
				settings: goOn,
			});
			while (world.issueCalls().length === 0) await jest.advanceTimersByTimeAsync(1);
			const customer = { mobile: customers(1)[0]!.mobile };
			world.sandbox.give({ customer, seriesId: Number(SERIES), metadata: { sourceId } });
			return jsonOf(await looking)[0]!;
		};
		expect(await run('ours')).toMatchObject({ isNew: true, recovered: true });
		expect(await run('theirs')).toMatchObject({ details: { outcome: 'unknown' } });
	});

	it('stays unknown, not refused, when the execution is cancelled while it waits', async () => {
		const world = await World.create();
		world.sandbox.faults.add({ match: { path: '/v2/coupon/issue' }, fault: lost });
		let execution: { cancel: () => void } | undefined;
		const running = world.run({
			items: customers(1),
			parameters: once,
			settings: goOn,
			onStart: (started) => (execution = started),
		});
		while (world.issueCalls().length === 0) await jest.advanceTimersByTimeAsync(1);
		execution?.cancel();
		await running.catch(() => undefined);
		await jest.advanceTimersByTimeAsync(30_000);
		const after = linesOf(world).length;
		expect(after).toBeLessThanOrEqual(3);
		// The next run gives the coupon that was issued.
		const next = await world.run({ items: customers(1), parameters: once });
		expect(jsonOf(next)[0]).toMatchObject({ isNew: false });
		expect(world.sandbox.ledger).toHaveLength(1);
	});
});

describe('without Issue Once, the details of a lost answer', () => {
	it.each([[{}], [goOn], [{ onError: 'continueErrorOutput' }]])(
		'tell the newest coupons of the series that the customer holds: %j',
		async (settings) => {
			const world = await World.create();
			const items = customers(1);
			await world.run({ items });
			world.sandbox.faults.add({
				match: { path: '/v2/coupon/issue' },
				fault: { kind: 'lostAfter' },
			});
			const run = await world.run({ items, settings });
			const details = run.error?.context.data ?? [...run.items, ...run.errors][0].json.details;

			expect(details).toMatchObject({
				outcome: 'unknown',
				heldCoupons: [...world.sandbox.ledger]
					.reverse()
					.map(({ code }) => ({ code, createdDate: expect.any(String) })),
			});
			expect(world.issueCalls()).toHaveLength(2);
			expect(linesOf(world).filter((line) => line.startsWith('GET'))).toHaveLength(1);
		},
	);

	it('say no more than before when the look fails, and it is not tried again', async () => {
		const world = await World.create();
		const items = customers(60);
		world.sandbox.faults.add({ match: { path: '/v2/coupon/issue' }, fault: { kind: 'lostAfter' } });
		world.sandbox.faults.add({
			match: { path: '/v1.1/customer/coupons' },
			fault: { kind: 'status', status: 503 },
		});
		const run = await world.run({ items, settings: goOn });

		for (const { details } of jsonOf(run)) {
			expect(details).toMatchObject({ outcome: 'unknown' });
			expect(details).not.toHaveProperty('heldCoupons');
		}
		const looks = linesOf(world).filter((line) => line.startsWith('GET'));
		// Those that were under way when the first one failed.
		expect(looks.length).toBeLessThanOrEqual(25);
		expect(world.account(run)).toMatchObject({ lost: 0, doubled: 0 });
	});

	it('are looked up only when all items are done, and for a hundred items at most', async () => {
		const world = await World.create();
		const items = customers(150);
		world.sandbox.faults.add({ match: { path: '/v2/coupon/issue' }, fault: { kind: 'lostAfter' } });
		const run = await world.run({ items, settings: goOn });

		expect(run.items).toHaveLength(150);
		const lines = linesOf(world);
		expect(lines.slice(0, 150)).toEqual(Array(150).fill('POST /v2/coupon/issue'));
		expect(lines.slice(150)).toHaveLength(100);
	});
});
