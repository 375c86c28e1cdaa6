import { makeCode } from './codes';
import {
	customerFromMobile,
	MANY_COUPONS_CUSTOMER,
	seedCustomers,
	seedSeries,
	STORES,
} from './data';
import type { ApiError } from './errors';
import { inLeftColumn, ISSUE_ERRORS } from './errors';
import type { SandboxSettings } from './settings';
import { DAY_MS, validity } from './time';
import type {
	Customer,
	CustomerKeys,
	IssuedCoupon,
	Metadata,
	Redemption,
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

/** Coupons that are there without a call: not in the ledger, shown at once. */
export interface GivenCoupons {
	customer: CustomerKeys;
	seriesId: number;
	/** Default 1. */
	count?: number;
	/** Milliseconds since 1970; now unless told. */
	issuedAt?: number;
	/** Last day of validity, `YYYY-MM-DD`; that of the series unless told. */
	validTill?: string;
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

	revokedCount = 0;

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
		// Count what happens from now on, as the ledger does.
		this.redemptionCount = 0;
		this.revokedCount = 0;
	}

	addCustomer(customer: Customer): void {
		this.customers.set(customer.id, customer);
		if (customer.mobile) this.byMobile.set(customer.mobile, customer);
		if (customer.email) this.byEmail.set(customer.email.toLowerCase(), customer);
		if (customer.externalId) this.byExternalId.set(customer.externalId, customer);
	}

	/** The customer of a request. No page says what happens when several identifiers disagree. */
	findCustomer(keys: CustomerKeys): Customer | undefined {
		const { ignoresMobilePlus, severalIdentifiers, anyCustomer } = this.settings;
		const mobile = ignoresMobilePlus ? keys.mobile?.replace(/^\+/, '') : keys.mobile;
		const lookups: Array<() => Customer | undefined> = [];
		const { id, externalId, email } = keys;
		if (id) lookups.push(() => this.customers.get(Number(id)));
		if (mobile) lookups.push(() => this.byMobile.get(mobile));
		if (externalId) lookups.push(() => this.byExternalId.get(externalId));
		if (email) lookups.push(() => this.byEmail.get(email.toLowerCase()));
		if (severalIdentifiers === 'agree' && lookups.length > 1) {
			const [first, ...others] = lookups.map((lookup) => lookup());
			return others.every((other) => other === first) ? first : undefined;
		}
		for (const lookup of lookups) {
			const known = lookup();
			if (known) return known;
		}
		const made = anyCustomer && mobile ? customerFromMobile(mobile) : undefined;
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

	/** Every coupon of a customer, revoked ones and those that do not show yet included. */
	couponsOf(customerId: number): IssuedCoupon[] {
		return this.byCustomer.get(customerId) ?? [];
	}

	/** Whether lookups show a coupon now. */
	shows(coupon: IssuedCoupon): boolean {
		if (coupon.revokedAt !== undefined && this.settings.revokedCoupons === 'gone') return false;
		const isOld = coupon.callIndex < 0 || this.settings.showsAfterMs <= 0;
		return isOld || coupon.issuedAt + this.settings.showsAfterMs <= this.now();
	}

	/** The two ends of a coupon's validity. */
	validityOf(coupon: IssuedCoupon): { validTill: number; end: number } {
		return validity(
			coupon.validTill ?? this.series.get(coupon.seriesId)?.validTill ?? '1970-01-01',
		);
	}

	/** Issues as many coupons as the rules of the series allow, and says why not more. */
	issue(request: IssueRequest): IssueResult {
		const result = this.tryIssue(request);
		const { coupons, error } = result;
		if (coupons.length > 0 || !error || this.settings.refusalCodes === 'right') return result;
		return { coupons, error: inLeftColumn(error) };
	}

	private tryIssue(request: IssueRequest): IssueResult {
		const { customer, count } = request;
		const series = this.series.get(request.seriesId);
		if (!series) return refusal(ISSUE_ERRORS.seriesInvalid);
		if (series.external) {
			return refusal({ ...ISSUE_ERRORS.seriesInvalid, code: this.settings.externalSeriesCode });
		}
		if (validity(series.validTill).end < this.now()) return refusal(ISSUE_ERRORS.expired);
		if (series.queueEmpty) return refusal(ISSUE_ERRORS.queueEmpty);
		if (series.excludes?.some((other) => this.heldBy(customer.id, other).length > 0)) {
			return refusal({ ...ISSUE_ERRORS.alreadyHasCoupon, code: this.settings.exclusiveCode });
		}

		const held = this.heldBy(customer.id, series.id);
		const again = this.sentAgain(series, held);
		if (again) {
			return { coupons: [again], error: count > 1 ? ISSUE_ERRORS.onePerCustomer : undefined };
		}
		const onlyOne = series.genericCode !== undefined || series.onePerCustomer === true;
		const blocking = series.doNotResendExistingVoucher === false ? [] : held;
		if (onlyOne && blocking.length > 0) return refusal(ISSUE_ERRORS.alreadyHasCoupon);

		const allowed = this.allowance(series, held.length, count);
		const coupons: IssuedCoupon[] = [];
		for (let i = 0; i < allowed.count; i++) coupons.push(this.create(series, request));
		return { coupons, error: allowed.error };
	}

	/** The coupon that a series hands out again in place of a new one: the newest that counts. */
	private sentAgain(series: Series, held: IssuedCoupon[]): IssuedCoupon | undefined {
		if (series.doNotResendExistingVoucher !== false) return undefined;
		const counts = (coupon: IssuedCoupon) =>
			this.settings.resendDeadCoupons ||
			(coupon.redemptions.length === 0 && this.validityOf(coupon).end >= this.now());
		return held.filter(counts).at(-1);
	}

	/** Puts coupons there without a call; undefined for an unknown customer or series. */
	give(given: GivenCoupons): IssuedCoupon[] | undefined {
		const { seriesId, count = 1, issuedAt = this.now(), validTill, metadata } = given;
		const customer = this.findCustomer(given.customer);
		const series = this.series.get(seriesId);
		if (!customer || !series) return undefined;
		const details = { issuedAt, callIndex: -1, store: STORES[0], validTill, metadata };
		return Array.from({ length: count }, () => this.make(series, customer, details));
	}

	/** Redeems a coupon by its code; undefined when there is none. */
	redeem(code: string, transactionNumber: string | null = null): Redemption | undefined {
		const coupon = this.couponByCode(code);
		if (!coupon) return undefined;
		return this.addRedemption(coupon, this.now(), transactionNumber, STORES[1] ?? STORES[0]);
	}

	/** Lets a coupon expire before its series: its last day is the one given. */
	expire(code: string, lastDay = '2020-01-31'): IssuedCoupon | undefined {
		const coupon = this.couponByCode(code);
		if (coupon) coupon.validTill = lastDay;
		return coupon;
	}

	/** Takes a coupon back, which the caller has found to be possible. */
	revoke(coupon: IssuedCoupon): void {
		coupon.revokedAt = this.now();
		this.revokedCount++;
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

	/** The coupons of a series that count against its rules for a customer. */
	private heldBy(customerId: number, seriesId: number): IssuedCoupon[] {
		const held = this.held.get(`${customerId}/${seriesId}`) ?? [];
		return this.revokedCount > 0 && this.settings.revokeMakesRoom
			? held.filter(({ revokedAt }) => revokedAt === undefined)
			: held;
	}

	private create(series: Series, request: IssueRequest): IssuedCoupon {
		const { customer, store, callIndex, metadata } = request;
		const coupon = this.make(series, customer, {
			issuedAt: this.now(),
			callIndex,
			store,
			metadata,
		});
		this.ledger.push(coupon);
		return coupon;
	}

	private make(
		series: Series,
		customer: Customer,
		details: Pick<IssuedCoupon, 'issuedAt' | 'callIndex' | 'store' | 'validTill' | 'metadata'>,
	): IssuedCoupon {
		const coupon: IssuedCoupon = {
			couponId: this.nextCouponId++,
			code: series.genericCode ?? this.freshCode(series),
			seriesId: series.id,
			customerId: customer.id,
			...details,
			redemptions: [],
		};
		this.keep(coupon);
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

		const used = seed(
			163267987,
			'USEDUSED0001',
			960041,
			400000251,
			Date.parse('2025-03-01T10:00:00Z'),
		);
		this.addRedemption(used, Date.parse('2025-03-02T10:00:00Z'), 'TXN20001', downtown);
		const expired = Date.parse('2025-03-01T10:00:00Z');
		seed(163267988, 'GONEGONE0001', 960041, 400000252, expired).validTill = '2025-03-31';

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
