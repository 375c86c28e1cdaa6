import type { IDataObject, IHttpRequestOptions, INodePropertyOptions } from 'n8n-workflow';

import { isObject, listIn, numberIn } from '../../shared/answer/body';
import { codeKey, isCode } from '../../shared/answer/couponCode';
import { errorsOfV2 } from '../../shared/answer/envelope';
import type { ApiError } from '../../shared/problem/ApiError';
import { isUnclear as isUnclearCode } from '../../shared/problem/codes';
import { CallError, type Failure, type Problem } from '../../shared/problem/Problem';
import { badInput, callError, failureOf, judge } from '../../shared/problem/rules';
import type { Item, OperationCall, Result, Send } from '../run/Operation';
import { inParts } from '../lookups/inParts';
import { carriedOutBy } from './carriedOutBy';
import { idOf } from './output';

const CODES_PER_CALL = 50;

/** `POST /v2/coupon/revoke`: takes coupons back (Capillary's public documentation, "Revoke coupon"). */
export const revoke: INodePropertyOptions = {
	name: 'Revoke Coupons',
	value: 'revoke',
	action: 'Revoke coupons',
	description:
		'Take coupons away from customers, by code, or all unredeemed ones of a customer in a series. This cannot be undone.',
	routing: {
		request: { method: 'POST', url: '/v2/coupon/revoke' },
		...carriedOutBy({ work: 'revoke', checkInput: checkWhatIsNamed, perform }),
	},
};

const UNCLEAR = judge(
	{
		fault: 'unclear',
		httpStatus: 200,
		sentence: 'Capillary does not say what was done with all of the coupons',
	},
	true,
).failure;

interface Body {
	couponCodes?: string[];
	customer?: IDataObject;
	seriesId?: number;
}

/** Nothing may go out that takes back more than what was named. */
function checkWhatIsNamed({ body }: IHttpRequestOptions): void {
	const { couponCodes, customer, seriesId } = body as Body;
	if (!couponCodes === !customer) {
		throw badInput(
			"'Revoke By' must lead to coupon codes or to a customer",
			"Set 'Revoke By', and fill 'Coupon Codes' or the customer.",
		);
	}
	if (seriesId === undefined && (customer || (couponCodes ?? []).length > 1)) {
		const hint = customer
			? 'Choose the series whose coupons the customer loses.'
			: 'Choose the series of the codes: without it, Capillary takes back one code only.';
		throw badInput("'Series' is empty", hint);
	}
}

/** What one call has come to. */
interface CallResult {
	revoked: IDataObject[];
	/** What was not revoked, and why. */
	errors: ApiError[];
	/** The answer does not say what was done with all of the coupons. */
	isUnclear: boolean;
}

/**
 * One call after another: when one is refused or lost, the next are not sent, and what the earlier ones
 * have revoked still comes out.
 */
async function perform({ request, values, send }: Item): Promise<Result> {
	const { couponCodes, customer, seriesId: couponSeriesId } = request.body as Body;
	const parts = couponCodes ? inParts(couponCodes, CODES_PER_CALL) : [undefined];
	const bodies: IDataObject[] = [];
	const revoked: IDataObject[] = [];
	const notRevoked: ApiError[] = [];
	let failure: Failure | undefined;

	for (const [at, codes] of parts.entries()) {
		const body = { couponSeriesId, ...(codes ? { couponCodes: codes } : { customer }) };
		const call = {
			request: { ...request, body },
			isWrite: true,
			findResults,
			// The only call is the whole item: that it did nothing is a refusal.
			checkAnswer: (answer: IDataObject) => {
				const result = readResult(answer, codes);
				if (parts.length === 1) throwIfNone(result);
				return result.isUnclear ? UNCLEAR : undefined;
			},
		};
		const answer = await answerOf(call, send);
		if ('body' in answer) {
			const result = readResult(answer.body, codes);
			bodies.push(answer.body);
			revoked.push(...result.revoked);
			notRevoked.push(...result.errors);
			if (!result.isUnclear) continue;
			failure = UNCLEAR;
		} else {
			failure = answer.failure;
			if (parts.length > 1) notRevoked.push(ofCall(failure, codes));
		}
		const rest = parts.slice(at + 1).flatMap((part) => part ?? []);
		if (rest.length > 0) notRevoked.push({ message: 'not sent', couponCodes: rest });
		break;
	}

	const errors = notRevoked.length > 0 ? { errors: notRevoked } : {};
	if (failure && revoked.length === 0) throw new CallError({ ...failure, ...errors });
	if (!failure) throwIfNone({ revoked, errors: notRevoked, isUnclear: false });
	const [first] = notRevoked;
	const wanted = couponCodes?.length ?? revoked.length + namedIn(notRevoked);
	const partial: Problem | undefined = first && {
		fault: 'partial',
		httpStatus: 200,
		code: first.code,
		apiMessage: first.message,
		sentence: `${revoked.length} of ${wanted} coupons were revoked`,
		hint: "The revoked ones come out as items. Those that were not, and why, are in the data under 'errors'.",
		...errors,
	};

	const items = revoked.map(({ couponCode, couponId, issuedToUserId }) => ({
		code: String(couponCode),
		couponId: idOf(couponId),
		customerId: idOf(issuedToUserId),
		revoked: true,
		...errors,
	}));
	return {
		items: values.simplify ? items : bodies,
		codes: items.map(({ code }) => code),
		partial,
		failure: failure && partial && afterOthers(failure, partial),
	};
}

/** An answer, or what became of the call without one. */
async function answerOf(
	call: OperationCall,
	send: Send,
): Promise<{ body: IDataObject } | { failure: Failure }> {
	try {
		return { body: await send(call) };
	} catch (error) {
		return { failure: failureOf(error, 'unreadable', true) };
	}
}

/** @throws CallError when nothing was revoked: that is a refusal, whatever `success` says */
function throwIfNone({ revoked, errors, isUnclear }: CallResult): void {
	const [first] = errors;
	if (!first || revoked.length > 0 || isUnclear) return;
	const { code, message: apiMessage } = first;
	throw callError(
		{ fault: 'refused', httpStatus: 200, code, apiMessage, errors, ...wordsForNone(errors) },
		true,
	);
}

/** Of a call that was not carried out, the item as a whole is partial; a lost one leaves it unknown. */
function afterOthers(failure: Failure, partial: Problem): Failure {
	const { errors, hint } = partial;
	if (failure.outcome === 'unknown') {
		const sentence = `${partial.sentence}, of the others it is not known`;
		return { ...failure, sentence, hint, errors };
	}
	// That another item has ended the run is no fault of this one.
	const fault = failure.fault === 'stopped' ? 'partial' : failure.fault;
	const sentence = `${partial.sentence}, then the others were not taken back`;
	return { ...failure, fault, outcome: 'partial', sentence, hint, errors };
}

function ofCall({ code, apiMessage, outcome }: Failure, couponCodes?: string[]): ApiError {
	const message = outcome === 'unknown' ? 'may have been revoked' : 'not revoked';
	return { code, message: apiMessage ? `${message}: ${apiMessage}` : message, couponCodes };
}

/** With one reason for all, its own words say more. */
function wordsForNone(errors: ApiError[]): Pick<Problem, 'sentence' | 'hint'> {
	return new Set(errors.map(({ code }) => code)).size === 1
		? {}
		: { sentence: 'No coupon was revoked', hint: "The reasons are in the data under 'errors'." };
}

function namedIn(errors: ApiError[]): number {
	return errors.reduce((sum, { couponCodes }) => sum + (couponCodes?.length ?? 1), 0);
}

/** Judged by the two lists and their counts: `success` is true also when nothing was revoked. */
function readResult(body: IDataObject, asked: string[] | undefined): CallResult {
	const { totalCount, failedCount } = answerIn(body);
	const revoked = revokedIn(body);
	const failed = failedIn(body);
	const known = new Set(
		[
			...revoked.map(({ couponCode }) => String(couponCode)),
			...failed.flatMap(({ couponCodes = [] }) => couponCodes),
		].map(codeKey),
	);
	const unknown = (asked ?? []).filter((code) => !known.has(codeKey(code)));
	const fits =
		fitsOrIsAbsent(failedCount, namedIn(failed)) &&
		fitsOrIsAbsent(totalCount, revoked.length + namedIn(failed)) &&
		listIn(answerIn(body).revokedCoupons, 'coupon').length === revoked.length;
	const isUnclear = unknown.length > 0 || !fits || failed.some(({ code }) => isUnclearCode(code));
	const errors = [...failed, ...errorsOfV2({ errors: body.errors })];
	if (isUnclear) {
		errors.push({
			message: 'Capillary does not say whether all were revoked',
			...(unknown.length > 0 ? { couponCodes: unknown } : {}),
		});
	}
	return { revoked, errors, isUnclear };
}

function fitsOrIsAbsent(count: unknown, listed: number): boolean {
	return count === undefined || count === null || numberIn(count) === listed;
}

/** One documented sample has no `entity` around it. */
function answerIn(body: IDataObject): IDataObject {
	return isObject(body.entity) ? body.entity : body;
}

/** Without a coupon in either list, an answer must say itself that there was none to revoke. */
function findResults(body: IDataObject): IDataObject[] | 'unclear' | undefined {
	const { revokedCoupons, failedToRevoke, totalCount } = answerIn(body);
	const listed = [...listIn(revokedCoupons, 'coupon'), ...listIn(failedToRevoke, 'coupon')];
	if (listed.length > 0) return listed;
	if (numberIn(totalCount) > 0) return 'unclear';
	return Array.isArray(revokedCoupons) || numberIn(totalCount) === 0 ? [] : undefined;
}

function revokedIn(body: IDataObject): IDataObject[] {
	return listIn(answerIn(body).revokedCoupons, 'coupon').filter(({ couponCode }) =>
		isCode(couponCode),
	);
}

/** The key of the code is spelt in three ways in the documented samples. */
function failedIn(body: IDataObject): ApiError[] {
	return listIn(answerIn(body).failedToRevoke, 'coupon').map((one) => {
		const code = numberIn(one.errorCode ?? one.errroCode ?? one.errrorCode);
		const { errorMessage, couponCodes } = one;
		return {
			code: Number.isInteger(code) ? code : undefined,
			message: typeof errorMessage === 'string' ? errorMessage.trim() : undefined,
			couponCodes: Array.isArray(couponCodes) ? couponCodes.map(String) : undefined,
		};
	});
}
