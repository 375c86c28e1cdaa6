import type { Problem } from '../../nodes/shared/problem/Problem';
import { readAnswer, retryAfter } from '../../nodes/shared/answer/readAnswer';

/** Coupons, as far as this test is concerned. */
const find = ({ coupons }: Record<string, unknown>) =>
	Array.isArray(coupons) ? (coupons as never[]) : undefined;

function read(statusCode: number, body: unknown, headers = {}) {
	return readAnswer(
		{ statusCode, headers, body: typeof body === 'string' ? body : JSON.stringify(body) },
		find,
	);
}

function problemOf(statusCode: number, body: unknown, headers = {}): Problem {
	const answer = read(statusCode, body, headers);
	expect(answer).toHaveProperty('problem');
	return (answer as { problem: Problem }).problem;
}

const errors = [{ status: false, code: 707, message: 'no' }];

describe('a good answer', () => {
	it.each([
		['results', 200, { coupons: [{ code: 'A' }] }],
		['results beside errors: a partial success', 200, { coupons: [{ code: 'A' }], errors }],
		['results that are empty, and no errors', 200, { coupons: [], errors: [] }],
		['results with 201', 201, { coupons: [{ code: 'A' }] }],
	])('%s', (_, status, body) => {
		expect(read(status, body)).toEqual({ body });
	});
});

describe('which fault an answer is', () => {
	const v11 = (code: unknown, success: unknown = 'true') => ({
		response: { status: { success, code, message: 'no' } },
		coupons: [{ code: 'A' }],
	});
	it.each([
		['refused', 200, { errors }, 707],
		['refused', 200, { coupons: [], errors }, 707],
		['refused', 201, { errors }, 707],
		['refused', 400, { errors }, 707],
		['refused', 400, { coupons: [] }, undefined],
		['unclear', 400, { coupons: [{ code: 'A' }] }, undefined],
		['unclear', 429, { coupons: [{ code: 'A' }], errors }, 707],
		['refused', 403, { errors: [{ code: 4000, message: 'no' }] }, 4000],
		['refused', 404, '<html>', undefined],
		['unclear', 301, '', undefined],
		['unclear', 302, '', undefined],
		['refused', 307, '', undefined],
		['refused', 308, '', undefined],
		['refused', 200, v11(707, 'false'), 707],
		['unclear', 200, v11(500, 'false'), 500],
		['unclear', 200, { errors: [{ code: 748, message: 'time-out' }] }, 748],
		['unclear', 303, '', undefined],
		['unclear', 200, { errors: [{ message: 'no' }] }, undefined],
		['unclear', 200, { errors: [...errors, { code: 748, message: 'time-out' }] }, 748],
		['refused', 300, { errors: [{ message: 'no' }] }, undefined],
		['unclear', 300, { coupons: [{ code: 'A' }] }, undefined],
		['serverFault', 500, { coupons: [{ code: 'A' }] }, undefined],
		['serverFault', 503, { coupons: [{ code: 'A' }] }, undefined],
		['refused', 403, '<response><code>403</code><message>no</message></response>', 403],
		['refused', 200, '<response><message>no</message><code> 707 </code></response>', 707],
		[
			'unreadable',
			200,
			'<response><success> true </success><code>200</code></response>',
			undefined,
		],
		['refused', 200, v11('403'), 403],
		['loginRejected', 401, '', undefined],
		['loginRejected', 498, '', undefined],
		['loginRejected', 200, v11('401'), 401],
		['loginRejected', 200, v11(498), 498],
		['loginRejected', 200, { errors: [{ code: 401, message: 'no' }] }, 401],
		['limited', 429, '<html>', undefined],
		['limited', 200, v11(429), 429],
		['lost', 408, '', undefined],
		['lost', 460, '', undefined],
		['serverFault', 500, { errors }, 707],
		['serverFault', 503, { errors: [{ code: 4001, message: 'no' }] }, 4001],
		['serverFault', 502, '<html>', undefined],
		['unreadable', 200, '', undefined],
		['unreadable', 200, '<html>', undefined],
		['unreadable', 200, {}, undefined],
		['unreadable', 204, '', undefined],
	])('%s: HTTP %i %j', (fault, status, body, code) => {
		expect(problemOf(status, body)).toMatchObject({ fault, httpStatus: status });
		expect(problemOf(status, body).code).toBe(code);
	});

	it('takes the message of a gateway from the top of its body', () => {
		expect(problemOf(429, { message: 'Too many' }).apiMessage).toBe('Too many');
	});

	it.each([
		[200, undefined],
		[300, 'look elsewhere'],
		[500, 'look elsewhere'],
	])('takes such a message with HTTP %i only when that says no', (status, message) => {
		expect(problemOf(status, { message: 'look elsewhere' }).apiMessage).toBe(message);
	});

	it('is unclear when the results contradict themselves', () => {
		const answer = readAnswer({ statusCode: 200, headers: {}, body: '{}' }, () => 'unclear');
		expect(answer).toMatchObject({ problem: { fault: 'unclear', httpStatus: 200 } });
	});

	it('says that an answer is too large to be read', () => {
		const large = problemOf(200, `{"a":"${'a'.repeat(64_000_000)}"}`);
		expect(large).toMatchObject({
			fault: 'unreadable',
			sentence: 'The answer is larger than 64 MB',
			hint: expect.stringContaining('fewer'),
		});
		expect(problemOf(200, '[]')).not.toHaveProperty('sentence');
	});

	it('reads an answer without headers, and one that n8n has parsed', () => {
		const parsed = { statusCode: 200, body: { coupons: [{ code: 'A' }] } };
		expect(readAnswer(parsed as never, find)).toEqual({ body: parsed.body });
		const refused = { statusCode: 429, body: { errors } };
		expect(readAnswer(refused as never, find)).toMatchObject({ problem: { fault: 'limited' } });
	});

	it('tells how long to wait', () => {
		expect(problemOf(429, '', { 'retry-after': '7' }).retryAfterMs).toBe(7_000);
	});
});

describe('Retry-After', () => {
	it.each([
		['3', 3_000],
		[' 3 ', 3_000],
		[3, 3_000],
		['0.5', 500],
		['0.25', 250],
		['12', 12_000],
		['7 seconds', undefined],
		['in 7', undefined],
		[{ toString: () => '3' }, undefined],
		['0', undefined],
		['-1', undefined],
		['9'.repeat(400), undefined],
		['soon', undefined],
		['', undefined],
		[undefined, undefined],
		['Wed, 21 Oct 2015 07:28:00 GMT', undefined],
	])('%p', (header, wait) => {
		expect(retryAfter(header)).toBe(wait);
	});

	it('may be a date', () => {
		jest.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z') });
		expect(retryAfter('Thu, 01 Jan 2026 00:00:10 GMT')).toBe(10_000);
		jest.useRealTimers();
	});
});
