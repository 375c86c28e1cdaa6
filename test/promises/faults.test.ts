import { toMatchFile } from 'jest-file-snapshot';
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
	{
		name: 'redirect to another host',
		fault: {
			kind: 'raw',
			status: 302,
			headers: { location: 'https://example.com/' },
			body: '',
		} as Fault,
		issue: 'refused',
		read: 'refused',
	},
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

expect.extend({ toMatchFile });

const STRUCK = 2;
const table: Array<Record<string, string | number>> = [];

describe('under each fault, for one item of five', () => {
	it.each(CASES)(
		'$name: an issue call ends as $issue',
		async ({ name, fault, count, issue, oauth }) => {
			const world = await World.create();
			const items = customers(5);
			world.sandbox.faults.add({ match: { customer: items[STRUCK]?.mobile, count }, fault });
			const run = await world.run({
				items,
				credentials: oauth ? world.oauth : world.basic,
				parameters: { ...issueParameters, requestOptions: { timeout: 1_500 } },
				settings: { onError: 'continueErrorOutput' },
			});

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
			'# What becomes of coupons when things go wrong\n\nWritten by `npm run faults`, compared by every run of `test/promises/faults.test.ts`: five issue items through the real engine, the fault strikes one of them. "Lost" counts coupons that were issued without the caller being told of the code, or that it must look; "doubled" counts customers with two.';
		expect(table.every(({ Lost, Doubled }) => Lost === 0 && Doubled === 0)).toBe(true);
		const page = `${intro}\n\n${markdownTable(table)}\n`;
		expect(page).toMatchFile(join(__dirname, '../FAULTS.md'));
	});
});
