import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import { listIn } from '../../shared/answer/body';
import { errorsOfV2 } from '../../shared/answer/envelope';
import type { ApiError } from '../../shared/problem/ApiError';
import type { Failure } from '../../shared/problem/Problem';
import { failureOf } from '../../shared/problem/rules';
import type { Lookup } from '../parameters/values';
import type { Send } from '../run/Operation';
import { inParts } from './inParts';

/** So many values keep the URL below the lengths that gateways refuse. */
export const VALUES_PER_CALL = 100;
/** A customer can have thousands of coupons, each with kilobytes of its series' details. */
const CUSTOMERS_PER_CALL = 10;

/** What the calls have found; what the API says is missing; the calls without a good answer. */
interface FoundCoupons {
	coupons: IDataObject[];
	errors: ApiError[];
	failures: Failure[];
}

/**
 * `GET /v2/coupon` (API page "Get coupon details"), as many calls as the values need. That none of the
 * coupons of one call exists must not hide what the others find, so failures do not throw.
 *
 * @param request with the options in its query
 */
export async function readCoupons(
	send: Send,
	request: IHttpRequestOptions,
	{ by, values }: Lookup,
): Promise<FoundCoupons> {
	const size = by === 'issuedToIds' ? CUSTOMERS_PER_CALL : VALUES_PER_CALL;
	const parts = await Promise.all(
		inParts(values, size).map(
			async (part) => await readPart(send, { ...request, qs: { ...request.qs, [by]: part } }),
		),
	);
	return {
		coupons: parts.flatMap(({ coupons }) => coupons),
		errors: parts.flatMap(({ errors }) => errors),
		failures: parts.flatMap(({ failures }) => failures),
	};
}

async function readPart(send: Send, request: IHttpRequestOptions): Promise<FoundCoupons> {
	try {
		const body = await send({ request, isWrite: false, findResults });
		return { coupons: listIn(body.data, 'coupon'), errors: errorsOfV2(body), failures: [] };
	} catch (error) {
		const failure = failureOf(error, 'unreadable', false);
		const { code, apiMessage: message } = failure;
		return { coupons: [], errors: [{ code, message }], failures: [failure] };
	}
}

function findResults({ data }: IDataObject): IDataObject[] | undefined {
	return Array.isArray(data) ? listIn(data, 'coupon') : undefined;
}
