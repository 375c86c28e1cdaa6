import { randomBytes } from 'node:crypto';
import { sleep } from 'n8n-workflow';

import { isObject, listIn } from '../nodes/shared/answer/body';
import type { Untyped } from '../test/support/untyped';
import { say } from './safe';
import {
	type Login,
	type Observation,
	once,
	type RunOptions,
	Session,
	Unanswered,
} from './Session';
import type { Outgoing, Wire } from './Wire.cts';

/** Who is asked about: a field of the node, and its value. */
export interface Customer {
	type: 'mobile' | 'email' | 'externalId' | 'id';
	value: string;
}

/** What the person at the terminal has given. */
export interface Asked {
	basic?: Login;
	oauth?: Login;
	customer?: Customer;
	/** How long the check may wait for the end of a token's life. */
	tokenWaitMs: number;
}

/** A name that nobody has. */
export const MADE_UP = `LIVECHECK${randomBytes(5).toString('hex').toUpperCase()}`;
const NO_SERIES = 2_000_000_011;
const DAY_MS = 86_400_000;

const QUERY_NAMES = { mobile: 'mobile', email: 'email', externalId: 'external_id', id: 'id' };

/** Observations that change nothing. Each is made once, when the first probe asks for it. */
export class Reads {
	readonly session: Session;

	constructor(
		readonly wire: Wire,
		readonly asked: Asked,
	) {
		const login = asked.basic ?? asked.oauth;
		if (!login) throw new Error('A login is needed');
		this.session = new Session(wire, login);
	}

	readonly credentialTest = once(async () => await this.session.credentialTest({}));

	readonly oauthTest = once(
		async () => await this.session.credentialTest({ login: this.oauth(), hostEnding: '/' }),
	);

	readonly series = once(async () => await this.session.series());

	readonly extendedSeries = once(
		async () => await this.session.series(({ query }) => query.set('expired', 'extended')),
	);

	readonly unknownSeries = once(
		async () => await this.session.series(({ query }) => query.set('id', String(NO_SERIES))),
	);

	/** All coupons of the customer, in the order that the API gives them in. */
	readonly held = once(async () => {
		const asked = await this.list({}, ({ query }) => query.set('limit', '1000'));
		return { ...asked, coupons: couponsIn(asked) };
	});

	readonly secondOfList = once(async () => {
		const asked = await this.list({}, ({ query }) => {
			query.set('limit', '1');
			query.set('offset', '1');
		});
		return couponsIn(asked);
	});

	readonly byValidTill = once(async () => {
		const options = { maxWait: 2, orderBy: 'valid_till', sortOrder: 'asc' };
		return couponsIn(await this.list({ options }));
	});

	async ofSeries(seriesId: string): Promise<Untyped[]> {
		const filters = { seriesId: { __rl: true, mode: 'id', value: seriesId } };
		return couponsIn(await this.list({ filters }));
	}

	async issuedOn(day: string): Promise<Untyped[]> {
		return couponsIn(await this.list({ filters: { startDate: day, endDate: day } }));
	}

	async withStatus(status: string): Promise<Observation & { coupons: Untyped[] }> {
		const asked = await this.list({}, ({ query }) => {
			query.set('limit', '1000');
			query.set('status', status);
		});
		return { ...asked, coupons: couponsIn(asked) };
	}

	readonly unknownCustomer = once(
		async () => await this.listOf({ type: 'externalId', value: MADE_UP }),
	);

	/** The customer's mobile number with a plus before it. */
	readonly withPlus = once(async () => {
		const { last } = await this.held();
		const [customer] = customersIn(last.body);
		const mobile = customer?.mobile;
		if (typeof mobile !== 'string' || !/^\d+$/.test(mobile)) {
			throw new Unanswered(say`the customer has no mobile number of digits`);
		}
		return await this.listOf({ type: 'mobile', value: `+${mobile}` });
	});

	/** The customer's identifier, and beside it one that nobody has. */
	readonly severalIdentifiers = once(async () => {
		const { type } = this.customer();
		const other = type === 'externalId' ? 'mobile' : 'externalId';
		const made = other === 'mobile' ? '10000000001' : MADE_UP;
		return await this.list({}, ({ query }) => query.set(QUERY_NAMES[other], made));
	});

	readonly unknownCodes = once(async () => await this.getCoupon([`${MADE_UP}A`, `${MADE_UP}B`]));

	readonly byCustomerId = once(async () => {
		const { last } = await this.held();
		const id = String(customersIn(last.body)[0]?.id ?? '');
		if (!/^\d+$/.test(id)) throw new Unanswered(say`the customer's list names no customer ID`);
		return await this.getCoupon([id], { lookupBy: 'issuedToIds' });
	});

	/** Up to three coupons, asked for in an order that no sorting by ID gives; with all details. */
	readonly severalCoupons = once(async () => {
		const { coupons } = await this.held();
		const sorted = [...coupons].sort((a, b) => Number(a.id) - Number(b.id)).map(codeOf);
		const [first, second, third] = [...new Set(sorted)];
		const codes = [second, third, first].filter((code) => code !== undefined);
		if (codes.length === 0) throw new Unanswered(say`the customer holds no coupons`);
		const options = { showCouponSeries: true, includeIssualDetails: true };
		return { codes, ...(await this.getCoupon(codes, { options })) };
	});

	readonly askedTwice = once(async () => {
		const code = await this.someCode();
		return await this.getCoupon([code], {}, ({ query }) => query.append('couponCodes', code));
	});

	async inCase(couponCodeCase: string): Promise<Untyped[]> {
		const code = await this.someCode();
		return listIn(
			(await this.getCoupon([code], { options: { couponCodeCase } })).last.body.data,
			'',
		);
	}

	readonly byListId = once(async () => {
		const { coupons } = await this.held();
		const id = String(coupons[0]?.id ?? '');
		if (!/^\d+$/.test(id)) throw new Unanswered(say`the customer holds no coupons`);
		return { code: codeOf(coupons[0]), ...(await this.getCoupon([id], { lookupBy: 'couponIds' })) };
	});

	readonly nothingToLookFor = once(
		async () => await this.getCoupon([MADE_UP], {}, ({ query }) => query.delete('couponCodes')),
	);

	readonly malformed = once(
		async () =>
			await this.getCoupon(['1'], { lookupBy: 'couponIds' }, ({ query }) =>
				query.set('couponIds', 'abc'),
			),
	);

	readonly wrongLogin = once(async () => await this.getCoupon([MADE_UP], {}, wrongLogin));

	readonly wrongLoginOnList = once(
		async () => await this.listOf({ type: 'externalId', value: MADE_UP }, wrongLogin),
	);

	readonly wrongLoginAndNothing = once(
		async () =>
			await this.getCoupon([MADE_UP], {}, (request) => {
				wrongLogin(request);
				request.query.delete('couponCodes');
			}),
	);

	readonly upperCaseHash = once(async () => {
		if (!this.asked.basic) throw new Unanswered(say`no user name and password were given`);
		return await this.getCoupon([MADE_UP], {}, ({ headers }) => {
			const login = Buffer.from(String(headers.authorization).slice(6), 'base64').toString();
			const upper = login.replace(/:[^:]*$/, (hash) => hash.toUpperCase());
			headers.authorization = `Basic ${Buffer.from(upper).toString('base64')}`;
		});
	});

	/** A key and secret that nobody has: the token service answers without any login. */
	readonly wrongClient = once(async () => {
		const login = { authentication: 'oauth', clientKey: MADE_UP, clientSecret: MADE_UP };
		return await this.session.run(getCoupon([MADE_UP]), { login });
	});

	readonly otherContentType = once(async () => {
		const made = `${MADE_UP}C`;
		const login = { authentication: 'oauth', clientKey: made, clientSecret: made };
		const alter = ({ headers }: Outgoing) => {
			headers['content-type'] = 'text/plain';
		};
		return await this.session.run(getCoupon([MADE_UP]), { login, alter });
	});

	/** A token, and what the API says of its life. */
	readonly token = once(async () => {
		const { exchanges } = await this.oauthTest();
		const tokenCall = exchanges.find(({ path }) => path.startsWith('/v3/'));
		const last = exchanges.find(({ token }) => token !== undefined);
		const data = isObject(tokenCall?.body.data) ? tokenCall.body.data : {};
		if (!last?.token) throw new Unanswered(say`no token was given`);
		const lifeMs = Number(data.ttlSeconds) * 1_000;
		return { value: last.token, givenAt: tokenCall?.sentAt ?? 0, lifeMs, last };
	});

	/** The older token again, after another one was given. */
	readonly olderToken = once(async () => {
		const { value } = await this.token();
		const login = this.oauth();
		const newer = await this.session.run(getCoupon([MADE_UP]), { login, hostEnding: '//' });
		if (newer.last.token === value) throw new Unanswered(say`the same token was given again`);
		return await this.withToken(value);
	});

	async withToken(value: string): Promise<Observation> {
		return await this.session.run(getCoupon([MADE_UP]), {
			login: this.oauth(),
			hostEnding: '//',
			alter: ({ headers }) => {
				if (headers['x-cap-api-oauth-token']) headers['x-cap-api-oauth-token'] = value;
			},
		});
	}

	readonly wrongToken = once(async () => await this.withToken(MADE_UP));

	readonly unknownTill = once(async () => {
		const login = { ...this.oauth(), attributionType: 'TILL', attributionCode: MADE_UP };
		return await this.session.run(getCoupon([MADE_UP]), { login, hostEnding: '/' });
	});

	async wait(ms: number): Promise<void> {
		if (ms > 0) await sleep(ms);
	}

	oauth(): Login {
		const { oauth } = this.asked;
		if (!oauth) throw new Unanswered(say`no client key and secret were given`);
		return oauth;
	}

	customer(): Customer {
		const { customer } = this.asked;
		if (!customer) throw new Unanswered(say`no customer was given`);
		return customer;
	}

	async getCoupon(
		values: string[],
		more: object = {},
		alter?: RunOptions['alter'],
	): Promise<Observation> {
		return await this.session.run({ ...getCoupon(values), ...more }, { alter });
	}

	private async list(more: object = {}, alter?: RunOptions['alter']): Promise<Observation> {
		return await this.listOf(this.customer(), alter, more);
	}

	private async listOf(customer: Customer, alter?: RunOptions['alter'], more: object = {}) {
		// The node reads no second page: it has what it wants after the first coupon.
		const limit = alter ? 1 : 200;
		const parameters = { operation: 'getCustomerCoupons', ...fieldsOf(customer), limit, ...more };
		return await this.session.run(parameters, { alter });
	}

	private async someCode(): Promise<string> {
		const code = codeOf((await this.held()).coupons[0]);
		if (!code) throw new Unanswered(say`the customer holds no coupons`);
		return code;
	}
}

function getCoupon(values: string[]) {
	return { operation: 'getCoupon', lookupBy: 'couponCodes', lookupValues: values };
}

/** The node's fields that name a customer. */
export function fieldsOf({ type, value }: Customer): Record<string, string> {
	return { customerIdentifierType: type, [type === 'id' ? 'customerId' : type]: value };
}

function wrongLogin({ headers }: Outgoing): void {
	if (headers.authorization) {
		headers.authorization = `Basic ${Buffer.from(`${MADE_UP}:0`).toString('base64')}`;
	}
	if (headers['x-cap-api-oauth-token']) headers['x-cap-api-oauth-token'] = MADE_UP;
}

/** The customers of an answer of Get Customer Coupons. */
export function customersIn({ response }: Record<string, unknown>): Untyped[] {
	return listIn(isObject(response) ? response.customers : undefined, 'customer');
}

/** The coupons of all its customers. */
export function couponsIn({ last }: Observation): Untyped[] {
	return customersIn(last.body).flatMap(({ coupons }) => listIn(coupons, 'coupon'));
}

/** The series of an answer of the series list. */
export function seriesIn({ last }: Observation): Untyped[] {
	const { response } = last.body;
	const series =
		isObject(response) && isObject(response.series) ? response.series.items : undefined;
	return listIn(series, 'item');
}

/** The coupons of an answer of Get Coupon. */
export function dataIn({ last }: Observation): Untyped[] {
	return listIn(last.body.data, 'coupon');
}

/** The code of a coupon, when it is a text. */
export function codeOf(coupon: Untyped): string | undefined {
	return typeof coupon?.code === 'string' ? coupon.code : undefined;
}

/** Over for more than a day, so in every zone. */
export function isExpired({ valid_till: end }: Untyped): boolean {
	return Date.parse(String(end).replace(' ', 'T')) + DAY_MS < Date.now();
}

/** Whether a coupon of Get Customer Coupons was redeemed at least once. */
export function isRedeemed({ redemption_count: count }: Untyped): boolean {
	return Number(count) > 0;
}
