import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PROBES } from '../../live/probes';
import { OTHER_READINGS, type SandboxSettings } from '../../sandbox/settings';
import { shownBy, type Wanted } from './support';

type Setting = keyof SandboxSettings;

const readme = readFileSync(join(__dirname, '../../sandbox/README.md'), 'utf8');
const rows = [...readme.matchAll(/^\| (G\d+) +\|[^|]*\| (?:`(\w+): )?/gm)];
const NUMBERS = new Map(rows.map(([, number, setting]) => [setting as Setting, number ?? '']));

const MAIN = 868760;
const issuing = (...others: number[]): Wanted => ({ series: [MAIN, ...others] });
const limitOf = (calls: number): Wanted => ({
	rateLimit: true,
	options: { rateLimit: { calls, windowMs: 3_000, window: 'sliding' } },
});

/** What it takes to see a guess, where reading the customer's coupons does not show it. */
const SCENES: Partial<Record<Setting, Wanted>> = {
	singleErrorForm: issuing(),
	refusalCodes: { series: [757291] },
	partialCodes: issuing(960040),
	negativeCountCode: issuing(),
	exclusiveCode: issuing(720100, 720101),
	externalSeriesCode: issuing(18426),
	multipleTakesCustomerId: issuing(),
	longMetadata: issuing(),
	refuseConcurrentCustomer: { ...issuing(), twoAtOnce: true, options: { latencyMs: 30 } },
	resendDeadCoupons: issuing(960041),
	singleId: issuing(),
	singleTakesMetadata: issuing(),
	showsAfterMs: issuing(),
	createdDate: { options: { timezone: '+05:30' } },
	expiredTokenAs: { tokenWaitMs: 10_000, options: { tokenLifeSeconds: 1 } },
	rateLimitAs: limitOf(5),
	rateLimitCountsRefused: limitOf(5),
	rateLimitTokenCalls: limitOf(5),
	revokeForm: issuing(),
	revokedCoupons: issuing(),
	revokeMakesRoom: issuing(960040),
	nothingToRevoke: { series: [415446] },
	revokesGenericByCustomer: issuing(239821),
	revokeByBoth: { series: [415446] },
};

it('has a probe for each guess of the README, in its words for none other', () => {
	const ofReadme = rows.map(([, number]) => number).sort();
	const asked = PROBES.map(({ number }) => number).filter((number) => number.startsWith('G'));
	expect(asked.sort()).toEqual(ofReadme);
	expect(new Set(asked).size).toBe(asked.length);
});

describe('each guess, as it is and turned', () => {
	it.each(Object.keys(OTHER_READINGS) as Setting[])('%s', async (setting) => {
		const number = NUMBERS.get(setting) ?? '';
		const scene = { only: [number], ...SCENES[setting] };
		const guess = await shownBy(scene);
		const turned = { ...scene.options, [setting]: OTHER_READINGS[setting] };
		const other = await shownBy({ ...scene, options: turned });

		const seen = [guess, other].map(({ found }) => found.get(number));
		expect(seen.map((one) => [one?.result, String(one?.how)])).toEqual([
			['as guessed', expect.any(String)],
			['otherwise', expect.any(String)],
		]);
		expect(other.report).toContain(`- otherwise: 1 (${number})`);
	});

	it('missing coupons told by one error, which is a third reading', async () => {
		const { found } = await shownBy({ only: ['G21'], options: { missingCoupons: 'oneError' } });
		expect(String(found.get('G21')?.how)).toContain('1 errors');
	});

	it.each(['[]', 'null', 'missing'] as const)('empty containers as %s', async (emptyAs) => {
		const { found } = await shownBy({ only: ['G33'], options: { emptyAs } });
		expect(String(found.get('G33')?.how).replaceAll('`', '')).toBe(emptyAs);
	});
});
