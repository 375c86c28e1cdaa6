import type { RateLimit } from '../../sandbox/types';
import { basic, Client, useSandbox, withToken } from './helpers';

describe('rate limit', () => {
	const start = Date.parse('2026-01-01T00:00:00Z');
	let time = start;
	const { sandbox, client } = useSandbox({ now: () => time });
	afterEach(() => {
		time = start;
	});

	const limit = (more: Partial<RateLimit> = {}) =>
		sandbox.configure({ rateLimit: { calls: 2, windowMs: 10_000, ...more } });
	const statuses = async (times: number, by = client) => {
		const found: number[] = [];
		for (let i = 0; i < times; i++) found.push((await by.issue(868760)).status);
		return found;
	};

	it('issues nothing beyond the limit, and goes on with the next window', async () => {
		limit();
		expect(await statuses(4)).toEqual([200, 200, 429, 429]);
		expect(sandbox.ledger).toHaveLength(2);
		expect(sandbox.stats.byOutcome.rateLimited).toBe(2);
		time += 10_000;
		expect(await statuses(3)).toEqual([200, 200, 429]);
		expect(sandbox.ledger).toHaveLength(4);
	});

	it('counts per key', async () => {
		const other = new Client(sandbox, basic('noseries.till', 'loopback-only'));
		const token = withToken(sandbox, await client.token());
		limit();
		expect(await statuses(3)).toEqual([200, 200, 429]);
		expect(await statuses(3, other)).toEqual([200, 200, 429]);
		expect(await statuses(3, token)).toEqual([200, 200, 429]);
	});

	it('can slide', async () => {
		limit({ window: 'sliding' });
		expect(await statuses(1)).toEqual([200]);
		time += 6_000;
		expect(await statuses(2)).toEqual([200, 429]);
		time += 4_000;
		expect(await statuses(2)).toEqual([200, 429]);
	});

	it('tells how long to wait, in three ways', async () => {
		const retryAfter = async (form: RateLimit['retryAfter']) => {
			limit({ calls: 0, retryAfter: form });
			return (await client.issue(868760)).headers.get('retry-after');
		};
		expect(await retryAfter('seconds')).toBe('10');
		expect(await retryAfter('date')).toBe('Thu, 01 Jan 2026 00:00:10 GMT');
		expect(await retryAfter('none')).toBeNull();
	});

	it.each([86400, 'Thu, 01 Jan 2099 00:00:00 GMT', '-5', 'soon'])(
		'sends any other Retry-After as it is: %s',
		async (retryAfter) => {
			limit({ calls: 0, retryAfter });
			const { headers } = await client.issue(868760);
			expect(headers.get('retry-after')).toBe(String(retryAfter));
		},
	);

	it('can be slow with the first call after it, and only with that', async () => {
		sandbox.configure({ slowAfterLimitMs: 60_000 });
		limit();
		expect(await statuses(3)).toEqual([200, 200, 429]);
		time += 10_000;
		const caller = new AbortController();
		const slow = client.issue(868760, { id: 98662653 }, caller.signal);
		while (sandbox.calls.length < 4) await client.get('/__sandbox');
		expect(await statuses(1)).toEqual([200]);
		expect(sandbox.calls[3]).toMatchObject({ outcome: 'open', workDone: false });
		caller.abort();
		await expect(slow).rejects.toThrow();
	});

	it('answers JSON, HTML or nothing', async () => {
		const body = async (form: RateLimit['body']) => {
			limit({ calls: 0, body: form });
			return (await client.issue(868760)).text;
		};
		expect(JSON.parse(await body('json'))).toHaveProperty('errors.0.code', 429);
		expect(await body('html')).toContain('<html>');
		expect(await body('empty')).toBe('');
	});
});
