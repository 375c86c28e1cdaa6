import { sleep } from 'n8n-workflow';

import { runNode } from '../support/engine';
import { GOOD, useServer } from '../support/useServer';

/** How long an item waits, and for what. */
const server = useServer();
const COUPON = { body: { code: 'A1', seriesId: 1 } };

describe('a 429 whose Retry-After is odd', () => {
	it.each([
		...['86400', '1e9', '999999999999', '-5', '0', 'soon', ''],
		...['Thu, 31 Dec 2099 23:59:59 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT'],
	])('%j: the call is tried again, and the next run is not kept out', async (retryAfter) => {
		const limited = { status: 429, headers: { 'retry-after': retryAfter } };
		server.answer((_, index) => (index < 2 ? limited : COUPON));
		const run = async (maxWait: number) =>
			await runNode({
				parameters: { ...GOOD.issue, options: { maxWait } },
				items: [{}],
				credentials: server.basic,
				credentialId: `odd ${retryAfter}`,
			});
		const first = await run(0);
		expect(first.error.context.data.outcome).toBe('refused');
		const next = await run(20);
		expect(next.error).toBeUndefined();
		expect(next.items[0].json.code).toBe('A1');
	});
});

describe("'Max Wait'", () => {
	/** Each page is refused once; there are six. */
	const sixPages = (refusal: object) =>
		server.answer(({ query }, index) => {
			if (index % 2 === 0) return refusal;
			const offset = Number(new URLSearchParams(query).get('offset') ?? 0);
			const coupon = Array.from({ length: 200 }, (_, n) => ({
				id: offset + n + 1,
				code: `C${offset + n}`,
			}));
			return {
				body: {
					response: {
						status: { success: 'true', code: 200 },
						pagination: { total: 1_200 },
						customers: { customer: [{ id: 1, coupons: { coupon } }] },
					},
				},
			};
		});

	it.each([
		['503', { status: 503 }, 1],
		['429', { status: 429, headers: { 'retry-after': '1' } }, 2],
	])('is one for all pages of a list (%s)', async (_, refusal, maxWait) => {
		sixPages(refusal);
		const { error } = await server.run({
			...GOOD.getCustomerCoupons,
			returnAll: true,
			options: { maxWait },
		});
		expect(error).toBeDefined();
		expect(server.calls.length).toBeGreaterThan(2);
		expect(server.calls.length).toBeLessThan(12);
	});

	it('is enough for six pages when it is longer', async () => {
		sixPages({ status: 503 });
		const { items, error } = await server.run({
			...GOOD.getCustomerCoupons,
			returnAll: true,
			options: { maxWait: 10 },
		});
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1_200);
	});

	it.each([
		['503', { status: 503 }],
		['429', { status: 429, headers: { 'retry-after': '1' } }],
	])('counts once what the parts of a lookup wait side by side (%s)', async (_, refusal) => {
		const codes = Array.from({ length: 1_000 }, (__, n) => `C${n}`);
		const seen = new Set<string>();
		server.answer(({ query }) => {
			if (!seen.has(query)) {
				seen.add(query);
				return refusal;
			}
			const asked = new URLSearchParams(query).getAll('couponCodes');
			return { body: { data: asked.map((code) => ({ code })) } };
		});
		const { items, error } = await server.run(
			{ ...GOOD.getCoupon, lookupValues: '={{ $json.codes }}', options: { maxWait: 3 } },
			[{ codes }],
		);
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1_000);
	});
});

describe('the call that tries first after a 429', () => {
	it('holds no other run beyond its own Max Wait, however slow it is', async () => {
		let release = () => {};
		const released = new Promise<void>((resolve) => (release = resolve));
		server.answer(async (_, index) => {
			if (index === 0) return { status: 429, headers: { 'retry-after': '1' } };
			if (index === 1) await released;
			return COUPON;
		});
		const run = async (maxWait: number, mobile: string) =>
			await runNode({
				parameters: { ...GOOD.issue, mobile, options: { maxWait } },
				items: [{}],
				credentials: server.basic,
				credentialId: 'slow first call',
			});
		const slow = run(60, '1');
		while (server.calls.length < 2) await sleep(5);
		// It ends while the slow call is still open: by an answer, or because it has waited enough.
		const other = await run(1, '2');
		if (other.error) expect(other.error.context.data.outcome).toBe('refused');
		else expect(other.items[0].json.code).toBe('A1');
		release();
		expect((await slow).items[0].json.code).toBe('A1');
	});
});
