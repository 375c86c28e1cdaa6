import { sleep } from 'n8n-workflow';

import { isObject, listIn } from '../nodes/shared/answer/body';
import type { Untyped } from '../test/support/untyped';
import {
	codeOf,
	couponsIn,
	dataIn,
	fieldsOf,
	isExpired,
	isRedeemed,
	MADE_UP,
	Reads,
	seriesIn,
} from './Reads';
import { say } from './safe';
import { type Observation, once, type RunOptions, Unanswered } from './Session';
import type { Exchange } from './Wire.cts';

/** What the person at the terminal has agreed to. */
export interface Agreed {
	/** The series to issue of; the first is the main one. */
	series: string[];
	/** Issues two coupons at the same moment. */
	twoAtOnce: boolean;
	/** Takes the coupons of this check back. */
	revoke: boolean;
}

/** One issue call, and what came of it. */
export interface Attempt extends Observation {
	seriesId: string;
	codes: string[];
	/** The customer held a coupon of this series before. */
	isRepeated: boolean;
}

/** Seconds after an issue call at which the lists are looked at; Issue Once looks after 2, 5 and 15. */
const LOOKS = [0, 1, 2, 3, 5, 10, 15, 30];

const NO_SERIES = '2000000011';

/** Observations of calls that issue and revoke. */
export class Writes {
	/** Every issue call that was meant to succeed. */
	readonly attempts: Attempt[] = [];

	constructor(
		readonly reads: Reads,
		readonly agreed: Agreed,
	) {}

	/** One coupon of the main series. */
	readonly first = once(async () => await this.issue(this.main));

	/** Seconds until the first coupon shows, in each list: when it was last missing, and first seen. */
	readonly delay = once(async () => {
		const { codes, last } = await this.first();
		const [code] = codes;
		if (code === undefined) throw new Unanswered(say`no coupon was issued`);
		if ((await this.heldCodes()).includes(code)) {
			throw new Unanswered(say`the series answered a coupon that the customer had`);
		}
		const issuedAt = last.sentAt + last.ms;
		const lists = {
			customerCoupons: async () => codesOf(couponsIn(await this.newestOf(this.main))),
			getCoupon: async () => codesOf(dataIn(await this.reads.getCoupon([code]))),
		};
		return await measure(code, issuedAt, lists);
	});

	/** Two coupons of the main series with metadata. */
	readonly two = once(async () => {
		await this.first();
		const metadata = {
			sourceType: 'Check',
			sourceId: MADE_UP,
			notes: 'Check against a live system',
		};
		return await this.issueMultiple(this.main, 2, { metadata });
	});

	/** One coupon by Issue Coupon, with metadata put into its request. */
	readonly singleWithMetadata = once(async () => {
		await this.first();
		return await this.issue(this.main, ({ body }) => {
			body.metadata = { sourceId: MADE_UP };
		});
	});

	readonly longMetadata = once(async () => {
		await this.first();
		return await this.issueMultiple(this.main, 1, {}, ({ body }) => {
			body.metadata = { sourceId: 's'.repeat(51) };
		});
	});

	readonly byCustomerId = once(
		async () => await this.issueMultiple(this.main, 1, await this.customerById()),
	);

	/** The node's fields that name the customer by Capillary's own ID. */
	private async customerById(): Promise<object> {
		const { last } = await this.first();
		const { customer } = last.body;
		const id = isObject(customer) ? String(customer.id ?? '') : '';
		if (!/^\d+$/.test(id)) throw new Unanswered(say`no customer ID is known`);
		return fieldsOf({ type: 'id', value: id });
	}

	readonly negativeCount = once(
		async () =>
			await this.refused('issueMultiple', this.main, ({ body }) => {
				body.count = -1;
			}),
	);

	readonly unknownSeries = once(async () => await this.refused('issue', NO_SERIES));

	/** What became of the metadata: the coupons' issue details, by code. */
	readonly details = once(async () => {
		const attempts = [await this.first(), await this.two(), await this.singleWithMetadata()];
		const codes = [...attempts, await this.longMetadata()].flatMap((one) => one.codes);
		if (codes.length === 0) throw new Unanswered(say`no coupon was issued`);
		const options = { includeIssualDetails: true, couponCodeCase: 'AS_IT_IS' };
		const byCode = new Map<string, Untyped>();
		for (const afterSeconds of [0, 2, 5, 15]) {
			await sleep(afterSeconds * 1_000);
			for (const one of dataIn(await this.reads.getCoupon(codes, { options }))) {
				byCode.set(String(codeOf(one)).toLowerCase(), one);
			}
			if (codes.every((code) => byCode.has(code.toLowerCase()))) break;
		}
		return byCode;
	});

	async detailsOf({ codes }: Attempt): Promise<{ details: unknown } | undefined> {
		const coupon = (await this.details()).get(String(codes[0]).toLowerCase());
		return coupon && { details: coupon.couponIssualDetails };
	}

	/** When the list says that a coupon was issued, and when it really was. */
	async createdOf({ codes, last }: Attempt): Promise<{ created: unknown; at: number } | undefined> {
		await this.delay();
		const coupons = couponsIn(await this.newestOf(this.main));
		const coupon = coupons.find((one) => same(String(codeOf(one)), String(codes[0])));
		return coupon && { created: coupon.created_date, at: last.sentAt };
	}

	/** All series, as far as their rules let coupons out; then every attempt is known. */
	readonly asAllowed = once(async () => {
		await this.issueAsAllowed().catch((error: unknown) => {
			// What was seen until then still tells something.
			if (this.attempts.length === 0) throw error;
		});
		return this.attempts;
	});

	private async issueAsAllowed(): Promise<void> {
		for (const work of [this.first, this.two, this.singleWithMetadata, this.byCustomerId]) {
			await work().catch(() => undefined);
		}
		for (const seriesId of this.agreed.series) {
			const isMain = seriesId === this.main;
			if ((await this.deadOf(seriesId)).length > 0) {
				if (!isMain) await this.issue(seriesId);
				continue;
			}
			// A series with a limit shows it in the first call that gives less than was asked for.
			for (let call = 1; call <= 3; call += 1) {
				const { codes } = await this.issueMultiple(seriesId, 2);
				if (codes.length === 0 || (codes.length === 2 && (isMain || call > 1))) break;
			}
		}
	}

	/** The used and expired coupons of a series that the customer held before, if there are no others. */
	async deadOf(seriesId: string): Promise<string[]> {
		const ofSeries = (await this.reads.held()).coupons.filter(
			({ series_id: id }) => String(id) === seriesId,
		);
		return ofSeries.every((one) => isExpired(one) || isRedeemed(one)) ? codesOf(ofSeries) : [];
	}

	/** Two calls for one customer at the same moment, named in two ways: else one would wait for the other. */
	readonly atOnce = once(async () => {
		if (!this.agreed.twoAtOnce) throw new Unanswered(say`\`--two-at-once\` was not given`);
		// What the two need is asked for before.
		const named = await this.customerById();
		const { wire } = this.reads;
		const before = wire.exchanges.length;
		await wire.inBurst(2, 2, async () => {
			await Promise.allSettled([this.issue(this.main), this.issue(this.main, undefined, named)]);
		});
		return wire.exchanges.slice(before);
	});

	/** Coupons of a series that this check has issued, and not those that the customer had. */
	async ownCodes(seriesId: string): Promise<string[]> {
		await this.asAllowed();
		const held = await this.heldCodes();
		const codes = this.attempts
			.filter((one) => one.seriesId === seriesId)
			.flatMap((one) => one.codes);
		return [...new Set(codes)].filter((code) => !held.includes(code));
	}

	readonly revokeUnknown = once(async () => await this.revoke(this.main, [MADE_UP]));

	/** One own coupon by its code, with the customer put beside it. */
	readonly revokeByBoth = once(async () => {
		const codes = await this.ownCodes(this.main);
		const { type, value } = this.reads.customer();
		if (codes.length < 2) throw new Unanswered(say`fewer than two coupons were issued`);
		await this.onlyOwn(this.main);
		return await this.revoke(this.main, codes.slice(0, 1), ({ body }) => {
			body.customer = { [type]: type === 'id' ? Number(value) : value };
		});
	});

	/** All other coupons that this check has issued. */
	readonly revokeOwn = once(async () => {
		// A coupon that was taken back shows no delay any more.
		await this.delay().catch(() => undefined);
		await this.revokeByBoth().catch(() => undefined);
		let ofMain: Observation | undefined;
		for (const seriesId of this.agreed.series) {
			if (await this.isGeneric(seriesId)) continue;
			const codes = (await this.ownCodes(seriesId)).slice(0, 50);
			if (codes.length === 0) continue;
			const result = await this.revoke(seriesId, codes);
			if (seriesId === this.main) ofMain = result;
		}
		if (!ofMain) throw new Unanswered(say`there was no coupon to take back`);
		return ofMain;
	});

	/** The lists after that. */
	readonly afterRevoke = once(async () => {
		const [code] = revokedIn((await this.revokeOwn()).last);
		if (code === undefined) throw new Unanswered(say`no coupon was taken back`);
		const { shownMs = 0 } = (await this.delay()).customerCoupons;
		await sleep(Math.min(30_000, shownMs));
		const isIn = (coupons: Untyped[]) => codesOf(coupons).some((one) => same(one, code));
		return {
			inCustomerCoupons: isIn(couponsIn(await this.newestOf(this.main))),
			inGetCoupon: isIn(dataIn(await this.reads.getCoupon([code]))),
		};
	});

	/** A series that let nothing more out, again after its coupons were taken back. */
	readonly roomAfterRevoke = once(async () => {
		await this.revokeOwn().catch(() => undefined);
		for (const seriesId of this.agreed.series) {
			const attempts = this.attempts.filter((one) => one.seriesId === seriesId);
			const wasFull =
				attempts.at(-1)?.codes.length === 0 && attempts.some((one) => one.codes.length);
			if (!wasFull || (await this.isGeneric(seriesId))) continue;
			if ((await this.deadOf(seriesId)).length > 0) continue;
			const again = await this.issue(seriesId);
			if (again.codes.length > 0) await this.revoke(seriesId, again.codes);
			return again;
		}
		throw new Unanswered(say`no series has a limit for a customer`);
	});

	/** By customer, when all coupons of this check were taken back, and there were no others. */
	readonly nothingToRevoke = once(async () => {
		await this.revokeOwn();
		await this.roomAfterRevoke().catch(() => undefined);
		await this.onlyOwn(this.main);
		return await this.revokeByCustomer(this.main);
	});

	readonly revokeGeneric = once(async () => {
		for (const seriesId of this.agreed.series) {
			if (!(await this.isGeneric(seriesId)) || (await this.ownCodes(seriesId)).length === 0)
				continue;
			await this.onlyOwn(seriesId);
			return await this.revokeByCustomer(seriesId);
		}
		throw new Unanswered(say`no coupon of a generic series was issued`);
	});

	private get main(): string {
		const [main] = this.agreed.series;
		if (main === undefined) throw new Unanswered(say`\`--issue\` was not given`);
		return main;
	}

	private async issue(
		seriesId: string,
		alter?: RunOptions['alter'],
		more: object = {},
	): Promise<Attempt> {
		return await this.attempt(seriesId, { operation: 'issue', ...more }, alter, ({ body }) =>
			typeof body.code === 'string' && body.code !== '' && isObject(body.customer)
				? [body.code]
				: [],
		);
	}

	private async issueMultiple(
		seriesId: string,
		count: number,
		more: object = {},
		alter?: RunOptions['alter'],
	): Promise<Attempt> {
		const parameters = { operation: 'issueMultiple', count, ...more };
		return await this.attempt(seriesId, parameters, alter, ({ body }) =>
			codesOf(listIn(body.coupons, 'coupon')),
		);
	}

	private async attempt(
		seriesId: string,
		parameters: object,
		alter: RunOptions['alter'],
		codesIn: (exchange: Exchange) => string[],
	): Promise<Attempt> {
		const heldBefore = (await this.reads.held()).coupons.some(
			({ series_id: id }) => String(id) === seriesId,
		);
		const result = await this.run({ seriesId: byId(seriesId), ...parameters }, alter);
		const isRepeated =
			heldBefore || this.attempts.some((one) => one.seriesId === seriesId && one.codes.length > 0);
		const attempt = { ...result, seriesId, codes: codesIn(result.last), isRepeated };
		this.attempts.push(attempt);
		return attempt;
	}

	/** An issue call that is to be refused. */
	private async refused(operation: string, seriesId: string, alter?: RunOptions['alter']) {
		const count = operation === 'issueMultiple' ? { count: 1 } : {};
		return await this.run({ operation, seriesId: byId(seriesId), ...count }, alter);
	}

	private async run(parameters: object, alter?: RunOptions['alter']): Promise<Observation> {
		// Asks for the agreement first: nothing is issued without a series that was named for it.
		if (this.agreed.series.length === 0) throw new Unanswered(say`\`--issue\` was not given`);
		const customer = fieldsOf(this.reads.customer());
		return await this.reads.session.run({ ...customer, ...parameters }, { alter });
	}

	private async revoke(seriesId: string, couponCodes: string[], alter?: RunOptions['alter']) {
		const parameters = { operation: 'revoke', revokeBy: 'couponCodes', couponCodes };
		return await this.revokeRun({ ...parameters, seriesId: byId(seriesId) }, alter);
	}

	private async revokeByCustomer(seriesId: string): Promise<Observation> {
		const customer = fieldsOf(this.reads.customer());
		const parameters = { operation: 'revoke', revokeBy: 'customer', ...customer };
		return await this.revokeRun({ ...parameters, seriesId: byId(seriesId) });
	}

	private async revokeRun(parameters: object, alter?: RunOptions['alter']): Promise<Observation> {
		if (!this.agreed.revoke) throw new Unanswered(say`\`--revoke\` was not given`);
		return await this.reads.session.run(parameters, { alter });
	}

	/** By customer, a call takes back whatever is there: only where nothing was before. */
	private async onlyOwn(seriesId: string): Promise<void> {
		const others = (await this.reads.held()).coupons.filter(
			(one) => String(one.series_id) === seriesId && !isRedeemed(one),
		);
		if (others.length > 0) {
			throw new Unanswered(say`the customer held other coupons of the series, which must stay`);
		}
	}

	private async isGeneric(seriesId: string): Promise<boolean> {
		const series = seriesIn(await this.reads.series());
		return series.some(
			({ id, client_handling_type: type }) => String(id) === seriesId && type === 'GENERIC',
		);
	}

	private async heldCodes(): Promise<string[]> {
		return codesOf((await this.reads.held()).coupons);
	}

	private async newestOf(seriesId: string): Promise<Observation> {
		return await this.reads.session.run({
			operation: 'getCustomerCoupons',
			...fieldsOf(this.reads.customer()),
			limit: 200,
			filters: { seriesId: byId(seriesId) },
			options: { maxWait: 2, orderBy: 'created_date', sortOrder: 'desc' },
		});
	}
}

/** How long a coupon was missing from a list, and when it was seen there first. */
interface Delay {
	missingMs?: number;
	shownMs?: number;
}

/** Looks into lists again and again until a code stands in all of them. */
async function measure<List extends string>(
	code: string,
	issuedAt: number,
	lists: Record<List, () => Promise<string[]>>,
): Promise<Record<List, Delay>> {
	const delays = Object.fromEntries(Object.keys(lists).map((name) => [name, {}])) as Record<
		List,
		Delay
	>;
	for (const second of LOOKS) {
		const missing = (Object.keys(lists) as List[]).filter(
			(name) => delays[name].shownMs === undefined,
		);
		if (missing.length === 0) break;
		// Behind the pace of the calls, a look would come too late for its second.
		if (second > 0 && Date.now() > issuedAt + (second + 2) * 1_000) continue;
		await sleep(Math.max(0, issuedAt + second * 1_000 - Date.now()));
		for (const name of missing) {
			const passed = Date.now() - issuedAt;
			const isShown = (await lists[name]()).some((one) => same(one, code));
			delays[name][isShown ? 'shownMs' : 'missingMs'] = passed;
		}
	}
	return delays;
}

function byId(value: string) {
	return { __rl: true, mode: 'id', value };
}

function codesOf(coupons: Untyped[]): string[] {
	return coupons.map(codeOf).filter((code) => code !== undefined);
}

/** Get Coupon gives codes in upper case. */
function same(one: string, other: string): boolean {
	return one.toLowerCase() === other.toLowerCase();
}

/** The body of a revoke answer, with or without `entity` around it. */
export function revokeBodyOf({ body }: Exchange): Record<string, unknown> {
	return isObject(body.entity) ? body.entity : body;
}

/** The codes that an answer of Revoke Coupons names as revoked. */
export function revokedIn(exchange: Exchange): string[] {
	return listIn(revokeBodyOf(exchange).revokedCoupons, 'coupon').map(({ couponCode }) =>
		String(couponCode),
	);
}
