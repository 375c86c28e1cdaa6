import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

import { isObject } from '../../shared/answer/body';
import { isNewCode } from '../../shared/answer/couponCode';
import { errorsOfV2 } from '../../shared/answer/envelope';
import type { DetailedCoupon } from '../lookups/couponsOfSeries';
import type { Values } from '../parameters/values';
import type { Item, Result, Send } from '../run/Operation';
import { carriedOutBy } from './carriedOutBy';
import { issueWithoutLooking, type Issued, issueOnce, newestHeld } from './issueOnce';
import { customerIdIn, customerIn, discountText, endOf, pick } from './output';

/** `POST /v2/coupon/issue`: one coupon of a series to one customer (API page "Issue single coupon"). */
export const issue: INodePropertyOptions = {
	name: 'Issue Coupon',
	value: 'issue',
	action: 'Issue new coupon',
	description:
		"Issue one new coupon of a series to a customer. Every run issues another coupon, unless 'Issue Once' is on.",
	routing: {
		request: { method: 'POST', url: '/v2/coupon/issue' },
		...carriedOutBy({ work: 'issue', perform, lookInto: newestHeld }),
	},
};

async function perform(item: Item): Promise<Result> {
	const { request, values } = item;
	const issueNew = async (send: Send) => await send({ request, isWrite: true, findResults });
	if (!values.issueOnce) {
		const coupon = await issueWithoutLooking(item, issueNew, issuedIn);
		return { items: [output(coupon, values)], codes: [String(coupon.code)] };
	}

	const once = await issueOnce(item, {
		wanted: 1,
		most: 1,
		issue: issueNew,
		issuedIn,
	});
	const { held, body, recovered, failure } = once;
	if (held[0]) return { items: [{ ...outputHeld(held[0], values), isNew: false }] };
	if (recovered[0]) {
		const found = outputHeld(recovered[0], values);
		const codes = [String(recovered[0].details.code)];
		return { items: [{ ...found, isNew: true, recovered: true }], codes };
	}
	if (!body) return { items: [], failure };
	const isNew = !once.wasThere(body.code) && !(Number(body.redemptionCount) > 0);
	return { items: [{ ...output(body, values), isNew }], codes: [String(body.code)] };
}

function issuedIn({ code, customer }: IDataObject): Issued {
	return { codes: [String(code)], count: 1, customerId: customerIdIn(customer) };
}

/**
 * A body is a coupon when it has a code, and beside it the series or the customer it belongs to. With a
 * sign of failure in it as well, nobody can tell.
 */
function findResults(body: IDataObject): IDataObject[] | 'unclear' | undefined {
	const { code, seriesId, customer } = body;
	if (!isNewCode(code) || !(Number(seriesId) > 0 || isObject(customer))) return undefined;
	// Its own code may look like that of a refusal.
	return errorsOfV2({ ...body, code: undefined }).length > 0 ? 'unclear' : [body];
}

function output(coupon: IDataObject, values: Values): IDataObject {
	return values.simplify ? simplified(coupon, values) : coupon;
}

/** A coupon that was there already, with the fields of a new one. */
function outputHeld({ coupon, customer, details }: DetailedCoupon, values: Values): IDataObject {
	if (!values.simplify) return details;
	const { redemption_count: redemptionCount } = coupon;
	return simplified({ ...details, customer, redemptionCount }, values);
}

function simplified(coupon: IDataObject, { includeCustomer }: Values): IDataObject {
	const { warnings, customer, redemptionCount } = coupon;
	return {
		...pick(coupon, ['code', 'seriesId', 'description']),
		...discountText(coupon),
		...pick(coupon, ['discountType', 'discountValue', 'discountUpto', 'discountCode']),
		...endOf(coupon),
		customerId: customerIdIn(customer),
		// A series may answer with the coupon that the customer already has, even a used one.
		...(Number(redemptionCount) > 0 ? { redemptionCount } : {}),
		...(Array.isArray(warnings) && warnings.length > 0 ? { warnings } : {}),
		...(includeCustomer ? { customer: customerIn(customer) } : {}),
	};
}
