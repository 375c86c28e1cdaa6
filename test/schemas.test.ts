import getCouponSchema from '../nodes/CapillaryCoupons/__schema__/v1.0.0/coupon/getCoupon.json';
import getCustomerCouponsSchema from '../nodes/CapillaryCoupons/__schema__/v1.0.0/coupon/getCustomerCoupons.json';
import issueSchema from '../nodes/CapillaryCoupons/__schema__/v1.0.0/coupon/issue.json';
import issueMultipleSchema from '../nodes/CapillaryCoupons/__schema__/v1.0.0/coupon/issueMultiple.json';
import revokeSchema from '../nodes/CapillaryCoupons/__schema__/v1.0.0/coupon/revoke.json';
import { issueParameters, World } from './promises/world';

type Properties = Record<string, { type: string | string[] }>;

function typeOf(value: unknown): string {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'array';
	return Number.isInteger(value) ? 'integer' : typeof value;
}

describe('the output schema that the editor shows before the first run', () => {
	it.each([
		['issue', {}, issueSchema],
		['issueMultiple', { count: 2 }, issueMultipleSchema],
		['getCoupon', { lookupBy: 'couponCodes', lookupValues: '={{ $json.code }}' }, getCouponSchema],
		['getCustomerCoupons', {}, getCustomerCouponsSchema],
		['revoke', { couponCodes: '={{ $json.code }}' }, revokeSchema],
	])('of %s is that of its real output', async (operation, parameters, schema) => {
		const world = await World.create();
		const items = [{ mobile: '1234512345' }];
		const issued = await world.run({ items });
		const run = await world.run({
			items: [{ ...items[0], code: issued.items[0].json.code }],
			parameters: { ...issueParameters, operation, ...parameters },
		});

		expect(run.error).toBeUndefined();
		const { json } = run.items[0];
		const properties = schema.properties as Properties;
		expect(Object.keys(json).sort()).toEqual(Object.keys(properties).sort());
		for (const [name, { type }] of Object.entries(properties)) {
			const allowed = [type].flat();
			if (allowed.includes('number')) allowed.push('integer');
			expect([name, allowed]).toEqual([name, expect.arrayContaining([typeOf(json[name])])]);
		}
	});
});
