import type { Reply } from './helpers';
import { at, errorCode, json, useSandbox } from './helpers';

const LENA = { id: '345635529' };

describe('POST /v2/coupon/revoke', () => {
	const { sandbox, client } = useSandbox();

	const revoke = async (body: unknown, query = '') =>
		await client.post(`/v2/coupon/revoke${query}`, body);
	const give = (seriesId: number, count = 1) =>
		(sandbox.give({ customer: LENA, seriesId, count }) ?? []).map(({ code }) => code);
	const revoked = (reply: Reply) =>
		(at(reply, 'entity.revokedCoupons') as Array<{ couponCode: string }>).map(
			({ couponCode }) => couponCode,
		);

	it('takes coupons back and tells what it could not, with success all the same', async () => {
		const [first = '', used = ''] = give(868760, 2);
		sandbox.redeem(used);
		const reply = await revoke({
			couponSeriesId: 868760,
			couponCodes: [first, 'NOPE', used, 'abAB123'],
		});
		expect(reply.status).toBe(200);
		expect(json(reply)).toEqual({
			entity: {
				totalCount: 4,
				failedCount: 3,
				revokedCoupons: [
					{ couponId: expect.any(Number), couponCode: first, issuedToUserId: 345635529 },
				],
				failedToRevoke: [
					{ errorCode: 682, errorMessage: 'Coupon not found ', couponCodes: ['NOPE', 'ABAB123'] },
					{ errorCode: 405, errorMessage: 'Coupon already redeemed', couponCodes: [used] },
				],
			},
			warnings: [],
			errors: [],
			success: true,
		});
		expect(sandbox.calls.at(-1)).toMatchObject({ outcome: 'partial', workDone: true });
	});

	it('says success also when every code failed', async () => {
		const reply = await revoke({ couponCodes: ['NOPE'] });
		expect(json(reply)).toMatchObject({
			entity: { totalCount: 1, failedCount: 1, revokedCoupons: [] },
			success: true,
		});
		expect(sandbox.calls.at(-1)?.outcome).toBe('refused');
	});

	it('calls a coupon that was revoked before not found', async () => {
		const couponCodes = give(868760);
		expect(revoked(await revoke({ couponCodes }))).toEqual(couponCodes);
		const again = await revoke({ couponCodes });
		expect(at(again, 'entity.failedToRevoke.0.errorCode')).toBe(682);
	});

	it('shows a revoked coupon as gone, and keeps it in the ledger', async () => {
		const code = at(await client.issue(868760, LENA), 'code');
		await revoke({ couponCodes: [code] });
		expect(errorCode(await client.get(`/v2/coupon?couponCodes=${code}`))).toBe(780);
		const list = await client.get('/v1.1/customer/coupons?id=345635529');
		expect(at(list, 'response.pagination.total')).toBe(0);
		expect(sandbox.ledger[0]?.revokedAt).toEqual(expect.any(Number));
		expect(at(await client.get('/__sandbox/stats'), 'revoked')).toBe(1);
	});

	it.each([
		[{ mobile: '1234512345' }],
		[{ email: 'dead.fool@example.com' }],
		[{ externalId: '12341234' }],
		[{ id: 566881933 }],
	])('takes back all unredeemed coupons of a series from %j', async (customer) => {
		sandbox.give({ customer: { id: '566881933' }, seriesId: 868760, count: 2 });
		sandbox.redeem('5875447216353555');
		const reply = await revoke({ customer, couponSeriesId: 868760 });
		expect(json(reply)).toMatchObject({ entity: { totalCount: 2, failedCount: 0 } });
		const left = await client.get('/v1.1/customer/coupons?id=566881933');
		expect(at(left, 'response.pagination.total')).toBe(2);
	});

	it('takes up to 50 codes', async () => {
		const codes = give(868760, 51);
		const body = { couponSeriesId: 868760, couponCodes: codes };
		expect(errorCode(await revoke(body))).toBe(629);
		expect(revoked(await revoke({ ...body, couponCodes: codes.slice(1) }))).toHaveLength(50);
	});

	it('takes up to 100 coupons of a customer', async () => {
		give(868760, 101);
		const body = { couponSeriesId: 868760, customer: LENA };
		expect(errorCode(await revoke(body))).toBe(629);
		await revoke({ couponCodes: give(868760) });
		await revoke({ couponCodes: [sandbox.state.couponsOf(345635529)[0]?.code] });
		expect(revoked(await revoke(body))).toHaveLength(100);
	});

	it.each([
		['a generic series', { couponCodes: ['DECATH10'], couponSeriesId: 239821 }, 108],
		['an expired series', { couponCodes: ['vmqvzcvymt'] }, 712],
		['an expired series of a customer', { customer: LENA, couponSeriesId: 68579 }, 712],
		['neither code nor customer', { couponSeriesId: 868760 }, 756],
		['empty codes', { couponSeriesId: 868760, couponCodes: [''] }, 756],
		['several codes without a series', { couponCodes: ['6WRNA5UM', 'abAB123'] }, 756],
		['a customer without a series', { customer: LENA }, 756],
		['an unknown series', { couponCodes: ['6WRNA5UM'], couponSeriesId: 1 }, 707],
		['an unknown customer', { customer: { id: 1 }, couponSeriesId: 868760 }, 701],
	])('refuses %s', async (_what, body, code) => {
		const reply = await revoke(body);
		expect(reply.status).toBe(200);
		expect(json(reply)).toEqual({
			warnings: [],
			errors: [{ status: false, code, message: expect.any(String) }],
			success: false,
		});
		expect(sandbox.calls.at(-1)).toMatchObject({ outcome: 'refused' });
		expect(sandbox.state.revokedCount).toBe(0);
	});

	it('knows a generic code without its series', async () => {
		give(239821);
		expect(errorCode(await revoke({ couponCodes: ['DECATH10'] }))).toBe(108);
	});

	it('calls a body that is no JSON a faulty request', async () => {
		expect((await revoke('{"couponCodes":')).status).toBe(400);
	});

	it.each([
		['', 'ABAB123', 'X1'],
		['?couponCodeCase=UPPER', 'ABAB123', 'X1'],
		['?couponCodeCase=LOWER', 'abab123', 'x1'],
		['?couponCodeCase=AS_IT_IS', 'abAB123', 'x1'],
	])('writes codes in the case of "%s"', async (query, found, missing) => {
		const body = { couponCodes: ['ABab123', 'x1'], couponSeriesId: 544770 };
		const reply = await revoke(body, query);
		expect(revoked(reply)).toEqual([found]);
		expect(at(reply, 'entity.failedToRevoke.0.couponCodes')).toEqual([missing]);
	});

	it('can answer without entity and with the misspelt keys', async () => {
		sandbox.configure({ revokeForm: 'bare' });
		const [first = '', used = ''] = give(868760, 2);
		sandbox.redeem(used);
		const body = { couponSeriesId: 868760, couponCodes: [first, 'NOPE', used] };
		expect(json(await revoke(body))).toEqual({
			totalCount: 3,
			failedCount: 2,
			revokedCoupons: [expect.objectContaining({ couponCode: first })],
			failedToRevoke: [
				{ errroCode: 404, errorMessage: 'Coupon not found ', couponCodes: ['NOPE'] },
				{ errrorCode: 405, errorMessage: 'Coupon already redeemed', couponCodes: [used] },
			],
			warnings: [],
			errors: [],
			success: true,
		});
	});

	it('meets faults as the issue calls do', async () => {
		const couponCodes = give(868760);
		sandbox.faults.add({ fault: { kind: 'lostAfter' } });
		await expect(revoke({ couponCodes })).rejects.toThrow();
		expect(sandbox.state.revokedCount).toBe(1);
	});
});
