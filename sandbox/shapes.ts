import type { SandboxSettings } from './settings';
import type { SeriesCounters } from './state';
import { isoSeconds, validity } from './time';
import type { Customer, IssuedCoupon, Series } from './types';

/** Bodies of the v2 API, field by field as in the samples of its pages. */

const PROFILE_UPDATED = Date.parse('2025-10-09T06:45:52Z');
const SERIES_CREATED = Date.parse('2025-04-25T12:29:05Z');
const ORG_ID = 100737;

/** `customer` of "Issue single coupon" and "Issue multiple coupons". */
export function customerShape(customer: Customer, timezone: string) {
	const identifiers = [
		{ type: 'mobile', value: customer.mobile },
		{ type: 'email', value: customer.email },
		{ type: 'externalId', value: customer.externalId },
	].filter(({ value }) => value !== undefined);
	return {
		id: customer.id,
		profiles: [
			{
				firstName: customer.firstName,
				lastName: customer.lastName,
				fields: {},
				allFields: {},
				identifiers,
				commChannels: [],
				userId: customer.id,
				accountId: '',
				autoUpdateTime: isoSeconds(PROFILE_UPDATED, timezone),
				identifiersAll: identifiers,
			},
		],
	};
}

/** A coupon with what its series says, as both "Issue single coupon" and "Get coupon details". */
export function couponShape(
	code: string,
	series: Series,
	valid: { validTill: number; end: number },
	{ timezone, sendValidTillDateTime }: SandboxSettings,
) {
	return {
		code,
		seriesId: series.id,
		description: series.description,
		discountCode: series.discountCode,
		validTill: isoSeconds(valid.validTill, timezone),
		...(sendValidTillDateTime ? { validTillDateTime: isoSeconds(valid.end, timezone) } : {}),
		discountType: series.discountType,
		discountValue: series.discountValue,
		discountUpto: series.discountUpto,
		discountOn: series.discountOn,
		detailedInfo: series.detailedInfo,
	};
}

/** The body of "Issue single coupon". `id` is 0 in every sample, so it is here. */
export function singleIssueShape(
	coupon: IssuedCoupon,
	series: Series,
	valid: { validTill: number; end: number },
	customer: Customer,
	settings: SandboxSettings,
) {
	return {
		...couponShape(coupon.code, series, valid, settings),
		customer: customerShape(customer, settings.timezone),
		redemptionCount: coupon.redemptions.length,
		id: settings.singleId === 'zero' ? 0 : coupon.couponId,
		warnings: [],
	};
}

/** `couponConfig` of "Issue multiple coupons": most counters are 0 in the samples, `id` as well. */
export function couponConfigShape(series: Series) {
	return {
		customPropertyMap: {},
		id: 0,
		description: series.description,
		discountCode: series.discountCode,
		info: series.detailedInfo,
		discountUpto: series.discountUpto,
		discountValue: series.discountValue,
		issueToLoyalty: false,
		numUploadedNonIssued: 0,
		numUploadedTotal: 0,
		redemptionValidAfterDays: 0,
		ownerId: 0,
		ownerValidity: 0,
		alphaNumeric: false,
		shortCodeLength: 0,
		randomCodeLength: 0,
		fixedExpiryDate: 0,
		numTotal: 0,
		latestIssualTime: 0,
		latestRedemptionTime: 0,
		discountOn: series.discountOn,
		discountType: series.discountType,
		externalIssual: false,
		updateProductData: false,
	};
}

/** `couponSeries` of "Get coupon details", with the quirks of its sample (JSON inside strings). */
export function couponSeriesShape(
	series: Series,
	counters: SeriesCounters,
	{ timezone, seriesDetailsBytes }: SandboxSettings,
) {
	const details = seriesDetails(series, counters, timezone);
	const missing = seriesDetailsBytes - JSON.stringify(details).length;
	const termsAndConditions = details.termsAndConditions.padEnd(
		details.termsAndConditions.length + missing,
		' and so on',
	);
	return missing > 0 ? { ...details, termsAndConditions } : details;
}

function seriesDetails(series: Series, counters: SeriesCounters, timezone: string) {
	const { validTill, end } = validity(series.validTill);
	const date = (at: number) => isoSeconds(at, timezone);
	const total = series.uploaded ?? series.maxCreate ?? -1;
	return {
		id: series.id,
		orgId: ORG_ID,
		description: series.description,
		discountCode: series.discountCode,
		validTillDate: date(validTill),
		validTillDateTime: date(end),
		validTillISODate: series.validTill,
		validDaysFromCreation: 30,
		expiryStrategyValue: 1,
		maxCreate: series.maxCreate ?? -1,
		maxRedeem: -1,
		isTransferrable: false,
		anyUser: true,
		sameUserMultipleRedeem: true,
		isReferralExistingUsersAllowed: false,
		isMultipleUseAllowed: true,
		isValidationRequired: false,
		isValidWithDiscountedItem: true,
		createdBy: 75161973,
		numIssued: counters.issued,
		numRedeemed: counters.redeemed,
		createdOn: date(SERIES_CREATED),
		lastUsed: date(Math.max(SERIES_CREATED, counters.lastRedeemedAt)),
		seriesCode: `SANDBOX${series.id}`,
		smsTemplate:
			'Hi {{first_name}} your voucher code {{voucher}} is valid {{valid_days_from_create}}.',
		isSMSDisabled: false,
		info: series.detailedInfo,
		isMultipleVouchersPerUserAllowed: series.onePerCustomer !== true,
		doNotResendExistingVoucher: series.doNotResendExistingVoucher !== false,
		mutualExclusiveSeriesIds: JSON.stringify(series.excludes ?? [-1]),
		storeIdsJson: '[-1]',
		isDvsEnabled: false,
		dvsExpiryDate: date(SERIES_CREATED),
		priority: 0,
		shortSMSTemplate: 'Hello {{cust_name}}, your voucher code is {{voucher_code}}',
		maxVouchersPerUser: series.maxPerCustomer ?? -1,
		minDaysBetweenVouchers: -1,
		maxReferralsPerReferee: -1,
		discountUpto: series.discountUpto,
		discountValue: series.discountValue,
		dvsItems: 'items',
		redemptionRange: { dom: [1], dow: [1], hours: [1] },
		minBillAmount: 100,
		maxBillAmount: 20000,
		redeemAtStore: JSON.stringify(series.redeemAtStores ?? [-1]),
		campaignId: -1,
		tag: series.description,
		maxRedemptionsInSeriesPerUser: -1,
		minDaysBetweenRedemption: 0,
		redemptionValidFrom: date(SERIES_CREATED),
		sourceOrgId: -1,
		issueToLoyalty: false,
		redeemStoreType: 'redeemable_stores',
		offlineRedeemType: false,
		isOldFlowEnabled: false,
		isPreRedeemEventRequired: false,
		termsAndConditions: 'T&C',
		signalRedemptionEvent: false,
		syncToClient: false,
		showPinCode: false,
		targetUserDetails: {
			validMaxUserTransactionLimit: 5,
			validUserRegistrationStartTime: 0,
			validUserRegistrationEndTime: 10000,
		},
		numUploadedNonIssued: series.uploaded === undefined ? 0 : series.uploaded - counters.issued,
		numUploadedTotal: series.uploaded ?? 0,
		redemptionValidAfterDays: 0,
		ownedBy: 'NONE',
		ownerId: -1,
		ownerValidity: 0,
		alphaNumeric: series.codes.alphabet !== 'digits',
		shortCodeLength: 0,
		randomCodeLength: series.codes.length,
		fixedExpiryDate: validTill,
		numTotal: total,
		latestIssualTime: counters.lastIssuedAt,
		latestRedemptionTime: counters.lastRedeemedAt,
		resendMessageEnabled: true,
		redemptionPerCouponMaxLimit: -1,
		isPrefixEnabled: false,
		isSuffixEnabled: false,
		orgPrefixOverride: false,
		orgSuffixOverride: false,
		seriesType: 'UNDEFINED',
		clientHandlingType: series.genericCode === undefined ? 'DISC_CODE' : 'GENERIC',
		expiryStrategyType: 'SERIES_EXPIRY',
		discountOn: series.discountOn,
		discountType: series.discountType,
		externalIssual: series.external === true,
		updateProductData: false,
	};
}
