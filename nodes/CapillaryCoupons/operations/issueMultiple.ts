import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

import { isObject, listIn } from '../../shared/answer/body';
import { errorsOfV2 } from '../../shared/answer/envelope';
import type { Problem } from '../../shared/problem/Problem';
import { callError } from '../../shared/problem/rules';
import type { Values } from '../parameters/values';
import { executeItem } from '../run/executeItem';
import { customerIn, discountText, idOf, pick } from './output';

/** `POST /v2/coupon/issue/multiple`: up to 500 coupons of a series to one customer (API page "Issue multiple coupons"). */
export const issueMultiple: INodePropertyOptions = {
	name: 'Issue Multiple Coupons',
	value: 'issueMultiple',
	action: 'Issue multiple new coupons',
	description:
		'Issue several new coupons of a series to one customer. Every run issues further coupons.',
	routing: {
		request: { method: 'POST', url: '/v2/coupon/issue/multiple' },
		send: { paginate: true },
		operations: {
			pagination: executeItem({
				work: 'issue',
				async perform({ request, values, send }) {
					const body = await send({ request, isWrite: true, findResults });
					const coupons = couponsIn(body);
					const partial = missingIn(body, values.count);
					if (coupons.length === 0 && partial) {
						throw callError({ ...partial, fault: 'refused' }, true);
					}
					const items = values.simplify ? simplified(body, values, partial) : [body];
					return { items, codes: coupons.map(({ code }) => String(code)), partial };
				},
			}),
		},
	},
};

/** Without coupons, an answer must say itself that none was issued. */
function findResults(body: IDataObject): IDataObject[] | 'unclear' | undefined {
	const coupons = couponsIn(body);
	if (coupons.length > 0) return coupons;
	const isListed = listIn(body.coupons, 'coupon').length > 0;
	if (isListed || toldIn(body) > 0) return 'unclear';
	return toldIn(body) === 0 ? [] : undefined;
}

/** How many were issued, as the answer says; NaN when it does not. */
function toldIn({ successCount }: IDataObject): number {
	return Number(successCount ?? NaN);
}

function couponsIn({ coupons }: IDataObject): IDataObject[] {
	return listIn(coupons, 'coupon').filter(
		({ code }) => typeof code === 'string' && code.trim() !== '',
	);
}

/** Judged by the coupons and counts in the answer: the codes alone do not tell a partial success. */
function missingIn(body: IDataObject, wanted: number): Problem | undefined {
	const issued = couponsIn(body).length;
	if (issued >= wanted && !(Number(body.failureCount) > 0) && !(toldIn(body) > issued)) {
		return undefined;
	}
	const errors = errorsOfV2(body);
	const sentence =
		toldIn(body) > issued
			? `Capillary says that it issued ${toldIn(body)} coupons, and names ${issued}`
			: `${issued} of ${wanted} coupons were issued`;
	return {
		fault: 'partial',
		httpStatus: 200,
		code: errors[0]?.code,
		apiMessage: errors[0]?.message,
		errors: errors.length > 0 ? errors : [{ message: sentence }],
		sentence,
		hint: "The issued ones come out as items. Check the series' limits before you issue the others.",
	};
}

function simplified(
	body: IDataObject,
	{ seriesId, includeCustomer }: Values,
	partial: Problem | undefined,
): IDataObject[] {
	const config = isObject(body.couponConfig) ? body.couponConfig : {};
	const shared = {
		// The answer does not name the series: `couponConfig.id` is 0.
		seriesId,
		...pick(config, ['description']),
		...discountText(config),
		...pick(config, ['discountType', 'discountValue']),
		customerId: isObject(body.customer) ? idOf(body.customer.id) : undefined,
		...pick(body, ['successCount', 'failureCount']),
		...(partial ? { errors: partial.errors } : {}),
		...(includeCustomer ? { customer: customerIn(body.customer) } : {}),
	};
	return couponsIn(body).map(({ code, couponId }) => ({
		code,
		couponId: idOf(couponId),
		...shared,
	}));
}
