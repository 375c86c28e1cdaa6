import type { IDataObject } from 'n8n-workflow';

/** Output fields that are not always there: taken from the input, they would seem to be this coupon's. */
const OPTIONAL_OUTPUT = new Set([
	'couponId',
	'couponIssualDetails',
	'couponSeries',
	'customProperties',
	'description',
	'details',
	'discountCode',
	'discountOn',
	'discountText',
	'discountType',
	'discountUpto',
	'discountValue',
	'error',
	'errors',
	'failureCount',
	'hasCoupons',
	'heldCoupons',
	'isNew',
	'recovered',
	'redemptionCount',
	'redemptions',
	'revoked',
	'seriesId',
	'seriesName',
	'successCount',
	'validTill',
	'warnings',
]);

/** The fields of the input item that may stand beside a coupon's ('Include Input Fields'). */
export function inputFields(input: IDataObject): IDataObject {
	return Object.fromEntries(Object.entries(input).filter(([name]) => !OPTIONAL_OUTPUT.has(name)));
}

/** The same beside an error: with a `code`, the item would look like a coupon. */
export function inputFieldsOfError(input: IDataObject): IDataObject {
	const fields = inputFields(input);
	delete fields.code;
	return fields;
}
