import type {
	IDataObject,
	IHttpRequestOptions,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import { checkChosen } from '../fields/chosen';
import { checkCount, count } from '../fields/count';
import { customerOf, customerToBody } from '../fields/customer';
import { checkMetadata, metadata } from '../fields/metadata';
import { issueNotice } from '../fields/notice';
import { optionsOf } from '../fields/options';
import { seriesToBody } from '../fields/series';
import { DISCOUNT, isSimplified, pick, simplifyOf } from '../fields/simplify';
import { isObject, listIn } from '../response/body';
import { errorsOfV2 } from '../response/envelope';
import { CallProblem, type Problem } from '../response/Problem';
import { perItem } from '../transport/perItem';

/** `POST /v2/coupon/issue/multiple`: up to 500 coupons of a series to one customer (API page "Issue multiple coupons"). */
export const issueMultiple: INodePropertyOptions = {
	name: 'Issue Multiple Coupons',
	value: 'issueMultiple',
	action: 'Issue multiple coupons to customer',
	description:
		'Give several new coupons of a series to one customer. Every run issues further coupons.',
	routing: {
		request: { method: 'POST', url: '/v2/coupon/issue/multiple' },
		send: { paginate: true },
		operations: {
			pagination: perItem({
				issues: true,
				maps: [
					seriesToBody,
					customerToBody,
					checkCount,
					checkChosen(metadata, { emptyText: true }),
					checkMetadata,
					isSimplified,
				],
				customer: customerOf,
				findResults,
				async perform(context, request, send) {
					const body = await send(request);
					const coupons = couponsIn(body);
					const missing = missingIn(body, request);
					if (coupons.length === 0) throw new CallProblem({ ...missing, fault: 'refused' });
					const items = isSimplified(context) ? simplified(body, request, missing) : [body];
					return { items, codes: coupons.map(({ code }) => String(code)), partial: missing };
				},
			}),
		},
	},
};

export const issueMultipleFields: INodeProperties[] = [
	count,
	simplifyOf('issueMultiple'),
	metadata,
	optionsOf('issueMultiple'),
	issueNotice('issueMultiple'),
];

function findResults(body: IDataObject): IDataObject[] | undefined {
	const coupons = couponsIn(body);
	if (coupons.length > 0) return coupons;
	// An answer without coupons is only understood when it says itself that none was issued.
	return Number(body.successCount ?? NaN) === 0 ? [] : undefined;
}

function couponsIn({ coupons }: IDataObject): IDataObject[] {
	return listIn(coupons, 'coupon').filter(({ code }) => code !== undefined && code !== '');
}

/** Judged by the coupons and counts in the answer: the codes alone do not tell a partial success. */
function missingIn(body: IDataObject, { body: asked }: IHttpRequestOptions): Problem | undefined {
	const wanted = (asked as { count: number }).count;
	const issued = couponsIn(body).length;
	if (issued >= wanted && !(Number(body.failureCount) > 0)) return undefined;
	const errors = errorsOfV2(body);
	const sentence = `${issued} of ${wanted} coupons were issued`;
	return {
		fault: 'partial',
		httpStatus: 200,
		code: errors[0]?.code,
		apiMessage: errors[0]?.message,
		errors: errors.length > 0 ? errors : [{ message: sentence }],
		sentence,
		hint: "The issued ones come out as items. Look at the series' limits before you issue the others.",
	};
}

function simplified(
	body: IDataObject,
	request: IHttpRequestOptions,
	missing: Problem | undefined,
): IDataObject[] {
	const config = isObject(body.couponConfig) ? body.couponConfig : {};
	const customer = isObject(body.customer) ? body.customer : {};
	const shared = {
		// The answer does not name the series: `couponConfig.id` is 0.
		seriesId: (request.body as IDataObject).seriesId,
		...pick(config, ['description', ...DISCOUNT]),
		customerId: customer.id,
		...pick(body, ['totalCount', 'successCount', 'failureCount']),
		...(missing ? { errors: missing.errors } : {}),
	};
	return couponsIn(body).map(({ code, couponId }) => ({ code, couponId, ...shared }));
}
