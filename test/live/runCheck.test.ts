import { PROBES } from '../../live/probes';
import { Wire } from '../../live/Wire.cts';
import { OTHER_READINGS } from '../../sandbox/settings';
import { createSandbox } from '../../sandbox/server';
import { numbersOf, type Shown, shownBy } from './support';

const apart = (shown: Shown) => [
	numbersOf(shown, 'otherwise'),
	numbersOf(shown, 'not answerable').filter((number) => number.startsWith('G')),
];

/** What needs a word of the command line. */
const NEEDS_ISSUE = [
	'G2',
	'G5',
	'G10',
	'G11',
	'G14',
	'G15',
	'G16',
	'G18',
	'G26',
	'G3',
	'G35',
	'G4',
];
const NEEDS_REVOKE = ['G54', 'G55', 'G56', 'G57', 'G58', 'G59'];
const NEEDS_LIMIT = ['G48', 'G49', 'G50', 'G51'];
const NEVER = ['G19', 'G60', 'G61'];
const inOrder = (numbers: string[]) =>
	[...numbers].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));

describe('a check that only reads', () => {
	it('finds the sandbox as guessed, by reads and token calls, in 60 calls', async () => {
		const shown = await shownBy();
		expect(apart(shown)).toEqual([
			[],
			inOrder([...NEEDS_ISSUE, 'G6', 'G7', ...NEEDS_REVOKE, ...NEEDS_LIMIT, ...NEVER, 'G46']),
		]);
		const { sandbox } = shown;
		const written = sandbox.calls.filter(
			({ method, path }) => method !== 'GET' && !path.startsWith('/v3/'),
		);
		expect(written).toEqual([]);
		expect(sandbox.ledger).toEqual([]);
		expect(sandbox.stats.calls).toBeLessThanOrEqual(60);
		expect(sandbox.stats.maxOpen).toBe(1);
	});

	it('lists every probe in its report, with calls, shapes and the zone', async () => {
		const { report } = await shownBy({ options: { timezone: '+05:30' } });
		for (const { number } of PROBES) expect(report).toContain(`| ${number} |`);
		expect(report).toContain('- zone in its times: +05:30');
		expect(report).toContain('| GET /v1.1/customer/coupons | HTTP 200, JSON |');
		expect(report).toContain('x-cap-requestid: text');
		expect(report).toMatch(/\{ data: \[\{ code: text, seriesId: number, /);
	});
});

describe('a check that issues', () => {
	it('finds the sandbox as guessed, and takes back what it issued', async () => {
		const shown = await shownBy({ series: [868760] });
		expect(numbersOf(shown, 'otherwise')).toEqual([]);
		const { sandbox, found } = shown;
		for (const number of ['G2', 'G5', 'G10', 'G11', 'G16', 'G18', 'G23', 'G26', 'G35']) {
			expect([number, found.get(number)?.result]).toEqual([number, 'as guessed']);
		}
		expect(sandbox.ledger.length).toBeGreaterThan(2);
		expect(sandbox.ledger.length).toBeLessThanOrEqual(8);
		expect(sandbox.stats.calls).toBeLessThanOrEqual(60);
		expect(sandbox.stats.maxOpen).toBe(1);
	});
});

describe('a sandbox with every guess turned', () => {
	it('is found otherwise by reads in each of them', async () => {
		const shown = await shownBy({ options: { ...OTHER_READINGS, timezone: '+05:30' } });
		const turned = [
			1, 8, 9, 12, 13, 17, 20, 21, 22, 23, 24, 25, 27, 28, 29, 30, 31, 32, 33, 34, 35,
		];
		const more = [36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 47];
		expect(numbersOf(shown, 'otherwise')).toEqual(
			[...turned, ...more].map((number) => `G${number}`),
		);
	});

	it('is found otherwise by issuing and revoking in each of them', async () => {
		const turned = [2, 3, 4, 5, 6, 7, 10, 11, 15, 16, 18, 26, 54, 55, 56, 57, 58, 59];
		const shown = await shownBy({
			options: { ...OTHER_READINGS, capLimit: null },
			series: [415446, 757291, 720100, 720101, 18426, 960041, 239821],
			only: turned.map((number) => `G${number}`),
		});
		expect(numbersOf(shown, 'otherwise')).toEqual(turned.map((number) => `G${number}`));
		expect(shown.sandbox.stats.calls).toBeLessThanOrEqual(60);
	});
});

describe('the wire', () => {
	it('keeps calls apart by the pace, and ends at the number of calls', async () => {
		const sandbox = await createSandbox();
		const wire = await Wire.open({ target: sandbox.url, most: 3, paceMs: 40 });
		const statuses = await Promise.all(
			[1, 2, 3, 4, 5].map(async () => (await fetch(`${wire.url}/v2/coupon`)).status),
		);
		await wire.close();
		await sandbox.close();

		expect(statuses.filter((status) => status === 403)).toHaveLength(2);
		expect(sandbox.stats.calls).toBe(3);
		expect(sandbox.stats.maxOpen).toBe(1);
		const times = wire.exchanges.map(({ sentAt }) => sentAt);
		const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0));
		// A timer may be early by its resolution.
		expect(gaps.every((gap) => gap >= 38)).toBe(true);
	});
});
