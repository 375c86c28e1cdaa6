import type { IDataObject } from 'n8n-workflow';

import { isObject, listIn } from '../../shared/answer/body';

/** The fields of an object that are there, in the order asked for. */
export function pick(from: IDataObject, names: string[]): IDataObject {
	return Object.fromEntries(
		names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]),
	);
}

/** IDs are numbers, as far as JavaScript can hold them: the API writes some of them as texts. */
export function idOf(value: unknown): number | string | undefined {
	if (typeof value !== 'string') return value as number | undefined;
	const number = /^\d+$/.test(value) ? Number(value) : NaN;
	return Number.isSafeInteger(number) ? number : value;
}

/** Of a customer in an answer. */
export function customerIdIn(customer: unknown): number | string | undefined {
	return isObject(customer) ? idOf(customer.id) : undefined;
}

/** What a coupon is worth, for a message to the customer: "500 off", "10% off". */
export function discountText({ discountType, discountValue }: IDataObject): IDataObject {
	const value = Number(discountValue);
	if (!(value > 0)) return {};
	return { discountText: `${value}${discountType === 'PERC' ? '%' : ''} off` };
}

/** The exact end where the API sends it: `validTill` only marks the day. */
export function endOf({ validTillDateTime, validTill }: IDataObject): IDataObject {
	return { validTill: validTillDateTime ?? validTill };
}

/**
 * The customer of an answer, in one form for all operations.
 *
 * @param customer of a v2 body, with `profiles`, or of a v1.1 body
 */
export function customerIn(customer: unknown): IDataObject {
	if (!isObject(customer)) return {};
	const [profile = {}] = listIn(customer.profiles, 'profile');
	const identifiers = Object.fromEntries(
		[...listIn(profile.identifiersAll, 'identifier'), ...listIn(profile.identifiers, 'identifier')]
			.filter(({ type }) => typeof type === 'string')
			.map(({ type, value }) => [type, value]),
	);
	const known = {
		id: idOf(customer.id),
		firstName: profile.firstName ?? customer.firstname,
		lastName: profile.lastName ?? customer.lastname,
		mobile: identifiers.mobile ?? customer.mobile,
		email: identifiers.email ?? customer.email,
		externalId: identifiers.externalId ?? customer.external_id,
	};
	return pick(
		Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null)),
		Object.keys(known),
	);
}

/** A copy with the keys of all its objects in camel case. */
export function camelCased(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(camelCased);
	if (!isObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, inner]) => [
			key.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
			camelCased(inner),
		]),
	);
}
