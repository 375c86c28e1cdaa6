import fc from 'fast-check';

import { networkProblem } from '../../nodes/shared/answer/networkProblem';
import { judge } from '../../nodes/shared/problem/rules';

interface Shape {
	code?: unknown;
	httpCode?: unknown;
	syscall?: unknown;
	isAxiosError?: unknown;
	request?: unknown;
	errors?: unknown;
}

const CODES = [
	...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'],
	...[
		'ECONNABORTED',
		'ERR_CANCELED',
		'ERR_BAD_RESPONSE',
		'ERR_SSL_BAD_RECORD',
		'EPROTO',
		'toString',
	],
	...['constructor', '__proto__', '500', 500, null, {}, ''],
];
const SYSCALLS = ['connect', 'getaddrinfo', 'bind', 'queryA', 'read', 'write', 'shutdown', 7, null];
const BEFORE_SENDING = ['connect', 'getaddrinfo', 'bind', 'queryA'];
const PROOF = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];

type Handshake = { socket?: { secureConnecting?: boolean } | null } | null | undefined;

const shape: fc.Arbitrary<Shape> = fc.record(
	{
		code: fc.constantFrom(...CODES),
		httpCode: fc.constantFrom(...CODES),
		syscall: fc.constantFrom(...SYSCALLS),
		isAxiosError: fc.boolean(),
		request: fc.constantFrom(
			undefined,
			null,
			{},
			{ socket: null },
			{ socket: { secureConnecting: true } },
			{ socket: { secureConnecting: false } },
		),
		errors: fc.oneof(
			fc.array(fc.record({ syscall: fc.constantFrom(...SYSCALLS) }), { maxLength: 3 }),
			fc.constantFrom([null], ['text'], 'text'),
		),
	},
	{ requiredKeys: [] },
);

/** An error with the others as its causes, one below the other. */
function chainOf(shapes: Shape[]): Error | undefined {
	return shapes.reduceRight<Error | undefined>(
		(cause, one) => Object.assign(new Error('what Node says', { cause }), one),
		undefined,
	);
}

const syscallsOf = (shapes: Shape[]) =>
	shapes
		.flatMap(({ syscall, errors }) => [
			syscall,
			...(Array.isArray(errors) ? (errors as Shape[]).map((one) => one?.syscall) : []),
		])
		.filter((syscall) => typeof syscall === 'string');

describe('networkProblem', () => {
	it('takes whatever was thrown', () => {
		fc.assert(
			fc.property(fc.anything(), (thrown) => {
				expect(judge(networkProblem(thrown), true)).toMatchObject({
					retry: 'never',
					failure: { outcome: 'unknown' },
				});
			}),
		);
	});

	it('says that nothing was sent only with proof, and never against it', () => {
		fc.assert(
			fc.property(fc.array(shape, { minLength: 1, maxLength: 4 }), (shapes) => {
				if (networkProblem(chainOf(shapes)).fault !== 'notReached') return;
				// Until the handshake is over, Node holds the request back: what else is told does not count.
				const inHandshake = shapes.some(({ request }) => {
					return (request as Handshake)?.socket?.secureConnecting;
				});
				if (inHandshake) return;
				const codes = shapes.flatMap(({ code, httpCode }) => [code, httpCode]);
				const syscalls = syscallsOf(shapes);
				expect(
					codes.some((code) => PROOF.includes(code as string)) ||
						syscalls.some((syscall) => BEFORE_SENDING.includes(syscall as string)),
				).toBe(true);
				expect(syscalls.filter((syscall) => !BEFORE_SENDING.includes(syscall as string))).toEqual(
					[],
				);
			}),
			{ numRuns: 300 },
		);
	});

	it.each([
		[
			'one address of the host was written to',
			{ errors: [{ syscall: 'connect' }, { syscall: 'write' }] },
		],
		['one address tells nothing', { errors: [{ syscall: 'connect' }, null] }],
		['a refusal of what was written', { syscall: 'write' }],
	])('is lost: %s', (_, more) => {
		const error = Object.assign(new Error('no'), { code: 'ECONNREFUSED', ...more });
		expect(networkProblem(error).fault).toBe('lost');
	});

	it('ends, also when errors are the cause of each other', () => {
		const a = new Error('a') as Error & { errors?: unknown; code?: string };
		a.cause = Object.assign(new Error('b'), { cause: a });
		a.errors = [a];
		a.code = 'ECONNRESET';
		expect(networkProblem(a).fault).toBe('lost');
	});
});
