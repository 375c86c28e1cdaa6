import type { IDataObject } from 'n8n-workflow';

import type { ApiError } from '../problem/ApiError';
import { LOGIN_CODES } from '../problem/codes';
import { isObject, listIn, numberIn } from './body';

// v1.1 sends these with `success: "true"`, so the code decides.
const ALWAYS_ERRORS = [...LOGIN_CODES, 403, 429];

/** `errors[]` of the v2 and v3 envelopes, and of bodies that hold nothing but an error. */
export function errorsOfV2(body: IDataObject): ApiError[] {
	const texts = Array.isArray(body.errors) ? (body.errors as unknown[]) : [];
	const listed = [
		...listIn(body.errors, 'error').filter(saysSomething).map(toApiError),
		...texts.filter((text) => typeof text === 'string').map((message) => toApiError({ message })),
	];
	if (listed.length > 0) return listed;
	const nested = isObject(body.error)
		? body.error
		: isObject(body.status)
			? body.status
			: undefined;
	if (nested) return isFailure(nested) || body.error ? [toApiError(nested)] : [];
	return isFailure({ success: body.success, code: body.code }) ? [toApiError(body)] : [];
}

/** The item statuses of the v1.1 envelope, or its overall status, which only sums them up. */
export function errorsOfV11(body: IDataObject): ApiError[] {
	if (!isObject(body.response)) return [];
	const { status, customers, series } = body.response;
	const items = [
		...listIn(customers, 'customer'),
		...listIn(isObject(series) ? series.items : undefined, 'item'),
	];
	const failed = items
		.map(({ item_status: itemStatus }) => itemStatus)
		.filter((one) => isObject(one) && isFailure(one));
	const statuses = failed.length > 0 ? failed : [status];
	return statuses.filter(isObject).filter(isFailure).map(toApiError);
}

/** Code and message of an XML body, as v2 sends them with HTTP 401. */
export function errorsOfXml(text: string): ApiError[] {
	const start = text.slice(0, 10_000);
	const code = /<code>\s*(\d{1,9})\s*<\/code>/i.exec(start)?.[1];
	const message = /<message>([^<]{1,1000})<\/message>/i.exec(start)?.[1];
	const success = /<success>\s*(true|false)\s*<\/success>/i.exec(start)?.[1];
	if (!code && !message) return [];
	return isFailure({ success: success ?? 'false', code }) ? [toApiError({ code, message })] : [];
}

/** An empty object in a list of errors is no refusal. */
function saysSomething(error: IDataObject): boolean {
	const { code, message } = toApiError(error);
	return code !== undefined || message !== undefined || isFailure(error);
}

function isFailure({ success, status, code }: IDataObject): boolean {
	const flag = success ?? status;
	const isFalse = flag === false || (typeof flag === 'string' && flag.toLowerCase() === 'false');
	return isFalse || ALWAYS_ERRORS.includes(numberIn(code));
}

/** Code and message as they stand in one object. */
export function toApiError({ code, errorCode, message }: IDataObject): ApiError {
	const number = numberIn(code ?? errorCode);
	return {
		code: Number.isInteger(number) ? number : undefined,
		message: typeof message === 'string' && message.trim() ? message.trim() : undefined,
	};
}
