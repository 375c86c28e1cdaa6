import { CODES, REVOKE_CODES } from '../nodes/shared/problem/codes';
import type { Fault, Problem } from '../nodes/shared/problem/Problem';
import { judge } from '../nodes/shared/problem/rules';
import { describe as describeFailure } from '../nodes/shared/problem/sentences';
import { GOOD, useServer } from './support/useServer';

/** Codes that can reach the operations, by where they are documented. */
const DOCUMENTED: Record<string, number[]> = {
	'page 001, samples': [677, 701, 707, 709, 713, 756, 5002, 5004],
	'page 001, table of codes': [679, 626, 621, 702, 678, 5001, 5005, 5006],
	'page 003': [701, 702, 707],
	customers: [703, 710, 721, 723, 740, 742, 750, 8015],
	series: [712, 714, 746, 754, 755, 777],
	coupons: [705, 719, 720, 780, 781],
	'the call': [461, 521, 704, 715, 722, 724, 730, 735, 748, 1000, 1060, 1061, 1064],
	'processing, try again': [786, 787, 789, 790, 791, 792, 793, 794, 796, 797, 798],
	'public page "Revoke coupon"': [108, 682, 712, 811],
	'the configuration': [788, 795, 799],
	'login and rights': [401, 403, 498, 4000, 4001, 320001],
};
const REACHABLE = [...new Set(Object.values(DOCUMENTED).flat())].sort((a, b) => a - b);

/** The names of the node's and the credential's fields, as a sentence may quote them. */
const FIELDS = [
	...['Series', 'Count', 'Mobile Number', 'Identify Customer By', 'Lookup Values'],
	...['Look Up By', 'Get Customer Coupons', 'Max Wait', 'Options', 'Filters', 'Metadata'],
	...['Coupon Codes', 'Revoke By', 'Get Coupon'],
	...['Issue Once'],
	...['Host', 'Client Key', 'Client Secret', 'Attribution Code', 'Username', 'Password'],
];
/** The words for a problem of an issue call. */
const tell = (problem: Problem) => describeFailure(judge(problem, true).failure, 'issue');

const FORBIDDEN = /\b(errors?|problems?|failures?|mistakes?)\b/i;

function expectGoodWords(sentence: string, hint: string) {
	expect(sentence).toMatch(/^['A-Z].*[^.!?]$/);
	expect(hint).toMatch(/^[A-Z].*\.$/);
	for (const text of [sentence, hint]) {
		expect(text).not.toMatch(FORBIDDEN);
		const quoted = text.match(/(?<![a-z])'[^']+'(?![a-z])/g) ?? [];
		for (const name of quoted) expect(FIELDS).toContain(name.slice(1, -1));
	}
}

describe('every code that can reach the operations', () => {
	it.each(Object.entries(DOCUMENTED))('has its sentence: %s', (_, codes) => {
		for (const code of codes) expect(Object.keys(CODES)).toContain(String(code));
	});

	it.each(REACHABLE)('%i reads well, with what to do next', (code) => {
		const { sentence = '', hint = '' } = CODES[code] ?? {};
		expectGoodWords(sentence, hint);
	});

	it.each(REACHABLE)("%i shows Capillary's own message and code", (code) => {
		const fault = 'refused' as const;
		const { sentence, hint } = tell({
			fault,
			httpStatus: 200,
			code,
			apiMessage: 'as Capillary says',
		});
		expect(sentence).toBe(`${CODES[code]?.sentence} (${code}: as Capillary says)`);
		expect(hint).toBe(CODES[code]?.hint);
	});
});

describe('all the sentences of the tables', () => {
	it.each([...Object.entries(CODES), ...Object.entries(REVOKE_CODES)])(
		'%s',
		(_, { sentence, hint }) => {
			expectGoodWords(sentence, hint);
		},
	);

	it('are true both for a refusal and its warning of a partial success', () => {
		for (const [warning, error] of [
			[679, 5004],
			[626, 5001],
			[621, 5002],
			[678, 5006],
		] as const) {
			expect(CODES[warning]?.sentence).toBe(CODES[error]?.sentence);
		}
	});
});

describe('a code that is in no table', () => {
	it.each([
		[{ code: 31337, apiMessage: 'something new' }, '(31337: something new)'],
		[{ code: 31337 }, '(31337)'],
		[{ apiMessage: 'something new' }, '(something new)'],
	])("shows Capillary's words: %j", (told, shown) => {
		const { sentence, hint } = tell({ fault: 'refused', httpStatus: 200, ...told });
		expect(sentence).toBe(`Capillary refused the call ${shown}`);
		expect(hint).toMatch(/\.$/);
	});

	it('shows no endless message', () => {
		const apiMessage = 'x'.repeat(100_000);
		const { sentence } = tell({ fault: 'refused', code: 31337, apiMessage });
		expect(sentence.length).toBeLessThan(500);
	});
});

describe('what went wrong without a code', () => {
	const faults: Fault[] = [
		...(['badInput', 'badCredential', 'notReached', 'limited', 'loginRejected'] as const),
		...(['refused', 'partial', 'serverFault', 'unclear', 'lost', 'unreadable'] as const),
	];

	it.each(faults)('%s reads well, with what to do next', (fault) => {
		const { sentence, hint } = tell({ fault });
		expectGoodWords(sentence, hint);
	});

	it.each(faults)('%s warns of a second coupon when the outcome is unknown', (fault) => {
		const failure = { fault, outcome: 'unknown' as const };
		const { sentence, hint } = describeFailure(failure, 'issue');
		expect(sentence).toContain('may have been issued');
		expect(hint).toContain('may have been issued');
		expectGoodWords(sentence, hint);
		const ofRevoke = describeFailure(failure, 'revoke');
		expect(ofRevoke.hint).toContain('may have been revoked');
		expectGoodWords(ofRevoke.sentence, ofRevoke.hint);
	});

	it.each([404, 405, 756])('%i means something of its own for a revoke', (code) => {
		const failure = { fault: 'refused', httpStatus: 200, code, outcome: 'refused' } as const;
		expect(describeFailure(failure, 'revoke').sentence).toContain(REVOKE_CODES[code]?.sentence);
		expect(describeFailure(failure, 'issue').sentence).not.toContain(REVOKE_CODES[code]?.sentence);
		// A gateway repeats the HTTP status in its body.
		const ofGateway = describeFailure({ ...failure, httpStatus: code }, 'revoke');
		expect(ofGateway.sentence).not.toContain(REVOKE_CODES[code]?.sentence);
	});

	it('a rate limit says that nothing was issued of an issue call, and not of a lookup', () => {
		const failure = { fault: 'limited' as const, outcome: 'refused' as const };
		expect(describeFailure(failure, 'issue').hint).toContain('Nothing was issued');
		expect(describeFailure(failure, 'read').hint).not.toContain('issued');
	});

	it.each([
		[302, /redirect/],
		[403, /no right to do this/],
		[404, /does not know this call/],
		[405, /does not know this call/],
		[418, /HTTP status 418/],
	])('HTTP %i says so', (httpStatus, sentence) => {
		expect(tell({ fault: 'refused', httpStatus }).sentence).toMatch(sentence);
	});
});

describe('in a run', () => {
	const server = useServer();

	it.each(REACHABLE)('%i of an issue call is shown with code, message and item', async (code) => {
		server.answer([{ body: { errors: [{ status: false, code, message: 'as it says' }] } }]);
		const { items } = await server.run({ ...GOOD.issueMultiple, options: { maxWait: 0 } }, [{}], {
			onError: 'continueRegularOutput',
		});
		const { sentence, unclear } = CODES[code] ?? {};
		const doubt = unclear ? ': the coupon may have been issued' : '';
		expect(items[0].json.error).toContain(`${sentence}${doubt} (${code}: as it says) [item 0]`);
		expect(items[0].json.details).toMatchObject({
			code,
			apiMessage: 'as it says',
			outcome: unclear ? 'unknown' : 'refused',
		});
	});

	it('all that a stopped run tells reads well', async () => {
		server.answer(({ body }) =>
			body.customer.mobile === '2'
				? { body: { errors: [{ status: false, code: 707, message: 'as it says' }] } }
				: { body: { code: 'A1', seriesId: 868760 } },
		);
		const { error } = await server.run(
			{ ...GOOD.issue, mobile: '={{ $json.who }}', options: { maxConcurrent: 1 } },
			[{ who: '1' }, { who: '2' }],
		);
		expect(error.description).toContain('1 coupon was issued');
		expect(error.message).not.toMatch(FORBIDDEN);
		expect(error.description.replace("'Error details'", '')).not.toMatch(FORBIDDEN);
	});
});
