import { useFastTime } from '../support/fastTime';
import { couponList, GOOD, useServer } from '../support/useServer';
import {
	customers,
	goOn,
	issueParameters,
	jsonOf,
	once,
	onceMultiple,
	SERIES,
	World,
} from './world';

useFastTime();

const server = useServer();

const OLD = '2020-01-01T10:00:00Z';

const posts = () => server.calls.filter(({ method }) => method === 'POST');

describe('Issue Once under two credentials of one organization', () => {
	it('gives one coupon also when the lists show it 3 seconds late', async () => {
		const world = await World.create({ showsAfterMs: 3_000 });
		for (const credentialId of ['first till', 'second till']) {
			await world.run({ items: customers(1), parameters: once, credentialId });
		}
		expect(world.sandbox.ledger).toHaveLength(1);
	});

	it('knows their host however each of them spells it', async () => {
		const world = await World.create({ showsAfterMs: 3_000 });
		const { url } = world.sandbox;
		for (const host of [url, `${url}/`, ` ${url.replace('http', 'HTTP')} `]) {
			const credentials = { ...world.basic, host };
			await world.run({ items: customers(1), parameters: once, credentials, credentialId: host });
		}
		expect(world.sandbox.ledger).toHaveLength(1);
	});

	it('gives one coupon also when one run names the customer by mobile and the other by email', async () => {
		const world = await World.create({ latencyMs: 100 });
		await Promise.all([
			world.run({
				items: [{ mobile: '918028464628' }],
				parameters: once,
				credentialId: 'till of one',
			}),
			world.run({
				items: [{}],
				parameters: {
					...once,
					customerIdentifierType: 'email',
					email: 'asha.rao@example.com',
				},
				credentialId: 'till of another',
			}),
		]);
		expect(world.sandbox.ledger).toHaveLength(1);
	});

	it('issues nothing while a lost call of the other credential may still show', async () => {
		const world = await World.create({ showsAfterMs: 5_000 });
		world.sandbox.faults.add({
			match: { path: '/v2/coupon/issue', count: 1 },
			fault: { kind: 'lostAfter' },
		});
		const parameters = { ...once, options: { maxWait: 1 } };
		for (const credentialId of ['lost till', 'other till']) {
			await world.run({ items: customers(1), parameters, credentialId, settings: goOn });
		}
		expect(world.sandbox.ledger).toHaveLength(1);
	});
});

describe('Issue Once after a plain call of the same process', () => {
	it.each([
		['email', { email: 'asha.rao@example.com' }],
		['id', { customerId: '374658850' }],
	])('finds what was issued to the customer by %s, when lists are late', async (type, given) => {
		const world = await World.create({ showsAfterMs: 3_000 });
		await world.run({
			items: [{}],
			parameters: { ...issueParameters, customerIdentifierType: type, ...given },
		});
		const run = await world.run({ items: [{ mobile: '918028464628' }], parameters: once });
		expect(world.sandbox.ledger).toHaveLength(1);
		expect(jsonOf(run)[0]).toMatchObject({ isNew: false });
	});

	it('still waits for a lost call after another plain call went well', async () => {
		const world = await World.create({ showsAfterMs: 3_000 });
		world.sandbox.faults.add({
			match: { path: '/v2/coupon/issue', count: 1 },
			fault: { kind: 'hangAfter' },
		});
		const [one] = customers(1);
		// The first is lost after a second, the second one is issued.
		const parameters = { ...issueParameters, requestOptions: { timeout: 1_000 } };
		await world.run({ items: [one!, one!], parameters, settings: goOn });
		expect(world.sandbox.ledger).toHaveLength(2);
		const [lost, well] = world.sandbox.ledger;
		// The lost one shows last.
		lost!.issuedAt = well!.issuedAt + 5_000;
		await world.run({ items: [one!], parameters: onceMultiple, settings: goOn });
		expect(world.sandbox.ledger).toHaveLength(2);
	});
});

describe('Issue Once and odd lists', () => {
	it('counts two coupons with one ID and two codes as two', async () => {
		server.answer(({ method, path }) => {
			if (method === 'POST') {
				return { body: { coupons: [{ code: 'C', couponId: 3 }], successCount: 1 } };
			}
			if (path.startsWith('/v2/')) return { body: { data: [] } };
			return {
				body: couponList([
					{ id: 5, code: 'A', created_date: OLD },
					{ id: 5, code: 'B', created_date: OLD },
				]),
			};
		});
		await server.run({ ...GOOD.issueMultiple, issueOnce: true });
		expect(posts()).toEqual([]);
	});

	it('gives no coupon whose code the list does not tell', async () => {
		server.answer(({ path }) => ({
			body: path.startsWith('/v2/') ? { data: [] } : couponList([{ id: 5, created_date: OLD }]),
		}));
		const run = await server.run({ ...GOOD.issue, issueOnce: true }, [{}], goOn);
		expect(jsonOf(run).map(({ code }) => code)).not.toContain('undefined');
	});

	it('does not take the details of a coupon of another series with the same code', async () => {
		server.answer(({ path }) => ({
			body: path.startsWith('/v2/')
				? {
						data: [
							{ code: 'A', seriesId: Number(SERIES), validTillDateTime: '2099-01-01T00:00:00Z' },
							{ code: 'A', seriesId: 999, validTillDateTime: '2020-01-01T00:00:00Z' },
						],
					}
				: couponList([{ id: 5, code: 'A', series_id: SERIES, created_date: OLD }]),
		}));
		const run = await server.run({
			...GOOD.issue,
			issueOnce: true,
			heldCoupons: { status: 'usable' },
		});
		expect(posts()).toEqual([]);
		expect(jsonOf(run)[0]).toMatchObject({ code: 'A', seriesId: Number(SERIES) });
	});
});

describe('Issue Once after an answer that names fewer coupons than it counts', () => {
	it('issues nothing before the unnamed one may have shown', async () => {
		let given = 0;
		server.answer(({ method, path }) => {
			if (method === 'POST') {
				given += 1;
				return {
					body: {
						coupons: [{ code: 'A', couponId: 1 }],
						...{ successCount: 2, failureCount: 0, totalCount: 2 },
					},
				};
			}
			if (path.startsWith('/v2/')) return { body: { data: [] } };
			return { body: couponList(given === 0 ? [] : [{ id: 1, code: 'A', created_date: OLD }]) };
		});
		const parameters = { ...GOOD.issueMultiple, issueOnce: true, options: { maxWait: 10 } };
		await server.run(parameters, [{}, {}], goOn);
		expect(given).toBe(1);
	});
});
