import issued from '../fixtures/issue/response.json';
import severalIssued from '../fixtures/issueMultiple/response.json';
import held from '../fixtures/getCustomerCoupons/response.json';
import found from '../fixtures/getCoupon/response-with-series.json';
import { GOOD, useServer } from '../support/useServer';

/** The API pages' own answers, with any one value in them replaced by anything. */
const server = useServer();

const ANSWERS: Record<string, unknown> = {
	issue: issued,
	issueMultiple: severalIssued,
	getCoupon: found,
	getCustomerCoupons: held,
};
const VALUES: unknown[] = [
	...[null, '', '  ', 'x', 0, -1, 1.5, 1e30, true, false, [], [null], [[]], [1, 'x'], {}, { a: 1 }],
	...[
		'<b>',
		'2024-13-45',
		'99999999999999999999',
		{ code: { code: 1 } },
		[{ code: null }],
		{ toString: 1 },
	],
];

/** All ways to replace one value. */
function mutations(value: unknown): unknown[] {
	if (typeof value !== 'object' || value === null) return VALUES;
	return [
		...VALUES,
		...Object.entries(value).flatMap(([key, inner]) => {
			const copy = (other: unknown) =>
				Array.isArray(value)
					? value.map((one, at) => (String(at) === key ? other : (one as unknown)))
					: { ...value, [key]: other };
			return mutations(inner).map(copy);
		}),
	];
}

describe.each(Object.keys(ANSWERS))('%s', (operation) => {
	it.each([true, false])(
		'gives each item a result, or an error in its own words, never "not sent" (Simplify %s)',
		async (simplify) => {
			const bodies = mutations(ANSWERS[operation]);
			server.answer((_, index) => ({ body: bodies[index] }));
			const { items, error } = await server.run(
				{
					...GOOD[operation],
					...{ simplify, limit: 1, count: 1 },
					options: { maxWait: 0, maxConcurrent: 1, serverTimeZone: '+05:30' },
				},
				bodies.map(() => ({})),
				{ onError: 'continueRegularOutput' },
			);

			expect(error).toBeUndefined();
			const links = new Set(items.map(({ pairedItem }) => pairedItem?.item));
			const outcomes: Record<string, number> = {};
			for (const { json, error: own } of items) {
				expect(own).toBeUndefined();
				if (!('error' in json)) continue;
				expect(json.error).toMatch(/\[item \d+\]/);
				expect(json.error).not.toMatch(/TypeError|is not a function|Cannot read|not iterable/);
				const { outcome } = json.details;
				outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
			}
			expect(outcomes.notSent).toBeUndefined();
			// A list may be empty; every other call has something to say.
			if (operation.startsWith('issue')) expect(links.size).toBe(bodies.length);
		},
		60_000,
	);
});
