import { GOOD, jsonOf, useServer } from '../support/useServer';

/** Answers to an issue call that no API page shows, and what may be concluded from each. */
const server = useServer();
const AGAIN = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

type Body = unknown;
type Outcome = 'issued' | 'refused' | 'unknown';

interface Case {
	title: string;
	body: Body;
	status?: number;
	headers?: Record<string, string>;
	outcome: Outcome;
}

const coupon = { code: 'A1', seriesId: 868760, customer: { id: 1 } };
const v2 = (code: unknown, message = 'no') => ({ errors: [{ status: false, code, message }] });
const BEHIND = [
	...[500, 502, 503, 504, 704, 724, 730, 748],
	...[786, 787, 789, 790, 791, 792, 793, 794, 796, 797, 798],
];

const OF_BOTH: Case[] = [
	...BEHIND.map((code) => ({
		title: `code ${code}: something went wrong behind`,
		body: v2(code),
		outcome: 'unknown' as const,
	})),
	{ title: 'code "748" as a text', body: v2('748'), outcome: 'unknown' },
	{ title: 'code " 748 " with blanks', body: v2(' 748 '), outcome: 'unknown' },
	{ title: 'code 748 with HTTP 400', body: v2(748), status: 400, outcome: 'unknown' },
	{
		title: 'code 500 of v1.1',
		body: { response: { status: { success: false, code: 500, message: 'no' } } },
		outcome: 'unknown',
	},
	{
		title: 'code 709 beside 748',
		body: { errors: [...v2(709).errors, ...v2(748).errors] },
		outcome: 'unknown',
	},
	{
		title: 'errorCode in place of code',
		body: { errors: [{ errorCode: 748 }] },
		outcome: 'unknown',
	},
	{
		title: '{ success: false, code: 748 }',
		body: { success: false, code: 748 },
		outcome: 'unknown',
	},
	{
		title: '{ success: false, code: 709 }',
		body: { success: false, code: 709 },
		outcome: 'refused',
	},
	{
		title: '{ status: { success: false, code: 709 } }',
		body: { status: { success: false, code: 709 } },
		outcome: 'refused',
	},
	{
		title: 'code 709 as errors object',
		body: { errors: { code: 709, message: 'no' } },
		outcome: 'refused',
	},
	{ title: '{ code: 401 }', body: { code: 401 }, outcome: 'refused' },
	{ title: '{ code: 500 }', body: { code: 500 }, outcome: 'unknown' },
	{ title: '{ code: 709, message }', body: { code: 709, message: 'no' }, outcome: 'unknown' },
	{ title: '{ success: true }', body: { success: true }, outcome: 'unknown' },
	{ title: 'errors: [null]', body: { errors: [null] }, outcome: 'unknown' },
	{ title: 'errors: [{}]', body: { errors: [{}] }, outcome: 'unknown' },
	{
		title: 'JSON after a byte order mark, refused',
		body: `\ufeff${JSON.stringify(v2(709))}`,
		outcome: 'refused',
	},
	{
		title: 'a refusal in XML',
		body: '<r><success>false</success><code>709</code></r>',
		outcome: 'refused',
	},
	{
		title: 'a code behind in XML',
		body: '<r><success>false</success><code>748</code></r>',
		outcome: 'unknown',
	},
	...[201, 202, 206, 226].map((status) => ({
		title: `HTTP ${status} with an error`,
		body: v2(709),
		status,
		outcome: 'refused' as const,
	})),
	...[202, 204, 205, 206, 226, 299].map((status) => ({
		title: `HTTP ${status} without a body`,
		body: '',
		status,
		outcome: 'unknown' as const,
	})),
	...[
		400, 403, 404, 405, 406, 409, 410, 411, 412, 413, 414, 415, 417, 421, 422, 423, 426, 428, 431,
		451,
	].map((status) => ({ title: `HTTP ${status}`, body: '', status, outcome: 'refused' as const })),
	...[408, 499, 500, 501, 502, 503, 504, 505, 507, 508, 509, 511, 520, 522, 524, 525, 530, 598].map(
		(status) => ({
			title: `HTTP ${status}`,
			body: '',
			status,
			outcome: 'unknown' as const,
		}),
	),
	{ title: 'HTTP 303', body: '', status: 303, headers: { location: '/done' }, outcome: 'unknown' },
	{
		title: 'HTTP 500 with a plain refusal in its body',
		body: v2(709),
		status: 500,
		outcome: 'unknown',
	},
];

const OF_ISSUE: Case[] = [
	{ title: 'a coupon', body: coupon, outcome: 'issued' },
	{ title: 'a coupon with HTTP 201', body: coupon, status: 201, outcome: 'issued' },
	{ title: 'a coupon with HTTP 202', body: coupon, status: 202, outcome: 'issued' },
	{
		title: 'a coupon after a byte order mark',
		body: `\ufeff${JSON.stringify(coupon)}`,
		outcome: 'issued',
	},
	{
		title: 'a coupon with keys twice',
		body: '{"code":"A0","code":"A1","seriesId":1,"seriesId":2}',
		outcome: 'issued',
	},
	{
		title: 'a coupon whose errors are empty',
		body: { ...coupon, errors: [], warnings: [] },
		outcome: 'issued',
	},
	{ title: 'a coupon with a redirect', body: coupon, status: 302, outcome: 'unknown' },
	{ title: 'a coupon with HTTP 400', body: coupon, status: 400, outcome: 'unknown' },
	{ title: 'a coupon with HTTP 409', body: coupon, status: 409, outcome: 'unknown' },
	{ title: 'a coupon with HTTP 404', body: coupon, status: 404, outcome: 'unknown' },
	{ title: 'a coupon with errors', body: { ...coupon, ...v2(709) }, outcome: 'unknown' },
	{ title: 'a coupon with success false', body: { ...coupon, success: false }, outcome: 'unknown' },
	{ title: 'a code of blanks', body: { ...coupon, code: '   ' }, outcome: 'unknown' },
	{ title: 'a code that is null', body: { ...coupon, code: null }, outcome: 'unknown' },
	{ title: 'a code that is a number', body: { ...coupon, code: 709 }, outcome: 'unknown' },
	{ title: 'a code that is a list', body: { ...coupon, code: ['A1'] }, outcome: 'unknown' },
	{ title: 'a list of one coupon', body: [coupon], outcome: 'unknown' },
	{ title: 'a code alone', body: { code: 'A1' }, outcome: 'unknown' },
	{
		title: 'a code and a message',
		body: { code: '709', message: 'user already has it' },
		outcome: 'unknown',
	},
	{ title: 'a coupon cut off in its JSON', body: '{"code":"A1","seriesId":86', outcome: 'unknown' },
];

const coupons = [
	{ code: 'A1', couponId: 1 },
	{ code: 'A2', couponId: 2 },
];
const OF_ISSUE_MULTIPLE: Case[] = [
	{ title: 'both coupons', body: { coupons, successCount: 2 }, outcome: 'issued' },
	{ title: 'counts of 2, no coupons', body: { coupons: [], successCount: 2 }, outcome: 'unknown' },
	{
		title: 'counts of 2 and errors, no coupons',
		body: { coupons: [], successCount: 2, ...v2(709) },
		outcome: 'unknown',
	},
	{ title: 'a count of "2", no coupons', body: { successCount: '2' }, outcome: 'unknown' },
	{
		title: 'coupons without codes',
		body: { coupons: [{ code: null }, { code: '' }], successCount: 2 },
		outcome: 'unknown',
	},
	{
		title: 'coupons without codes, counts of 0',
		body: { coupons: [{ code: null }], successCount: 0, failureCount: 1 },
		outcome: 'unknown',
	},
	{ title: 'no coupons and no counts', body: { coupons: [] }, outcome: 'unknown' },
	{
		title: 'no coupons, a count of 0',
		body: { coupons: [], successCount: 0, failureCount: 2 },
		outcome: 'refused',
	},
	{
		title: 'a count of 0 and a code behind',
		body: { coupons: [], successCount: 0, ...v2(748) },
		outcome: 'unknown',
	},
	{
		title: 'coupons with HTTP 400',
		body: { coupons, successCount: 2 },
		status: 400,
		outcome: 'unknown',
	},
	{
		title: 'coupons with a redirect',
		body: { coupons, successCount: 2 },
		status: 307,
		outcome: 'unknown',
	},
	{
		title: 'an object for the list',
		body: { coupons: { coupon: coupons[0] }, successCount: 1 },
		outcome: 'issued',
	},
];

const CASES = [
	...['issue', 'issueMultiple'].flatMap((operation) =>
		OF_BOTH.map((one) => ({ ...one, operation })),
	),
	...OF_ISSUE.map((one) => ({ ...one, operation: 'issue' })),
	...OF_ISSUE_MULTIPLE.map((one) => ({ ...one, operation: 'issueMultiple' })),
];

describe('what an answer proves', () => {
	it.each(CASES)(
		'$operation, $title: $outcome',
		async ({ operation, body, status, headers, outcome }) => {
			server.answer(() => ({ status, headers, body }));
			const { items } = await server.run({ ...GOOD[operation], options: { maxWait: 0 } }, [{}], {
				...AGAIN,
				onError: 'continueRegularOutput',
			});

			const told = items.flatMap(({ json }) => json.details?.outcome ?? []);
			if (outcome === 'issued') {
				expect(told.filter((one: string) => one !== 'partial')).toEqual([]);
				expect(jsonOf(items)[0]?.code).toBe('A1');
			} else {
				expect(told).toEqual([outcome]);
			}
			// What may have been carried out is not sent again, also not by Retry On Fail.
			const sent = server.calls.filter(({ method }) => method === 'POST');
			if (outcome !== 'refused') expect(sent).toHaveLength(1);
		},
	);
});
