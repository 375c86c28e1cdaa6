import type { IDataObject, IHttpRequestOptions, INodePropertyOptions } from 'n8n-workflow';

import { listIn } from '../../shared/answer/body';
import { codeOf } from '../../shared/answer/couponCode';
import { badInput } from '../../shared/problem/rules';
import { type HeldCoupon, readCustomerCoupons } from '../lookups/readCustomerCoupons';
import type { Values } from '../parameters/values';
import { carriedOutBy } from './carriedOutBy';
import { camelCased, customerIn, idOf } from './output';
import { withOffset } from './withOffset';

/** `GET /v1.1/customer/coupons`: what a customer holds or held (API page "Get customer coupons"). */
export const getCustomerCoupons: INodePropertyOptions = {
	name: 'Get Customer Coupons',
	value: 'getCustomerCoupons',
	action: 'Get customer coupons',
	description: 'List the coupons of a customer with their redemptions. Changes nothing.',
	routing: {
		request: { method: 'GET', url: '/v1.1/customer/coupons' },
		...carriedOutBy({
			work: 'read',
			checkInput: checkDates,
			async perform({ request, values, send }) {
				const wanted = values.returnAll ? Infinity : values.limit;
				const { coupons, customers } = await readCustomerCoupons(send, request, wanted);
				if (coupons.length === 0 && values.includeWithoutCoupons) {
					return { items: [withoutCoupons(values, customers[0])] };
				}
				const output = values.simplify ? simplified : raw;
				return { items: coupons.map((coupon) => output(coupon, values)) };
			},
		}),
	},
};

function checkDates({ qs = {} }: IHttpRequestOptions): void {
	const { start_date: start, end_date: end } = qs;
	if (start && end && start > end) {
		throw badInput("'Start Date' is after 'End Date'", "Swap them under 'Filters'.");
	}
}

function raw({ coupon, customer }: HeldCoupon, values: Values): IDataObject {
	return { ...coupon, ...held(values), customer };
}

/** Beside items for customers without coupons: an IF may ask for `hasCoupons` being true. */
function held({ includeWithoutCoupons }: Values): IDataObject {
	return includeWithoutCoupons ? { hasCoupons: true } : {};
}

function simplified({ coupon, customer }: HeldCoupon, values: Values): IDataObject {
	const { includeCustomer, serverTimeZone } = values;
	const properties = listIn(coupon.custom_properties, 'custom_property');
	const { valid_till: validTill } = coupon;
	return {
		id: idOf(coupon.id),
		code: codeOf(coupon),
		...held(values),
		seriesId: idOf(coupon.series_id),
		seriesName: coupon.series_name,
		redemptionCount: coupon.redemption_count,
		createdDate: coupon.created_date,
		validTill: serverTimeZone ? withOffset(validTill, serverTimeZone) : validTill,
		customProperties: Object.fromEntries(
			properties
				.filter(({ name }) => name !== undefined && name !== '__proto__')
				.map(({ name, value }) => [String(name), value]),
		),
		redemptions: listIn(coupon.redemptions, 'redemption').map(camelCased),
		customerId: idOf(customer.id),
		...(includeCustomer ? { customer: customerIn(customer) } : {}),
	} as IDataObject;
}

/** One item for a customer with no coupon, with the identifier that was asked for. */
function withoutCoupons(
	{ customer, includeCustomer }: Values,
	answered: IDataObject | undefined,
): IDataObject {
	const { type = 'id', value } = customer ?? {};
	return {
		hasCoupons: false,
		...(answered ? { customerId: idOf(answered.id) } : {}),
		[type === 'id' ? 'customerId' : type]: value,
		...(includeCustomer ? { customer: customerIn(answered) } : {}),
	};
}
