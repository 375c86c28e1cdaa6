import type { IDataObject, IHttpRequestOptions, INodePropertyOptions } from 'n8n-workflow';

import { listIn } from '../../shared/answer/body';
import { badInput } from '../../shared/problem/Problem';
import { type HeldCoupon, readCustomerCoupons } from '../lookups/readCustomerCoupons';
import { executeItem } from '../run/executeItem';

/** `GET /v1.1/customer/coupons`: the coupons that a customer holds or held (API page "Get customer coupons"). */
export const getCustomerCoupons: INodePropertyOptions = {
	name: 'Get Customer Coupons',
	value: 'getCustomerCoupons',
	action: 'Get coupons of customer',
	description: 'List the coupons of a customer with their redemptions. Changes nothing.',
	routing: {
		request: { method: 'GET', url: '/v1.1/customer/coupons' },
		send: { paginate: true },
		operations: {
			pagination: executeItem({
				work: 'read',
				check: checkDates,
				async perform({ request, values, send }) {
					const wanted = values.returnAll ? Infinity : values.limit;
					const { coupons } = await readCustomerCoupons(send, request, wanted);
					return { items: coupons.map(values.simplify ? simplified : raw) };
				},
			}),
		},
	},
};

function checkDates({ qs = {} }: IHttpRequestOptions): void {
	const { start_date: start, end_date: end } = qs;
	if (start && end && start > end) {
		throw badInput("'Start Date' is after 'End Date'", "Swap them under 'Filters'.");
	}
}

function raw({ coupon, customer }: HeldCoupon): IDataObject {
	return { ...coupon, customer };
}

function simplified({ coupon, customer }: HeldCoupon): IDataObject {
	const properties = listIn(coupon.custom_properties, 'custom_property');
	return {
		id: coupon.id,
		code: coupon.code,
		seriesId: coupon.series_id,
		seriesName: coupon.series_name,
		redemptionCount: coupon.redemption_count,
		createdDate: coupon.created_date,
		validTill: coupon.valid_till,
		transactionNumber: coupon.transaction_number,
		issuedAt: coupon.issued_at,
		purpose: coupon.purpose,
		customProperties: Object.fromEntries(
			properties
				.filter(({ name }) => name !== undefined && name !== '__proto__')
				.map(({ name, value }) => [String(name), value]),
		),
		redemptions: listIn(coupon.redemptions, 'redemption'),
		customerId: customer.id,
	};
}
