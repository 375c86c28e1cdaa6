import type { IDataObject, IHttpRequestOptions, INodePropertyOptions } from 'n8n-workflow';

import { isObject, listIn, numberIn } from '../../shared/answer/body';
import { codeKey, isNewCode } from '../../shared/answer/couponCode';
import { errorsOfV2 } from '../../shared/answer/envelope';
import type { Failure, Problem } from '../../shared/problem/Problem';
import { callError, judge } from '../../shared/problem/rules';
import type { DetailedCoupon } from '../lookups/couponsOfSeries';
import { checkSourceId } from '../parameters/issueOnce';
import type { Values } from '../parameters/values';
import type { Item, Result, Send } from '../run/Operation';
import { carriedOutBy } from './carriedOutBy';
import {
	issueWithoutLooking,
	type Issued,
	type IssuedOnce,
	issueOnce,
	newestHeld,
} from './issueOnce';
import { customerIdIn, customerIn, discountText, idOf, pick } from './output';

/**
 * `POST /v2/coupon/issue/multiple`: up to 500 coupons of a series to one customer (API page "Issue
 * multiple coupons").
 */
export const issueMultiple: INodePropertyOptions = {
	name: 'Issue Multiple Coupons',
	value: 'issueMultiple',
	action: 'Issue multiple new coupons',
	description:
		"Issue several new coupons of a series to one customer. Every run issues further coupons, unless 'Issue Once' is on.",
	routing: {
		request: { method: 'POST', url: '/v2/coupon/issue/multiple' },
		...carriedOutBy({
			work: 'issue',
			checkInput: checkSourceId,
			perform,
			lookInto: newestHeld,
		}),
	},
};

async function perform(item: Item): Promise<Result> {
	const { request, values } = item;
	const issueNew = async (send: Send, count: number) =>
		await issueCoupons(
			send,
			{ ...request, body: { ...(request.body as IDataObject), count } },
			count,
		);
	if (!values.issueOnce) {
		const body = await issueWithoutLooking(
			item,
			async (send) => await issueNew(send, values.count),
			issuedIn,
		);
		const partial = missingIn(body, values.count);
		const items = values.simplify ? simplified(body, values, partial) : [body];
		return { items, codes: codesIn(body), partial, failure: unnamedIn(body, partial) };
	}

	const once = await issueOnce(item, {
		wanted: values.count,
		most: Infinity,
		issue: issueNew,
		issuedIn,
	});
	const { body, recovered, missing, failure } = once;
	const partial = body && missingIn(body, missing);
	const items = values.simplify ? simplifiedOnce(once, values, partial) : rawOnce(once);
	const codes = body ? codesIn(body) : recovered.map(({ details }) => String(details.code));
	return { items, codes, partial, failure: failure ?? (body && unnamedIn(body, partial)) };
}

/** @throws CallError also when none was issued */
async function issueCoupons(
	send: Send,
	request: IHttpRequestOptions,
	count: number,
): Promise<IDataObject> {
	const checkAnswer = (body: IDataObject) => {
		const partial = missingIn(body, count);
		if (partial && couponsIn(body).length === 0) {
			throw callError({ ...partial, fault: 'refused' }, true);
		}
		return unnamedIn(body, partial);
	};
	return await send({ request, isWrite: true, findResults, checkAnswer });
}

/** Without coupons, an answer must say itself that none was issued. */
function findResults(body: IDataObject): IDataObject[] | 'unclear' | undefined {
	const coupons = couponsIn(body);
	if (coupons.length > 0) return coupons;
	if (countIn(body) > 0) return 'unclear';
	return statedCount(body) === 0 ? [] : undefined;
}

/** How many were issued, as the answer says; NaN when it does not. */
function statedCount({ successCount }: IDataObject): number {
	return numberIn(successCount);
}

/** How many were issued, by the count or by the list, whichever is larger. */
function countIn(body: IDataObject): number {
	return Math.max(statedCount(body) || 0, listIn(body.coupons, 'coupon').length);
}

function couponsIn({ coupons }: IDataObject): IDataObject[] {
	return listIn(coupons, 'coupon').filter(({ code }) => isNewCode(code));
}

function codesIn(body: IDataObject): string[] {
	return couponsIn(body).map(({ code }) => String(code));
}

function issuedIn(body: IDataObject): Issued {
	return {
		codes: codesIn(body),
		count: countIn(body),
		customerId: customerIdIn(body.customer),
	};
}

/** Judged by the coupons and counts in the answer: the codes alone do not tell a partial success. */
function missingIn(body: IDataObject, wanted: number): Problem | undefined {
	const issued = couponsIn(body).length;
	const count = countIn(body);
	if (issued >= wanted && !(numberIn(body.failureCount) > 0) && count === issued) return undefined;
	const errors = errorsOfV2(body);
	const sentence =
		count > issued
			? `Capillary says that it issued ${count} coupons, and names ${issued}`
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

/** Coupons that were issued, as the answer says, and that it does not name: nobody knows their codes. */
function unnamedIn(body: IDataObject, partial: Problem | undefined): Failure | undefined {
	if (!partial || countIn(body) === couponsIn(body).length) return undefined;
	return judge({ ...partial, fault: 'unclear', hint: undefined }, true).failure;
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
		customerId: customerIdIn(body.customer),
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

/** The new ones, as they are the newest, and then the held ones. */
function simplifiedOnce(
	{ held, body, recovered, wasThere }: IssuedOnce,
	values: Values,
	partial: Problem | undefined,
): IDataObject[] {
	const counts = {
		successCount: recovered.length,
		failureCount: 0,
		...pick(body ?? {}, ['successCount', 'failureCount']),
	};
	const asIssued = ({ coupon, customer, details }: DetailedCoupon) =>
		simplified(
			{
				coupons: [{ code: details.code, couponId: coupon.id }],
				couponConfig: details,
				customer,
				...counts,
			},
			values,
			undefined,
		);
	const issued = body ? simplified(body, values, partial) : [];
	// A series may answer with coupons that the customer already has.
	const inBody = new Set(codesIn(body ?? {}).map(codeKey));
	return [
		...issued.map((one) => ({ ...one, isNew: !wasThere(one.code) })),
		...recovered.flatMap(asIssued).map((one) => ({ ...one, isNew: true, recovered: true })),
		...held
			.filter(({ coupon }) => !inBody.has(codeKey(coupon.code)))
			.flatMap(asIssued)
			.map((one) => ({ ...one, isNew: false })),
	];
}

/** One item: the call's body, when there was a call, with the held coupons beside it. */
function rawOnce({ held, body, recovered, wasThere }: IssuedOnce): IDataObject[] {
	if (held.length + recovered.length === 0 && !body) return [];
	const found = recovered.map(({ details }) => ({ ...details, isNew: true, recovered: true }));
	return [
		{
			...body,
			...(found.length > 0 ? { coupons: found, recovered: true } : {}),
			isNew:
				found.length > 0 || (body !== undefined && codesIn(body).some((code) => !wasThere(code))),
			heldCoupons: held.map(({ details }) => ({ ...details, isNew: false })),
		},
	];
}
