import { makeCode } from './codes';
import {
	customerFromMobile,
	MANY_COUPONS_CUSTOMER,
	seedCustomers,
	seedSeries,
	STORES,
} from './data';
import type { ApiError } from './errors';
import { ISSUE_ERRORS } from './errors';
import { DAY_MS, validity } from './time';
import type {
	Customer,
	CustomerKeys,
	IssuedCoupon,
	Metadata,
	Redemption,
	SandboxSettings,
	Series,
	Store,
} from './types';

export interface SeriesCounters {
	issued: number;
	redeemed: number;
	lastIssuedAt: number;
	lastRedeemedAt: number;
}

export interface IssueRequest {
	seriesId: number;
	count: number;
	customer: Customer;
	store: Store;
	callIndex: number;
	metadata?: Metadata;
}

export interface IssueResult {
	/** The coupons the caller gets. */
	coupons: IssuedCoupon[];
	/** Why there are fewer than asked for, or none. */
	error?: ApiError;
}

/**
 * Series, customers and coupons, and the rules of issuing. Everything is found through maps: an
 * issue costs the same with ten coupons and with a hundred thousand.
 */
export class CouponStore {
	readonly series = new Map<number, Series>();

	readonly customers = new Map<number, Customer>();

	/** Every coupon issued by a call, in order. Coupons the sandbox starts with are not in here. */
	readonly ledger: IssuedCoupon[] = [];

	redemptionCount = 0;

	private readonly byMobile = new Map<string, Customer>();

	private readonly byEmail = new Map<string, Customer>();

	private readonly byExternalId = new Map<string, Customer>();

	private readonly byCouponId = new Map<number, IssuedCoupon>();

	/** Key: the code in upper case, because lookups ignore case. */
	private readonly byCode = new Map<string, IssuedCoupon>();

	private readonly byCustomer = new Map<number, IssuedCoupon[]>();

	/** Key: customer and series. */
	private readonly held = new Map<string, IssuedCoupon[]>();

	private readonly counters = new Map<number, SeriesCounters>();

	private nextCouponId = 0;

	private nextRedemptionId = 0;

	private codesMade = 0;

	constructor(
		private readonly settings: SandboxSettings,
		private readonly now: () => number,
		private readonly extra: { series: Series[]; customers: Customer[] },
	) {
		this.reset();
	}

	/** Back to the state of a new sandbox. The ledger stays the same array. */
	reset(): void {
		for (const map of [
			this.series,
			this.customers,
			this.byMobile,
			this.byEmail,
			this.byExternalId,
			this.byCouponId,
			this.byCode,
			this.byCustomer,
			this.held,
			this.counters,
		]) {
			map.clear();
		}
		this.ledger.length = 0;
		this.nextCouponId = 1237263304;
		this.nextRedemptionId = 4359526;
		this.codesMade = 0;
		for (const one of [...seedSeries(), ...this.extra.series]) this.series.set(one.id, one);
		for (const one of [...seedCustomers(), ...this.extra.customers]) this.addCustomer(one);
		this.seedCoupons();
		// Counts what happens from now on, as the ledger does.
		this.redemptionCount = 0;
	}

	addCustomer(customer: Customer): void {
		this.customers.set(customer.id, customer);
		if (customer.mobile) this.byMobile.set(customer.mobile, customer);
		if (customer.email) this.byEmail.set(customer.email.toLowerCase(), customer);
		if (customer.externalId) this.byExternalId.set(customer.externalId, customer);
	}

	/** The first identifier that names a customer decides; no page says what happens otherwise. */
	findCustomer(keys: CustomerKeys): Customer | undefined {
		const known =
			(keys.id && this.customers.get(Number(keys.id))) ||
			(keys.mobile && this.byMobile.get(keys.mobile.replace(/^\+/, ''))) ||
			(keys.externalId && this.byExternalId.get(keys.externalId)) ||
			(keys.email && this.byEmail.get(keys.email.toLowerCase()));
		if (known) return known;
		if (!this.settings.anyCustomer || !keys.mobile) return undefined;
		const made = customerFromMobile(keys.mobile);
		if (made) this.addCustomer(made);
		return made;
	}

	countersOf(seriesId: number): SeriesCounters {
		let counters = this.counters.get(seriesId);
		if (!counters) {
			counters = { issued: 0, redeemed: 0, lastIssuedAt: 0, lastRedeemedAt: 0 };
			this.counters.set(seriesId, counters);
		}
		return counters;
	}

	couponById(couponId: number): IssuedCoupon | undefined {
		return this.byCouponId.get(couponId);
	}

	couponByCode(code: string): IssuedCoupon | undefined {
		return this.byCode.get(code.toUpperCase());
	}

	couponsOf(customerId: number): IssuedCoupon[] {
		return this.byCustomer.get(customerId) ?? [];
	}

	/** Issues as many coupons as the rules of the series allow, and says why not more. */
	issue(request: IssueRequest): IssueResult {
		const { customer, count } = request;
		const series = this.series.get(request.seriesId);
		if (!series || series.external) return refusal(ISSUE_ERRORS.seriesInvalid);
		if (validity(series.validTill).end < this.now()) return refusal(ISSUE_ERRORS.expired);
		if (series.queueEmpty) return refusal(ISSUE_ERRORS.queueEmpty);
		if (series.excludes?.some((other) => this.heldBy(customer.id, other).length > 0)) {
			return refusal(ISSUE_ERRORS.alreadyHasCoupon);
		}

		const held = this.heldBy(customer.id, series.id);
		const onlyOne = series.genericCode !== undefined || series.onePerCustomer === true;
		if (onlyOne && held.length > 0) {
			return series.resendExisting
				? { coupons: held.slice(0, 1), error: count > 1 ? ISSUE_ERRORS.onePerCustomer : undefined }
				: refusal(ISSUE_ERRORS.alreadyHasCoupon);
		}

		const allowed = this.allowance(series, held.length, count);
		const coupons: IssuedCoupon[] = [];
		for (let i = 0; i < allowed.count; i++) coupons.push(this.create(series, request));
		return { coupons, error: allowed.error };
	}

	/** Redeems a coupon by its code; undefined when there is none. */
	redeem(code: string, transactionNumber: string | null = null): Redemption | undefined {
		const coupon = this.couponByCode(code);
		if (!coupon) return undefined;
		return this.addRedemption(coupon, this.now(), transactionNumber, STORES[1] ?? STORES[0]);
	}

	/** How many of `count` may be issued now; the tightest rule gives the error. */
	private allowance(
		series: Series,
		held: number,
		count: number,
	): { count: number; error?: ApiError } {
		const { issued } = this.countersOf(series.id);
		const rules: Array<{ left: number; error: ApiError }> = [];
		if (series.genericCode !== undefined) rules.push({ left: 1, error: ISSUE_ERRORS.genericOnce });
		if (series.onePerCustomer) rules.push({ left: 1, error: ISSUE_ERRORS.onePerCustomer });
		if (series.maxPerCustomer !== undefined) {
			rules.push({ left: series.maxPerCustomer - held, error: ISSUE_ERRORS.maxPerCustomer });
		}
		if (series.uploaded !== undefined) {
			rules.push({ left: series.uploaded - issued, error: ISSUE_ERRORS.stockShort });
		}
		if (series.maxCreate !== undefined) {
			rules.push({ left: series.maxCreate - issued, error: ISSUE_ERRORS.seriesFull });
		}
		let result: { count: number; error?: ApiError } = { count };
		for (const rule of rules) {
			if (rule.left < result.count) result = { count: Math.max(0, rule.left), error: rule.error };
		}
		return result;
	}

	private heldBy(customerId: number, seriesId: number): IssuedCoupon[] {
		return this.held.get(`${customerId}/${seriesId}`) ?? [];
	}

	private create(series: Series, request: IssueRequest): IssuedCoupon {
		const coupon: IssuedCoupon = {
			couponId: this.nextCouponId++,
			code: series.genericCode ?? this.freshCode(series),
			seriesId: series.id,
			customerId: request.customer.id,
			issuedAt: this.now(),
			callIndex: request.callIndex,
			store: request.store,
			...(request.metadata ? { metadata: request.metadata } : {}),
			redemptions: [],
		};
		this.keep(coupon);
		this.ledger.push(coupon);
		return coupon;
	}

	private freshCode(series: Series): string {
		for (;;) {
			const code = makeCode(series.codes, ++this.codesMade);
			if (!this.byCode.has(code.toUpperCase())) return code;
		}
	}

	private keep(coupon: IssuedCoupon): void {
		this.byCouponId.set(coupon.couponId, coupon);
		const code = coupon.code.toUpperCase();
		// A generic code belongs to many coupons; a lookup by code finds the first one.
		if (!this.byCode.has(code)) this.byCode.set(code, coupon);
		append(this.byCustomer, coupon.customerId, coupon);
		append(this.held, `${coupon.customerId}/${coupon.seriesId}`, coupon);
		const counters = this.countersOf(coupon.seriesId);
		counters.issued++;
		counters.lastIssuedAt = Math.max(counters.lastIssuedAt, coupon.issuedAt);
	}

	private addRedemption(
		coupon: IssuedCoupon,
		at: number,
		transactionNumber: string | null,
		store: Store,
	): Redemption {
		const redemption = { id: this.nextRedemptionId++, at, transactionNumber, store };
		coupon.redemptions.push(redemption);
		const counters = this.countersOf(coupon.seriesId);
		counters.redeemed++;
		counters.lastRedeemedAt = Math.max(counters.lastRedeemedAt, at);
		this.redemptionCount++;
		return redemption;
	}

	/** Coupons that exist from the start: those of the pages' examples, and 250 for paging. */
	private seedCoupons(): void {
		const [main, downtown = main] = STORES;
		const seed = (
			couponId: number,
			code: string,
			seriesId: number,
			customerId: number,
			issuedAt: number,
		): IssuedCoupon => {
			const coupon: IssuedCoupon = {
				couponId,
				code,
				seriesId,
				customerId,
				issuedAt,
				callIndex: -1,
				store: main,
				redemptions: [],
			};
			this.keep(coupon);
			return coupon;
		};
		const sawyer = 98662653;
		const bought = seed(163267982, '6WRNA5UM', 868760, sawyer, Date.parse('2019-07-29T16:13:14Z'));
		this.addRedemption(bought, Date.parse('2021-05-17T19:07:54Z'), 'TXN12345', downtown);
		seed(163267983, 'vmqvzcvymt', 68579, sawyer, Date.parse('2024-03-01T08:00:00Z'));
		seed(163267984, 'abAB123', 544770, sawyer, Date.parse('2025-01-15T20:30:00Z'));
		seed(163267985, '5875447216353555', 868760, 566881933, Date.parse('2025-10-09T06:45:52Z'));
		seed(163267986, 'YTOWAEN5N0', 757291, 566881933, Date.parse('2025-04-25T12:29:05Z'));

		const first = Date.parse('2025-02-01T10:00:00Z');
		for (let i = 0; i < 250; i++) {
			const code = `MANY${String(i).padStart(4, '0')}`;
			seed(163270000 + i, code, 868760, MANY_COUPONS_CUSTOMER, first + i * (DAY_MS / 4));
		}
	}
}

function refusal(error: ApiError): IssueResult {
	return { coupons: [], error };
}

function append<K>(map: Map<K, IssuedCoupon[]>, key: K, coupon: IssuedCoupon): void {
	const list = map.get(key);
	if (list) list.push(coupon);
	else map.set(key, [coupon]);
}
