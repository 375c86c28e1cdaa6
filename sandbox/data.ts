import type { Customer, Series, Store } from './types';

/**
 * What a sandbox starts with. Where a page has an example, its numbers are used here, so that the
 * page's request works against the sandbox. Names and addresses are made up.
 */

const FAR_AWAY = '2036-06-11';

export const STORES: [Store, ...Store[]] = [
	{ till: 'till.main', code: 'store_001', name: 'Main Store', externalId: 'EXT-001' },
	{ till: 'till.downtown', code: 'store_002', name: 'Downtown Store', externalId: 'EXT-002' },
];

export interface BasicUser {
	username: string;
	password: string;
	till: string;
}

export interface OAuthClient {
	clientKey: string;
	clientSecret: string;
	/** Used when the request brings no attribution headers. */
	till: string;
}

export const BASIC_USERS: [BasicUser, ...BasicUser[]] = [
	{ username: 'sandbox.till', password: 'loopback-only', till: 'till.main' },
	{ username: 'noseries.till', password: 'loopback-only', till: 'till.main' },
	{ username: 'nocustomer.till', password: 'loopback-only', till: 'till.main' },
	// The hash is taken over UTF-8, which only shows with letters beyond ASCII.
	{ username: 'umlaut.till', password: 'pässwörd-€', till: 'till.downtown' },
];

export const OAUTH_CLIENTS: [OAuthClient, ...OAuthClient[]] = [
	{ clientKey: 'sandbox-key', clientSecret: 'loopback-only', till: 'till.main' },
	{ clientKey: 'noseries-key', clientSecret: 'loopback-only', till: 'till.main' },
	{ clientKey: 'nocustomer-key', clientSecret: 'loopback-only', till: 'till.main' },
];

/** The series of a new sandbox. */
export function seedSeries(): Series[] {
	const base = {
		discountCode: 'NO_VALUE',
		discountType: 'ABS' as const,
		discountUpto: 0,
		discountOn: 'BILL' as const,
		validTill: FAR_AWAY,
	};
	return [
		{
			...base,
			id: 868760,
			description: 'Gold star coupons',
			discountCode: 'gold1234',
			discountValue: 1000,
			detailedInfo: 'Gold star coupons',
			codes: { alphabet: 'digits', length: 16, prefix: '998754' },
			note: 'no limits; codes are 16 digits, too long for a number',
		},
		{
			...base,
			id: 415446,
			description: 'Welcome voucher 500',
			discountValue: 500,
			detailedInfo: 'Welcome voucher 500',
			codes: { alphabet: 'digits', length: 12, prefix: '00' },
			note: 'no limits; codes start with zeros',
		},
		{
			...base,
			id: 544770,
			description: 'Festival coupon',
			discountCode: 'erg123',
			discountValue: 500,
			detailedInfo: 'Evil coupon',
			codes: { alphabet: 'mixed', length: 10 },
			customProperties: { standard_description: '10% off on next purchase' },
			note: 'no limits; codes in mixed case; has a custom property',
		},
		{
			...base,
			id: 757291,
			description: 'Vishu 10% OFF',
			discountCode: 'XMM123',
			discountValue: 500,
			detailedInfo: 'Evil coupon',
			codes: { alphabet: 'upper', length: 10 },
			maxPerCustomer: 3,
			redeemAtStores: ['store_002'],
			note: 'three per customer (5002); redeemable at store_002 only',
		},
		{
			...base,
			id: 239821,
			description: '10% off everything',
			discountType: 'PERC',
			discountValue: 10,
			detailedInfo: '10% off everything',
			codes: { alphabet: 'upper', length: 8 },
			genericCode: 'DECATH10',
			note: 'generic: everybody gets DECATH10, once (5004, 709)',
		},
		{
			...base,
			id: 960040,
			description: 'Only 1 issual',
			discountValue: 1,
			detailedInfo: 'Only 1 issual',
			codes: { alphabet: 'upper', length: 28 },
			onePerCustomer: true,
			note: 'one per customer (5004 for more at once, 709 afterwards)',
		},
		{
			...base,
			id: 960041,
			description: 'Only 1 issual, sent again',
			discountValue: 1,
			detailedInfo: 'Only 1 issual, sent again',
			codes: { alphabet: 'upper', length: 12 },
			onePerCustomer: true,
			doNotResendExistingVoucher: false,
			note: 'one per customer; a second issue answers the coupon that is there, used or expired too',
		},
		{
			...base,
			id: 318900,
			description: 'Last five',
			discountCode: 'LAST5',
			discountValue: 50,
			detailedInfo: 'Uploaded codes, nearly exhausted',
			codes: { alphabet: 'upper', length: 8 },
			uploaded: 5,
			note: 'nearly exhausted: five uploaded codes (5006)',
		},
		{
			...base,
			id: 318901,
			description: 'Limited edition',
			discountCode: 'LTD',
			discountValue: 75,
			detailedInfo: 'At most three coupons in all',
			codes: { alphabet: 'upper', length: 8 },
			maxCreate: 3,
			note: 'three in all (5001)',
		},
		{
			...base,
			id: 318905,
			description: 'Empty queue',
			discountCode: 'QUEUE',
			discountValue: 5,
			detailedInfo: 'The queue of codes is empty',
			codes: { alphabet: 'upper', length: 8 },
			queueEmpty: true,
			note: 'always answers 5005',
		},
		{
			...base,
			id: 68579,
			description: 'Last summer',
			discountValue: 10,
			detailedInfo: 'Last summer',
			validTill: '2024-10-31',
			codes: { alphabet: 'upper', length: 10 },
			note: 'expired (713)',
		},
		{
			...base,
			id: 720100,
			description: 'Breakfast or dinner: breakfast',
			discountCode: 'MEAL_A',
			discountValue: 20,
			detailedInfo: 'Excludes the dinner coupon',
			codes: { alphabet: 'upper', length: 9 },
			excludes: [720101],
			note: 'mutually exclusive with 720101 (709)',
		},
		{
			...base,
			id: 720101,
			description: 'Breakfast or dinner: dinner',
			discountCode: 'MEAL_B',
			discountValue: 30,
			detailedInfo: 'Excludes the breakfast coupon',
			codes: { alphabet: 'upper', length: 9 },
			excludes: [720100],
			note: 'mutually exclusive with 720100 (709)',
		},
		{
			...base,
			id: 18426,
			description: 'Partner voucher',
			discountValue: 15,
			detailedInfo: 'Managed by a partner',
			codes: { alphabet: 'upper', length: 8 },
			external: true,
			note: 'externally managed: cannot be issued (707)',
		},
	];
}

/** ID of the customer who starts with 250 coupons, for paging. */
export const MANY_COUPONS_CUSTOMER = 400000250;

/** The customers of a new sandbox. */
export function seedCustomers(): Customer[] {
	return [
		{
			id: 566881933,
			firstName: 'Dead',
			lastName: 'fool',
			mobile: '1234512345',
			email: 'dead.fool@example.com',
			externalId: '12341234',
		},
		{
			id: 555567088,
			firstName: 'Tom',
			lastName: 'Hills',
			mobile: '11223569865',
			externalId: '000003873472',
			note: 'no email; external ID with leading zeros',
		},
		{
			id: 98662653,
			firstName: 'Tom',
			lastName: 'Sawyer',
			mobile: '9988776655',
			email: 'tom.sawyer@example.com',
			note: 'no external ID; holds a redeemed, expired and a fresh coupon',
		},
		{
			id: 374658850,
			firstName: 'Asha',
			lastName: 'Rao',
			mobile: '918028464628',
			email: 'asha.rao@example.com',
			externalId: 'x918028464628',
		},
		{
			id: 345635529,
			firstName: 'Lena',
			lastName: 'Weber',
			email: 'lena.weber@example.com',
			note: 'email only; no coupons',
		},
		{
			id: MANY_COUPONS_CUSTOMER,
			firstName: 'Mia',
			lastName: 'Collector',
			mobile: '4000000250',
			email: 'mia.collector@example.com',
			externalId: 'COLLECTOR',
			note: 'holds 250 coupons',
		},
		{
			id: 400000251,
			firstName: 'Ute',
			lastName: 'Used',
			mobile: '4000000251',
			note: 'holds a redeemed coupon of 960041',
		},
		{
			id: 400000252,
			firstName: 'Eve',
			lastName: 'Expired',
			mobile: '4000000252',
			note: 'holds an expired coupon of 960041',
		},
	];
}

/** Mobile numbers that become customers at first sight, when `anyCustomer` is on. */
const ANY_CUSTOMER_MOBILE = /^\+?9199(\d{8})$/;

/** The customer behind such a number; the same number gives the same customer in every sandbox. */
export function customerFromMobile(mobile: string): Customer | undefined {
	const digits = ANY_CUSTOMER_MOBILE.exec(mobile)?.[1];
	if (digits === undefined) return undefined;
	return {
		id: 900_000_000 + Number(digits),
		firstName: 'Guest',
		lastName: digits,
		mobile: `9199${digits}`,
	};
}
