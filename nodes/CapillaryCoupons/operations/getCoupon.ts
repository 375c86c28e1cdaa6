import type {
	IDataObject,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import { checkChosen } from '../fields/chosen';
import { lookup, type LookupBy, lookupOf, lookupToQuery } from '../fields/lookup';
import { optionsOf } from '../fields/options';
import { DISCOUNT, isSimplified, pick, simplifyOf } from '../fields/simplify';
import { listIn } from '../response/body';
import { type ApiError, errorsOfV2 } from '../response/envelope';
import { CallProblem, type Problem, problemOf } from '../response/Problem';
import { perItem, type Result, type Send } from '../transport/perItem';

/** So many values keep the URL below the lengths that gateways refuse. */
const VALUES_PER_CALL = 100;

const options = optionsOf('getCoupon', [
	{
		displayName: 'Coupon Code Case',
		name: 'couponCodeCase',
		type: 'options',
		options: [
			{ name: 'As It Is', value: 'AS_IT_IS', description: 'As the code was made' },
			{ name: 'Lower', value: 'LOWER' },
			{ name: 'Upper', value: 'UPPER' },
		],
		default: 'UPPER',
		description: 'The letter case of the codes that come back. The search itself ignores case.',
		routing: { send: { type: 'query', property: 'coupon_code_case' } },
	},
	{
		displayName: 'Include Issual Details',
		name: 'includeIssualDetails',
		type: 'boolean',
		default: false,
		description: 'Whether to add the metadata that was given when the coupon was issued',
		routing: { send: { type: 'query', property: 'includeIssualDetails' } },
	},
	{
		displayName: 'Show Coupon Series',
		name: 'showCouponSeries',
		type: 'boolean',
		default: false,
		description: 'Whether to add the details of the coupon series',
		routing: { send: { type: 'query', property: 'showCouponSeries' } },
	},
]);

/** `GET /v2/coupon`: coupons by code, by ID or by the customer they were issued to (API page "Get coupon details"). */
export const getCoupon: INodePropertyOptions = {
	name: 'Get Coupon',
	value: 'getCoupon',
	action: 'Get coupon',
	description: 'Look coupons up by code, coupon ID or customer ID. Changes nothing.',
	routing: {
		request: { method: 'GET', url: '/v2/coupon' },
		send: { paginate: true },
		operations: {
			pagination: perItem({
				issues: false,
				maps: [lookupToQuery, checkChosen(options), isSimplified],
				findResults: ({ data }) => (Array.isArray(data) ? listIn(data, 'coupon') : undefined),
				perform,
			}),
		},
	},
};

export const getCouponFields: INodeProperties[] = [...lookup, simplifyOf('getCoupon'), options];

async function perform(
	context: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	send: Send,
): Promise<Result> {
	const { lookupBy, values } = lookupOf(request);
	const parts = await Promise.all(
		inParts(values).map(
			async (part) => await lookUp({ ...request, qs: { ...request.qs, [lookupBy]: part } }, send),
		),
	);
	const found = parts.flatMap(({ coupons }) => coupons);
	const problems = parts.flatMap(({ problem }) => problem ?? []);
	const serious = problems.find(({ fault }) => fault !== 'refused');
	if (serious) throw new CallProblem(serious);
	if (found.length === 0 && problems[0]) throw new CallProblem(problems[0]);

	const apiErrors = parts.flatMap(({ errors }) => errors);
	const errors = errorsForMissing(lookupBy, values, found, apiErrors);
	const partial: Problem | undefined = errors[0] && {
		fault: 'partial',
		httpStatus: 200,
		code: errors[0].code,
		apiMessage: apiErrors[0]?.message,
		sentence: `${found.length} of ${values.length} coupons were found`,
		hint: "The ones found come out as items. Check the others in 'Lookup Values'.",
		errors,
	};
	if (found.length === 0 && partial) {
		throw new CallProblem({ ...partial, fault: 'refused', sentence: 'No coupon was found' });
	}

	const coupons = lookupBy === 'couponCodes' ? inOrder(found, values) : found;
	const items = isSimplified(context) ? coupons.map(simplified) : coupons;
	return { items: errors[0] ? items.map((item) => ({ ...item, errors })) : items, partial };
}

interface Part {
	coupons: IDataObject[];
	errors: ApiError[];
	problem?: Problem;
}

/** One call. That none of its coupons exists must not hide what the other calls find. */
async function lookUp(request: IHttpRequestOptions, send: Send): Promise<Part> {
	try {
		const body = await send(request);
		return { coupons: listIn(body.data, 'coupon'), errors: errorsOfV2(body) };
	} catch (error) {
		const problem = problemOf(error);
		const { code, apiMessage: message } = problem;
		const errors = [{ code: typeof code === 'number' ? code : undefined, message }];
		return { coupons: [], errors, problem };
	}
}

function inParts(values: string[]): string[][] {
	const parts: string[][] = [];
	for (let at = 0; at < values.length; at += VALUES_PER_CALL) {
		parts.push(values.slice(at, at + VALUES_PER_CALL));
	}
	return parts;
}

/** What is missing, judged by the coupons that came: a code by itself, an ID only by number. */
function errorsForMissing(
	lookupBy: LookupBy,
	values: string[],
	found: IDataObject[],
	apiErrors: ApiError[],
): ApiError[] {
	if (lookupBy === 'issuedToIds') return apiErrors;
	if (lookupBy === 'couponIds') {
		const missing = values.length - found.length;
		if (missing <= 0) return [];
		return apiErrors.length > 0 ? apiErrors : [{ message: `${missing} coupon IDs were not found` }];
	}
	const codes = new Set(found.map(keyOf));
	const { code, message = 'not found' } = apiErrors[0] ?? {};
	return values
		.filter((value) => !codes.has(value.toLowerCase()))
		.map((value) => ({ code, message: `${value}: ${message}` }));
}

function inOrder(coupons: IDataObject[], codes: string[]): IDataObject[] {
	const places = new Map(codes.map((code, place) => [code.toLowerCase(), place]));
	const placeOf = (coupon: IDataObject) => places.get(keyOf(coupon)) ?? codes.length;
	return [...coupons].sort((a, b) => placeOf(a) - placeOf(b));
}

function keyOf({ code }: IDataObject): string {
	return String(code).toLowerCase();
}

function simplified(coupon: IDataObject): IDataObject {
	return {
		...pick(coupon, ['code', 'seriesId', 'description', ...DISCOUNT]),
		// The exact end where the API sends it: `validTill` only marks the day.
		validTill: coupon.validTillDateTime ?? coupon.validTill,
		...pick(coupon, ['couponIssualDetails', 'couponSeries']),
	};
}
