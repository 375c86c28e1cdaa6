import { toMatchFile } from 'jest-file-snapshot';
import { sleep } from 'n8n-workflow';
import { Socket } from 'node:net';
import { join } from 'node:path';

import type { Fault } from '../../sandbox/faults';
import { markdownTable } from '../support/markdownTable';
import { customers, issueParameters, World } from './world';

interface Case {
	name: string;
	fault: Fault;
	/** How often the fault strikes the one item it is for; without it, always. */
	count?: number;
	/** What becomes of that item's issue call, and of its read. */
	issue: 'issued' | 'refused' | 'unknown' | 'notSent';
	read: 'read' | 'refused';
	oauth?: true;
}

/** A case of calls that issue, with what it needs beside the fault. */
interface IssueCase extends Omit<Case, 'read'> {
	parameters?: object;
	https?: true;
	/** Once all coupons are issued: what befalls the one call that is still open. */
	then?: { cancel: true } | { code: string; syscall: string };
}

const status = (
	code: number,
	afterWork = false,
	body: 'json' | 'xml' | 'html' | 'empty' = 'json',
) => ({ kind: 'status', status: code, body, afterWork }) as Fault;
const raw = (body: unknown, code = 200) => ({ kind: 'raw', status: code, body }) as Fault;

const CASES: Case[] = [
	{
		name: '429 with Retry-After',
		fault: { kind: 'rateLimited', retryAfter: 1 },
		count: 1,
		issue: 'issued',
		read: 'read',
	},
	{
		name: '429 without Retry-After, HTML',
		fault: { kind: 'rateLimited', body: 'html' },
		count: 1,
		issue: 'issued',
		read: 'read',
	},
	{
		name: 'body code 429',
		fault: raw({ errors: [{ code: 429, message: 'too many' }] }),
		count: 1,
		issue: 'issued',
		read: 'read',
	},
	{
		name: 'token rejected, 401 XML',
		fault: { kind: 'expiredToken', as: '401xml' },
		count: 1,
		issue: 'issued',
		read: 'read',
		oauth: true,
	},
	{
		name: 'token rejected, 498',
		fault: { kind: 'expiredToken', as: '498' },
		count: 1,
		issue: 'issued',
		read: 'read',
		oauth: true,
	},
	{
		name: 'token rejected, 200 and body code 401',
		fault: { kind: 'expiredToken', as: 'body401' },
		count: 1,
		issue: 'issued',
		read: 'read',
		oauth: true,
	},
	{
		name: 'token rejected, 200 and v1.1 body code 498',
		fault: { kind: 'expiredToken', as: 'v11body498' },
		count: 1,
		issue: 'issued',
		read: 'read',
		oauth: true,
	},
	{ name: 'login rejected for good, 401', fault: status(401), issue: 'refused', read: 'refused' },
	{ name: '403', fault: status(403), issue: 'refused', read: 'refused' },
	{ name: '400', fault: status(400), issue: 'refused', read: 'refused' },
	...[
		{ code: 302, issue: 'unknown' as const },
		{ code: 307, issue: 'refused' as const },
	].map(({ code, issue }) => ({
		name: `redirect to another host, ${code}`,
		fault: {
			kind: 'raw',
			status: code,
			headers: { location: 'https://example.com/' },
			body: '',
		} as Fault,
		issue,
		read: 'refused' as const,
	})),
	{ name: '500 before the work', fault: status(500), issue: 'unknown', read: 'refused' },
	{ name: '500 after the work', fault: status(500, true), issue: 'unknown', read: 'refused' },
	{
		name: '502 once, after the work, HTML',
		fault: status(502, true, 'html'),
		count: 1,
		issue: 'unknown',
		read: 'read',
	},
	{
		name: '503 once, before the work',
		fault: status(503),
		count: 1,
		issue: 'unknown',
		read: 'read',
	},
	{
		name: '504 once, after the work',
		fault: status(504, true, 'empty'),
		count: 1,
		issue: 'unknown',
		read: 'read',
	},
	{
		name: 'connection lost once, before the work',
		fault: { kind: 'lostBefore' },
		count: 1,
		issue: 'unknown',
		read: 'read',
	},
	{
		name: 'connection lost once, after the work',
		fault: { kind: 'lostAfter' },
		count: 1,
		issue: 'unknown',
		read: 'read',
	},
	{
		name: 'answer cut off once',
		fault: { kind: 'truncated' },
		count: 1,
		issue: 'unknown',
		read: 'read',
	},
	{
		name: 'no answer once, time-out',
		fault: { kind: 'hangAfter' },
		count: 1,
		issue: 'unknown',
		read: 'read',
	},
	{ name: '200 with HTML', fault: raw('<html>Welcome</html>'), issue: 'unknown', read: 'refused' },
	{ name: '200 with an empty body', fault: raw(''), issue: 'unknown', read: 'refused' },
	{ name: '200 with a list', fault: raw([1, 2]), issue: 'unknown', read: 'refused' },
	{
		name: '200 with another kind of object',
		fault: raw({ hello: { world: true } }),
		issue: 'unknown',
		read: 'refused',
	},
	{
		name: '200 with 10 MB',
		fault: raw(`{"code":"${'x'.repeat(10_000_000)}"}`),
		issue: 'unknown',
		read: 'refused',
	},
	{
		name: '200 with 100,000 levels',
		fault: raw(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
		issue: 'unknown',
		read: 'refused',
	},
	{
		name: '200 with error 709',
		fault: raw({ errors: [{ status: false, code: 709, message: 'user already has a coupon' }] }),
		issue: 'refused',
		read: 'refused',
	},
	{
		name: "200 with v1.1 success 'false'",
		fault: raw({
			response: { status: { success: 'false', code: 707, message: 'All requests have failed' } },
		}),
		issue: 'refused',
		read: 'refused',
	},
];

const code = (number: number) =>
	({ kind: 'code', code: number, message: 'no', afterWork: true }) as Fault;
const MULTIPLE = { operation: 'issueMultiple', count: 1 };
const ISSUE_CASES: IssueCase[] = [
	...CASES,
	...[500, 730, 748, 786, 798].map((number) => ({
		name: `code ${number}, after the work`,
		fault: code(number),
		issue: 'unknown' as const,
	})),
	{
		name: 'a coupon without its code',
		fault: { kind: 'altered', set: { code: null } },
		issue: 'unknown',
	},
	{
		name: 'a coupon with success false',
		fault: { kind: 'altered', set: { success: false } },
		issue: 'unknown',
	},
	{
		name: 'several: a count of 1, no coupon',
		fault: { kind: 'altered', set: { coupons: [] } },
		issue: 'unknown',
		parameters: MULTIPLE,
	},
	{
		name: 'several: a count of 1, a coupon without its code',
		fault: { kind: 'altered', set: { 'coupons.0.code': null } },
		issue: 'unknown',
		parameters: MULTIPLE,
	},
	...[303, 408, 499].map((number) => ({
		name: `${number} after the work`,
		fault: status(number, true, 'empty'),
		issue: 'unknown' as const,
	})),
	{
		name: 'connection reset, after the work',
		fault: { kind: 'lostAfter', reset: true },
		issue: 'unknown',
	},
	{
		name: 'garbage, after the work',
		fault: { kind: 'garbage', afterWork: true },
		issue: 'unknown',
	},
	{
		name: 'TLS: cut after the handshake, after the work',
		fault: { kind: 'lostAfter' },
		issue: 'unknown',
		https: true,
	},
	{
		name: 'TLS: garbage after the handshake, after the work',
		fault: { kind: 'garbage', afterWork: true },
		issue: 'unknown',
		https: true,
	},
	...['read', 'write'].flatMap((syscall) =>
		['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'].map(
			(network): IssueCase => ({
				name: `${syscall} ${network}, after the work`,
				fault: { kind: 'hangAfter' },
				issue: 'unknown',
				then: { code: network, syscall },
			}),
		),
	),
	{
		name: 'cancelled while under way, after the work',
		fault: { kind: 'hangAfter' },
		issue: 'unknown',
		then: { cancel: true },
	},
];

expect.extend({ toMatchFile });

/** The connections that the node has opened. */
const connections = new Set<Socket>();
beforeEach(() => {
	const { connect } = Socket.prototype;
	jest.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...args) {
		connections.add(this);
		return connect.apply(this, args as never) as never;
	});
});
afterEach(() => {
	jest.restoreAllMocks();
	connections.clear();
});

/** Waits until all coupons are issued and one call is left open, and lets it happen to that call. */
async function befall(
	then: NonNullable<IssueCase['then']>,
	{ sandbox }: World,
	execution: { cancel: () => void },
): Promise<void> {
	const open = () => [...connections].filter(({ destroyed }) => !destroyed);
	while (sandbox.ledger.length < 5 || open().length > 1) await sleep(1);
	if ('cancel' in then) execution.cancel();
	else open()[0]?.destroy(Object.assign(new Error(then.syscall), then));
}

const STRUCK = 2;
const table: Array<Record<string, string | number>> = [];

describe('under each fault, for one item of five', () => {
	it.each(ISSUE_CASES)(
		'$name: an issue call ends as $issue',
		async ({ name, fault, count, issue, oauth, parameters, https, then }) => {
			const world = await World.create({ https });
			let befallen = Promise.resolve();
			const items = customers(5);
			world.sandbox.faults.add({ match: { customer: items[STRUCK]?.mobile, count }, fault });
			const run = await world.run({
				items,
				credentials: oauth ? world.oauth : world.basic,
				parameters: {
					...{ ...issueParameters, ...parameters },
					requestOptions: { timeout: then ? 20_000 : 1_500, allowUnauthorizedCerts: true },
				},
				settings: { onError: 'continueErrorOutput' },
				onStart: (execution) => {
					if (then) befallen = befall(then, world, execution);
				},
			});
			await befallen;

			const outcomes = run.errors.map(({ json }) => json.details.outcome);
			expect(outcomes).toEqual(issue === 'issued' ? [] : [issue]);
			expect(run.items.map(({ pairedItem }) => pairedItem.item)).toEqual(
				issue === 'issued' ? [0, 1, 2, 3, 4] : [0, 1, 3, 4],
			);
			expect(run.errors.map(({ json }) => json.row)).toEqual(issue === 'issued' ? [] : [STRUCK]);
			const { issued, lost, doubled } = world.account(run);
			expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 });
			const calls = world.issueCalls().length;
			if (issue === 'unknown') expect(calls).toBe(5);
			table.push({
				Fault: name,
				'Item ends as': issue,
				Calls: calls,
				Issued: issued,
				'Items out': run.items.length,
				'Error items': run.errors.length,
				Lost: lost,
				Doubled: doubled,
			});
		},
	);

	it.each(CASES)('$name: a read ends as $read', async ({ fault, count, read, oauth }) => {
		const world = await World.create();
		const struck = '9886712345';
		const items = ['1234512345', '9988776655', struck].map((mobile) => ({ mobile }));
		for (const { mobile } of items)
			world.sandbox.faults.add({ match: { customer: `${mobile}0` }, fault });
		world.sandbox.faults.add({ match: { customer: '9988776655', count }, fault });
		const run = await world.run({
			items: items.slice(0, 2),
			credentials: oauth ? world.oauth : world.basic,
			parameters: {
				...issueParameters,
				operation: 'getCustomerCoupons',
				simplify: false,
				requestOptions: { timeout: 1_500 },
			},
			settings: { onError: 'continueErrorOutput' },
		});

		expect(
			run.errors.map(({ json, pairedItem }) => [json.details.outcome, pairedItem.item]),
		).toEqual(read === 'read' ? [] : [['refused', 1]]);
	});

	it('connection refused: is repeated, and then ends as not sent', async () => {
		const world = await World.create();
		const { basic } = world;
		await world.close();
		const run = await world.run({
			items: customers(2),
			credentials: basic,
			parameters: { ...issueParameters, options: { maxWait: 1 } },
			settings: { onError: 'continueErrorOutput' },
		});

		expect(run.errors.map(({ json }) => json.details)).toEqual(
			Array(2).fill(expect.objectContaining({ outcome: 'notSent', code: 'ECONNREFUSED' })),
		);
		expect(run.errors[0].json.error).toContain(
			'Capillary could not be reached, so nothing was sent',
		);
	});

	it('is what test/FAULTS.md says (`npm run faults` renews it)', () => {
		const intro =
			'# What becomes of coupons when things go wrong\n\nWritten by `npm run faults`, compared by every run of `test/promises/faults.test.cts`: five issue items through the real engine, the fault strikes one of them. "Lost" counts coupons that were issued without the caller being told of the code, or that it must look; "doubled" counts customers with two.';
		expect(table.every(({ Lost, Doubled }) => Lost === 0 && Doubled === 0)).toBe(true);
		const page = `${intro}\n\n${markdownTable(table)}\n`;
		expect(page).toMatchFile(join(__dirname, '../FAULTS.md'));
	});
});
