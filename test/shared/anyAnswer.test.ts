import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { parseBody } from '../../nodes/shared/answer/body';
import { errorsOfV11, errorsOfV2, errorsOfXml } from '../../nodes/shared/answer/envelope';
import { readAnswer, retryAfter } from '../../nodes/shared/answer/readAnswer';
import { judge } from '../../nodes/shared/problem/rules';

/** Keys that the readers look for, and some that JavaScript gives a meaning. */
const KEYS = [
	...['errors', 'error', 'status', 'success', 'code', 'errorCode', 'message', 'response', 'data'],
	...['customers', 'customer', 'series', 'items', 'item', 'item_status', 'coupons', 'coupon'],
	...['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'toJSON', ''],
];
const LEAVES = [true, false, null, 'false', 'true', 200, 401, '498', 429, 707, 748, '', 'A1'];

/** JSON that looks like an answer, and is none. */
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
	value: fc.oneof(
		{ maxDepth: 5, withCrossShrink: true },
		fc.oneof(fc.constantFrom(...LEAVES), fc.integer(), fc.double(), fc.string()),
		fc.array(tie('value'), { maxLength: 3 }),
		fc
			.array(fc.tuple(fc.oneof(fc.constantFrom(...KEYS), fc.string()), tie('value')), {
				maxLength: 6,
			})
			// As JSON.parse makes it: `__proto__` is a key like any other.
			.map((entries) => JSON.parse(`{${entries.map(pair).join(',')}}`) as unknown),
	),
}));
const anyObject = anyValue.filter(
	(value): value is IDataObject =>
		typeof value === 'object' && value !== null && !Array.isArray(value),
);

function pair([key, value]: [string, unknown]): string {
	return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
}

/** Whether an object has own `__proto__` keys anywhere. */
function isPolluted(value: unknown): boolean {
	if (typeof value !== 'object' || value === null) return false;
	return Object.hasOwn(value, '__proto__') || Object.values(value).some(isPolluted);
}

const ownKeys = () => Reflect.ownKeys(Object.prototype).length;

describe('parseBody', () => {
	it('takes any text and any value, and gives nothing that harms', () => {
		const before = ownKeys();
		const anyText = anyValue.map((value) => JSON.stringify(value));
		fc.assert(
			fc.property(fc.oneof(fc.string(), anyText, anyValue, fc.anything()), (given) => {
				expect(isPolluted(parseBody(given))).toBe(false);
			}),
		);
		expect(ownKeys()).toBe(before);
	});

	it('gives ordinary JSON back as it was', () => {
		const ordinary = anyObject.filter(
			(value) => !isPolluted(value) && !/\d{16}/.test(JSON.stringify(value)),
		);
		fc.assert(
			fc.property(ordinary, fc.constantFrom(0, 2, '\t'), (value, indent) => {
				const text = JSON.stringify(value, null, indent);
				expect(JSON.stringify(parseBody(text))).toBe(JSON.stringify(JSON.parse(text)));
			}),
		);
	});

	it('keeps every digit of an integer, and every text beside it', () => {
		fc.assert(
			fc.property(fc.bigInt(), fc.string(), (integer, text) => {
				const body = parseBody(
					`{"text":${JSON.stringify(text)},"list":[${integer}],"id":${integer}}`,
				);
				expect(String(body?.id)).toBe(String(integer));
				expect(typeof body?.id).toBe(Number.isSafeInteger(Number(integer)) ? 'number' : 'string');
				expect(body).toEqual({ text, list: [body?.id], id: body?.id });
			}),
		);
	});
});

describe('the errors of an envelope', () => {
	function expectErrors(errors: Array<{ code?: unknown; message?: unknown }>): void {
		for (const { code, message, ...rest } of errors) {
			expect(rest).toEqual({});
			if (code !== undefined) expect(Number.isInteger(code)).toBe(true);
			if (message !== undefined) expect(message).toEqual(expect.stringMatching(/\S/));
		}
	}

	it('v2', () => {
		fc.assert(
			fc.property(anyObject, (body) => expectErrors(errorsOfV2(body))),
			{ numRuns: 300 },
		);
	});
	it('v1.1', () => {
		fc.assert(fc.property(anyObject, (body) => expectErrors(errorsOfV11(body))));
		fc.assert(
			fc.property(anyValue, (response) => expectErrors(errorsOfV11({ response } as never))),
		);
	});
	it('XML', () => {
		const part = fc.constantFrom(
			...['code', 'message', 'success'].flatMap((tag) => [`<${tag}>`, `</${tag}>`]),
		);
		const text = fc.array(fc.oneof(part, fc.string(), fc.constantFrom('401', 'false', '\n')));
		fc.assert(fc.property(text, (parts) => expectErrors(errorsOfXml(parts.join('')))));
	});
});

describe('readAnswer', () => {
	const anyStatus = fc.oneof(
		fc.constantFrom(200, 201, 204, 302, 303, 400, 401, 403, 404, 408, 429, 498, 500, 502, 503, 504),
		fc.integer({ min: 100, max: 599 }),
	);
	const anyBody = fc.oneof(
		anyValue,
		anyValue.map((value) => JSON.stringify(value)),
		fc.string(),
	);
	const anyHeaders = fc.option(fc.record({ 'retry-after': fc.anything() }), { nil: undefined });

	/** Coupons, as far as this test is concerned. */
	const find = ({ coupons }: IDataObject) =>
		Array.isArray(coupons) ? (coupons as IDataObject[]) : undefined;

	it('gives a body or a problem, whatever came', () => {
		fc.assert(
			fc.property(anyStatus, anyBody, anyHeaders, (statusCode, body, headers) => {
				const answer = readAnswer({ statusCode, body, headers } as never, find);
				expect('body' in answer).not.toBe('problem' in answer);
				if ('body' in answer) expect(statusCode).toBeLessThan(300);
			}),
		);
	});

	it('lets a write be sent again only where a limit or the login stood before it', () => {
		fc.assert(
			fc.property(anyStatus, anyBody, (statusCode, body) => {
				const answer = readAnswer({ statusCode, body, headers: {} } as never, find);
				if ('body' in answer) return;
				const { retry, failure } = judge(answer.problem, true);
				if (retry === 'never') return;
				const stoodBefore = [429, 401, 498];
				expect(stoodBefore).toContain(statusCode >= 300 ? statusCode : failure.code);
				expect(failure.outcome).toBe('refused');
			}),
		);
	});

	it('never says that a write with coupons in its answer was refused', () => {
		const coupons = [{ code: 'A1' }];
		const errors = fc.array(
			fc.record({ code: fc.constantFrom(401, 429, 707), message: fc.string() }),
		);
		fc.assert(
			fc.property(anyStatus, errors, (statusCode, listed) => {
				const body = JSON.stringify({ coupons, errors: listed });
				const answer = readAnswer({ statusCode, body, headers: {} }, find);
				if ('body' in answer) return;
				const { retry, failure } = judge(answer.problem, true);
				expect([retry, failure.outcome]).toEqual(['never', 'unknown']);
			}),
		);
	});
});

describe('Retry-After', () => {
	it('is a time to come, or none', () => {
		const text = fc.stringMatching(/^[-+]?\d{1,400}([.eE]\d+)?$/);
		const date = fc.date({ noInvalidDate: true }).map((moment) => moment.toUTCString());
		fc.assert(
			fc.property(fc.oneof(text, date, fc.double(), fc.string(), fc.anything()), (header) => {
				const wait = retryAfter(header);
				if (wait !== undefined) expect(wait > 0 && Number.isFinite(wait)).toBe(true);
			}),
		);
	});
});
