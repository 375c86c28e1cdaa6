import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import { isObject, listIn, numberIn } from '../../shared/answer/body';
import { type Page, readPages } from '../../shared/client/readPages';
import { callError } from '../../shared/problem/rules';
import type { Send } from '../run/Operation';

/** A coupon as API page "Get customer coupons" has it, and the customer that it stands in. */
export interface HeldCoupon {
	coupon: IDataObject;
	/** Without the list of coupons. */
	customer: IDataObject;
}

/**
 * `GET /v1.1/customer/coupons`, page after page.
 *
 * @param request with the customer and the filters in its query
 * @param wanted how many coupons at most
 * @returns the coupons, and the customers of the answer, also those without any
 * @throws CallError also when the rest of a list cannot be read: a shortened list would look complete
 */
export async function readCustomerCoupons(
	send: Send,
	request: IHttpRequestOptions,
	wanted = Infinity,
): Promise<{ coupons: HeldCoupon[]; customers: IDataObject[] }> {
	const customers = new Map<string, IDataObject>();
	const { items, missing } = await readPages<HeldCoupon>(
		async (limit, offset) => {
			const page = await readPage(send, request, limit, offset);
			for (const customer of page.customers)
				customers.set(customer.id ? String(customer.id) : JSON.stringify(customer), customer);
			return page;
		},
		keysOf,
		wanted,
	);
	if (missing > 0) {
		const problem = {
			fault: 'refused' as const,
			sentence: `Capillary returned ${items.length} of the customer's coupons, ${missing} more cannot be read`,
			hint: "Narrow the list under 'Filters', for example by date, and read it in parts.",
		};
		throw callError(problem, false);
	}
	return { coupons: items, customers: [...customers.values()] };
}

/** One page of the same. @throws CallError */
export async function readPage(
	send: Send,
	request: IHttpRequestOptions,
	limit: number,
	offset = 0,
): Promise<Page<HeldCoupon> & { customers: IDataObject[] }> {
	const qs = { ...request.qs, limit, ...(offset > 0 ? { offset } : {}) };
	const body = await send({ request: { ...request, qs }, isWrite: false, findResults });
	const response = body.response as IDataObject;
	const customers: IDataObject[] = [];
	const items = listIn(response.customers, 'customer').flatMap((one) => {
		const { coupons, ...customer } = one;
		customers.push(customer);
		return listIn(coupons, 'coupon').map((coupon) => ({ coupon, customer }));
	});
	return { items, total: totalOf(response), customers };
}

/** By ID and code; without an ID by all that is in a coupon, and its number among equal ones. */
function keysOf(page: HeldCoupon[]): string[] {
	const equals = new Map<string, number>();
	return page.map(({ coupon, customer }) => {
		if (coupon.id) return `${String(customer.id)} ${String(coupon.id)} ${String(coupon.code)}`;
		const whole = JSON.stringify([customer.id, coupon]);
		const count = (equals.get(whole) ?? 0) + 1;
		equals.set(whole, count);
		return `${count} ${whole}`;
	});
}

function findResults({ response }: IDataObject): IDataObject[] | undefined {
	return isObject(response) && (isObject(response.status) || 'customers' in response)
		? listIn(response.customers, 'customer')
		: undefined;
}

function totalOf({ pagination }: IDataObject): number | undefined {
	const total = isObject(pagination) ? numberIn(pagination.total) : NaN;
	return Number.isInteger(total) && total >= 0 ? total : undefined;
}
