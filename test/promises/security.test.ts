import { createHash } from 'node:crypto';

import { customers, issueParameters, World } from './world';

describe('secrets', () => {
	const echo = (text: string) => ({
		kind: 'raw' as const,
		status: 400,
		body: { errors: [{ code: 9999, message: `refused for ${text}` }] } as never,
	});

	it.each(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'])(
		'appear nowhere in a saved execution, even when the API echoes them (On Error = %s)',
		async (onError) => {
			const world = await World.create();
			const items = customers(4);
			const { username, password } = world.sandbox.credentials.basic;
			const hash = createHash('md5').update(password).digest('hex');
			const basic = Buffer.from(`${username}:${hash}`).toString('base64');
			world.sandbox.faults.add({
				match: { customer: items[0]?.mobile },
				fault: echo(`Basic ${basic} and ${hash} and ${username}:${hash}`),
			});
			world.sandbox.faults.add({
				match: { customer: items[1]?.mobile },
				fault: { kind: 'lostAfter' },
			});
			const run = await world.run({ items, settings: { onError } });

			const saved = serialize([run.runData, run.error]);
			expect(saved).toContain('9999');
			for (const secret of [password, hash, basic]) expect(saved).not.toContain(secret);
		},
	);

	it('of OAuth appear nowhere either: key, secret and token', async () => {
		const world = await World.create();
		const items = customers(2);
		const { clientSecret } = world.sandbox.credentials.oauth;
		const first = await world.run({ items, credentials: world.oauth });
		const token = String(first.credentials.stored.accessToken);
		world.sandbox.faults.add({ match: { path: '/v2/coupon/issue' }, fault: echo(token) });
		const run = await world.run({ items, credentials: first.credentials });

		const saved = serialize([first.runData, run.runData, run.error]);
		expect(saved).toContain('9999');
		for (const secret of [clientSecret, token]) expect(saved).not.toContain(secret);
	});

	it('are not sent to another host by a redirect', async () => {
		const world = await World.create();
		const other = await World.create();
		world.sandbox.faults.add({
			match: {},
			fault: {
				kind: 'raw',
				status: 307,
				headers: { location: `${other.sandbox.url}/v2/coupon/issue` },
				body: '',
			} as never,
		});
		const run = await world.run({ items: customers(1) });

		expect(run.error.message).toContain('redirect');
		expect(other.sandbox.calls).toEqual([]);
	});
});

describe('a hostile answer', () => {
	it('with __proto__ keys changes nothing outside of it', async () => {
		const world = await World.create();
		world.sandbox.faults.add({
			match: {},
			fault: {
				kind: 'raw',
				status: 200,
				body: '{"code":"A1","seriesId":1,"__proto__":{"polluted":true},"customer":{"__proto__":{"polluted":true}}}',
			} as never,
		});
		const run = await world.run({
			items: customers(1),
			parameters: { ...issueParameters, simplify: false },
		});

		expect(run.items[0].json).toMatchObject({ code: 'A1', seriesId: 1 });
		expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
		expect(Object.keys(run.items[0].json)).not.toContain('__proto__');
	});

	it.each([
		['a number for a list', { coupons: 5, successCount: 2 }, 'does not say whether'],
		['text for a list', { coupons: 'none', errors: 'none' }, "not one of Capillary's API"],
		['null everywhere', { coupons: null, errors: null, customer: null }, 'not one of'],
		['a list of lists', { coupons: [[1], [2]], totalCount: 2 }, 'not one of'],
	])('with %s is an error, not a crash', async (_, body, sentence) => {
		const world = await World.create();
		world.sandbox.faults.add({
			match: {},
			fault: { kind: 'raw', status: 200, body: body as never },
		});
		const run = await world.run({
			items: customers(1),
			parameters: { ...issueParameters, operation: 'issueMultiple', count: 2 },
		});

		expect(run.error.message).toContain(sentence);
		expect(run.error.context.data.outcome).toBe('unknown');
	});
});

/** All of an execution, as n8n saves it: errors by their `toJSON`, and their own fields as well. */
function serialize(value: unknown): string {
	const seen = new Set<object>();
	return JSON.stringify(value, (_, inner: unknown) => {
		if (typeof inner !== 'object' || inner === null) return inner;
		if (seen.has(inner)) return undefined;
		seen.add(inner);
		return inner instanceof Error
			? { ...inner, message: inner.message, stack: inner.stack }
			: inner;
	});
}
