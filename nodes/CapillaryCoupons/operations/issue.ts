import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

import { customerOf, customerToBody } from '../fields/customer';
import { issueNotice } from '../fields/notice';
import { optionsOf } from '../fields/options';
import { seriesToBody } from '../fields/series';
import { DISCOUNT, isSimplified, pick, simplifyOf } from '../fields/simplify';
import { isObject } from '../response/body';
import { perItem } from '../transport/perItem';

/** `POST /v2/coupon/issue`: one coupon of a series to one customer (API page "Issue single coupon"). */
export const issue: INodePropertyOptions = {
	name: 'Issue Coupon',
	value: 'issue',
	action: 'Issue coupon to customer',
	description: 'Give one new coupon of a series to a customer. Every run issues another coupon.',
	routing: {
		request: { method: 'POST', url: '/v2/coupon/issue' },
		send: { paginate: true },
		operations: {
			pagination: perItem({
				issues: true,
				maps: [seriesToBody, customerToBody, isSimplified],
				customer: customerOf,
				findResults: (body) => (codeOf(body) ? [body] : undefined),
				async perform(context, request, send) {
					const body = await send(request);
					const item = isSimplified(context) ? simplified(body) : body;
					return { items: [item], codes: [codeOf(body)] };
				},
			}),
		},
	},
};

export const issueFields = [simplifyOf('issue'), optionsOf('issue'), issueNotice('issue')];

function codeOf({ code }: IDataObject): string {
	return typeof code === 'string' || typeof code === 'number' ? String(code) : '';
}

function simplified(body: IDataObject): IDataObject {
	const { warnings, customer } = body;
	return {
		...pick(body, ['code', 'seriesId', 'description', ...DISCOUNT]),
		// The exact end where the API sends it: `validTill` only marks the day.
		validTill: body.validTillDateTime ?? body.validTill,
		customerId: isObject(customer) ? customer.id : undefined,
		...(Array.isArray(warnings) && warnings.length > 0 ? { warnings } : {}),
	};
}
