import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

import { codeKey, codeOf } from '../../shared/answer/couponCode';
import type { ApiError } from '../../shared/problem/ApiError';
import { CallError, type Failure, type Problem } from '../../shared/problem/Problem';
import { callError, saysNotFound } from '../../shared/problem/rules';
import { describe } from '../../shared/problem/sentences';
import { readCoupons } from '../lookups/readCoupons';
import type { Lookup } from '../parameters/values';
import type { Item, Result } from '../run/Operation';
import { carriedOutBy } from './carriedOutBy';
import { discountText, endOf, pick } from './output';

/** `GET /v2/coupon`: coupons by code, ID or customer (API page "Get coupon details"). */
export const getCoupon: INodePropertyOptions = {
	name: 'Get Coupon',
	value: 'getCoupon',
	action: 'Get coupon',
	description: 'Look coupons up by code, coupon ID or customer ID. Changes nothing.',
	routing: {
		request: { method: 'GET', url: '/v2/coupon' },
		...carriedOutBy({ work: 'read', perform }),
	},
};

/** So many codes or IDs stand in an error's description. */
const MOST_NAMED = 5;

async function perform({ request, values, send, toErrorOutput }: Item): Promise<Result> {
	const { by, values: asked } = values.lookup;
	const {
		coupons: found,
		errors: apiErrors,
		failures,
	} = await readCoupons(send, request, values.lookup);
	const serious = failures.find((failure) => !isMiss(failure));
	if (serious) throw new CallError(serious);
	if (found.length === 0 && failures[0]) {
		const { hint } = describe(failures[0], 'read');
		throw new CallError({ ...failures[0], hint: `${notFound(values.lookup)}${hint}` });
	}

	const errors = errorsForMissing(values.lookup, found, apiErrors);
	const partial: Problem | undefined = errors[0] && {
		fault: 'partial',
		httpStatus: 200,
		code: errors[0].code,
		apiMessage: apiErrors[0]?.message,
		sentence: missingSentence(values.lookup, found),
		hint: hintForMissing(values.lookup, found),
		errors,
	};
	if (found.length === 0 && partial) {
		const sentence = 'No coupon was found';
		const hint = `${notFound(values.lookup)}Check 'Lookup Values'.`;
		throw callError({ ...partial, fault: 'refused', sentence, hint }, false);
	}

	const coupons = by === 'couponCodes' ? inOrder(found, asked) : found;
	const items = values.simplify ? coupons.map(simplified) : coupons;
	// On the error output, an item of its own says what is missing.
	const addErrors = errors.length > 0 && !toErrorOutput;
	return { items: addErrors ? items.map((item) => ({ ...item, errors })) : items, partial };
}

/** The API does not say which of several IDs it does not know. */
function hintForMissing({ by, values }: Lookup, found: IDataObject[]): string {
	const missing = by === 'couponCodes' ? missingCodes(values, found) : [];
	return `The ones found come out as items. ${notFound({ by, values: missing })}Check the others in 'Lookup Values'.`;
}

/** Names codes or IDs that do not exist. Of customers, it is not known which one has no coupon. */
function notFound({ by, values }: Lookup): string {
	if (by === 'issuedToIds' || values.length === 0) return '';
	const named = values.slice(0, MOST_NAMED).map((value) => value.slice(0, 40));
	const more = values.length > MOST_NAMED ? ` and ${values.length - MOST_NAMED} more` : '';
	return `Not found: ${named.join(', ')}${more}. `;
}

/** Whether a call says no more than that these coupons do not exist. */
function isMiss(failure: Failure): boolean {
	return saysNotFound(failure) && (failure.httpStatus ?? 0) < 400;
}

/** What is missing among the coupons that came: of codes which ones, of IDs only how many. */
function errorsForMissing(
	{ by, values }: Lookup,
	found: IDataObject[],
	apiErrors: ApiError[],
): ApiError[] {
	if (by === 'issuedToIds') return apiErrors;
	if (by === 'couponIds') {
		const missing = values.length - found.length;
		if (missing <= 0) return [];
		return apiErrors.length > 0 ? apiErrors : [{ message: `${missing} coupon IDs were not found` }];
	}
	const { code, message = 'not found' } = apiErrors[0] ?? {};
	return missingCodes(values, found).map((value) => ({ code, message: `${value}: ${message}` }));
}

function missingSentence({ by, values }: Lookup, found: IDataObject[]): string {
	if (by === 'issuedToIds') return 'Not all coupons of these customers could be read';
	const missing =
		by === 'couponIds' ? values.length - found.length : missingCodes(values, found).length;
	return `${values.length - missing} of ${values.length} coupons were found`;
}

function missingCodes(codes: string[], found: IDataObject[]): string[] {
	const foundCodes = new Set(found.map(({ code }) => codeKey(code)));
	return codes.filter((code) => !foundCodes.has(codeKey(code)));
}

function inOrder(coupons: IDataObject[], codes: string[]): IDataObject[] {
	const places = new Map(codes.map((code, place) => [codeKey(code), place]));
	const placeOf = ({ code }: IDataObject) => places.get(codeKey(code)) ?? codes.length;
	return [...coupons].sort((a, b) => placeOf(a) - placeOf(b));
}

function simplified(coupon: IDataObject): IDataObject {
	return {
		code: codeOf(coupon),
		...pick(coupon, ['seriesId', 'description']),
		...discountText(coupon),
		...pick(coupon, ['discountType', 'discountValue', 'discountUpto', 'discountCode']),
		...pick(coupon, ['discountOn']),
		...endOf(coupon),
		...pick(coupon, ['couponIssualDetails', 'couponSeries']),
	};
}
