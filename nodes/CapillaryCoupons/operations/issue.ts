import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

import { isObject } from '../../shared/answer/body';
import { errorsOfV2 } from '../../shared/answer/envelope';
import type { Values } from '../parameters/values';
import { executeItem } from '../run/executeItem';
import { customerIn, discountText, endOf, idOf, pick } from './output';

/** `POST /v2/coupon/issue`: one coupon of a series to one customer (API page "Issue single coupon"). */
export const issue: INodePropertyOptions = {
	name: 'Issue Coupon',
	value: 'issue',
	action: 'Issue new coupon',
	description: 'Issue one new coupon of a series to a customer. Every run issues another coupon.',
	routing: {
		request: { method: 'POST', url: '/v2/coupon/issue' },
		send: { paginate: true },
		operations: {
			pagination: executeItem({
				work: 'issue',
				async perform({ request, values, send }) {
					const coupon = await send({ request, isWrite: true, findResults });
					const item = values.simplify ? simplified(coupon, values) : coupon;
					return { items: [item], codes: [String(coupon.code)] };
				},
			}),
		},
	},
};

/**
 * A body is a coupon when it has a code, and beside it the series or the customer it belongs to. With a
 * sign of failure in it as well, nobody can tell.
 */
function findResults(body: IDataObject): IDataObject[] | 'unclear' | undefined {
	const { code, seriesId, customer } = body;
	const isCoupon = typeof code === 'string' && code.trim() !== '';
	if (!isCoupon || !(Number(seriesId) > 0 || isObject(customer))) return undefined;
	return errorsOfV2(body).length > 0 ? 'unclear' : [body];
}

function simplified(coupon: IDataObject, { includeCustomer }: Values): IDataObject {
	const { warnings, customer, redemptionCount } = coupon;
	return {
		...pick(coupon, ['code', 'seriesId', 'description']),
		...discountText(coupon),
		...pick(coupon, ['discountType', 'discountValue', 'discountUpto', 'discountCode']),
		...endOf(coupon),
		customerId: isObject(customer) ? idOf(customer.id) : undefined,
		// A series may answer with the coupon that the customer already has, even a used one.
		...(Number(redemptionCount) > 0 ? { redemptionCount } : {}),
		...(Array.isArray(warnings) && warnings.length > 0 ? { warnings } : {}),
		...(includeCustomer ? { customer: customerIn(customer) } : {}),
	};
}
