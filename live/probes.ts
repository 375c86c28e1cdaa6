import { isObject } from '../nodes/shared/answer/body';
import type { Limits } from './Limits';
import { codeOf, customersIn, dataIn, isExpired, isRedeemed, type Reads, seriesIn } from './Reads';
import {
	code,
	count,
	dateForm,
	emptiness,
	headersOf,
	join,
	kind,
	oneOf,
	type Safe,
	say,
	seconds,
	shape,
	status,
	told,
	zone,
} from './safe';
import { Unanswered } from './Session';
import { asGuessed, judged, otherwise, unanswered, type Verdict } from './Verdict';
import { isLimited, waitOf } from './Wire.cts';
import { revokeBodyOf, revokedIn, type Writes } from './Writes';

export interface Sources {
	reads: Reads;
	writes: Writes;
	limits: Limits;
}

/** One question, how it is asked, and how the answer is judged. */
export interface Probe {
	/** `G1` as in the sandbox's README; `F1` for what its page of facts says. */
	number: string;
	question: Safe;
	answer: (sources: Sources) => Promise<Verdict>;
}

function probe<T>(
	number: string,
	question: Safe,
	ask: (sources: Sources) => Promise<T>,
	judge: (seen: T) => Verdict,
): Probe {
	return { number, question, answer: async (sources) => judge(await ask(sources)) };
}

/** A guess that no probe settles. */
function without(number: string, question: Safe, why: Safe): Probe {
	return { number, question, answer: async () => unanswered(why) };
}

const LEFT_CODES = [626, 621, 679, 702, 678];
const RIGHT_CODES = [5001, 5002, 5004, 5005, 5006];
/** Refusals that other guesses and the facts are about. */
const OTHER_REFUSALS = [521, 609, 701, 707, 709, 713, 777];

/** In the order of asking: what changes nothing, what issues, what revokes, the rate limit. */
export const PROBES: Probe[] = [
	probe(
		'F1',
		say`the credential test is green`,
		async ({ reads }) => await reads.credentialTest(),
		({ items, last }) => judged(items[0] === 'OK', told(last)),
	),
	probe(
		'F2',
		say`the credential test is green with client key and secret`,
		async ({ reads }) => await reads.oauthTest(),
		({ items, last }) => judged(items[0] === 'OK', told(last)),
	),
	probe(
		'F3',
		say`the series list is readable, every field a text`,
		async ({ reads }) => await reads.series(),
		({ last }) => {
			if (last.status !== 200 || last.codes.length > 0) return otherwise(told(last));
			const [first] = seriesIn({ last, exchanges: [], items: [] });
			const isText = typeof first?.id === 'string' && typeof first.discount_value === 'string';
			return judged(isText, isText ? say`texts` : shape(first));
		},
	),
	probe(
		'G38',
		say`\`valid_till_date\` of the series list is a day`,
		async ({ reads }) => seriesIn(await reads.series()),
		([first]) => {
			if (first?.valid_till_date === undefined) return unanswered(say`no series has the field`);
			const form = dateForm(first.valid_till_date);
			return judged(String(form) === 'YYYY-MM-DD', form);
		},
	),
	probe(
		'G39',
		say`an ID that the series list does not know is an error`,
		async ({ reads }) => await reads.unknownSeries(),
		({ last }) => judged(last.codes.length > 0, told(last)),
	),
	probe(
		'G40',
		say`\`expired=extended\` lists all series`,
		async ({ reads }) => {
			const all = seriesIn(await reads.series());
			const extended = await reads.extendedSeries();
			return { all, listed: seriesIn(extended), last: extended.last };
		},
		({ all, listed, last }) => {
			if (last.codes.length > 0) return otherwise(told(last));
			if (all.length === 0) return unanswered(say`there are no series`);
			const how = say`${count(listed.length)} of ${count(all.length)} series`;
			const isUsable = ({ valid_till_date: end }: { valid_till_date: unknown }) =>
				Date.parse(String(end).slice(0, 10)) + 2 * 86_400_000 >= Date.now();
			const over = all.filter((one) => !isUsable(one)).length;
			if (over === all.length) return unanswered(say`all series have expired`);
			return judged(listed.length >= all.length, how);
		},
	),
	probe(
		'G21',
		say`780 for coupons that are not found, one error for each`,
		async ({ reads }) => await reads.unknownCodes(),
		({ last }) =>
			judged(
				last.status === 200 && last.codes.length === 2 && last.codes.every((one) => one === 780),
				say`two unknown codes: ${told(last)}, ${count(last.codes.length)} errors`,
			),
	),
	probe(
		'F4',
		say`an unknown coupon ID is told like an unknown code`,
		async ({ reads }) => ({
			ofId: await reads.credentialTest(),
			ofCode: await reads.unknownCodes(),
		}),
		({ ofId, ofCode }) =>
			judged(String(told(ofId.last)) === String(told(ofCode.last)), told(ofId.last)),
	),
	probe(
		'G22',
		say`781 when there is nothing to look for`,
		async ({ reads }) => await reads.nothingToLookFor(),
		({ last }) => judged(last.codes[0] === 781, told(last)),
	),
	probe(
		'G8',
		say`HTTP 400 for malformed requests`,
		async ({ reads }) => await reads.malformed(),
		({ last }) => judged(last.status === 400, told(last)),
	),
	probe(
		'G9',
		say`the body of that answer is \`errors[]\``,
		async ({ reads }) => await reads.malformed(),
		({ last }) =>
			judged(Array.isArray(last.body.errors), say`${kind(last.kind)}, ${shape(last.body)}`),
	),
	probe(
		'F5',
		say`the customer's coupons are readable, \`success\` is a text`,
		async ({ reads }) => await reads.held(),
		({ last, coupons }) => {
			if (last.codes.length > 0 || last.status !== 200) return otherwise(told(last));
			const { response } = last.body;
			const overall = isObject(response) && isObject(response.status) ? response.status : {};
			return judged(
				typeof overall.success === 'string',
				say`${count(coupons.length)} coupons, \`success\` is ${shape(overall.success)}`,
			);
		},
	),
	probe(
		'G32',
		say`a list with one element stays a list`,
		async ({ reads }) => [
			(await reads.held().catch(() => undefined))?.last.body,
			(await reads.unknownCustomer()).last.body,
		],
		(bodies) => {
			const customers = bodies
				.map((body) => (isObject(body?.response) ? body.response.customers : undefined))
				.map((list) => (isObject(list) ? list.customer : undefined))
				.filter((list) => list !== undefined && list !== null);
			if (customers.length === 0) return unanswered(say`no answer has a list of customers`);
			return judged(Array.isArray(customers[0]), say`one customer is ${emptiness(customers[0])}`);
		},
	),
	probe(
		'G33',
		say`empty containers are \`{}\``,
		async ({ reads }) => {
			const held = await reads.held().catch(() => ({ coupons: [] }));
			const unused = held.coupons.find((one) => !isRedeemed(one));
			if (unused) return unused.redemptions;
			return customersIn((await reads.unknownCustomer()).last.body)[0]?.coupons;
		},
		(container) => judged(String(emptiness(container)) === '`{}`', emptiness(container)),
	),
	probe(
		'G34',
		say`a v1.1 answer in which everything failed comes with HTTP 200`,
		async ({ reads }) => await reads.unknownCustomer(),
		({ last }) =>
			last.codes.length === 0
				? unanswered(say`an unknown customer is no failure: ${told(last)}`)
				: judged(last.status === 200, told(last)),
	),
	probe(
		'F6',
		say`701 for an unknown customer`,
		async ({ reads }) => await reads.unknownCustomer(),
		({ last }) => judged(last.codes.includes(701), told(last)),
	),
	probe(
		'G28',
		say`customer coupons know \`offset\``,
		async ({ reads }) => ({ all: (await reads.held()).coupons, page: await reads.secondOfList() }),
		({ all, page }) => {
			if (all.length < 2) return unanswered(say`the customer holds fewer than two coupons`);
			const [got] = page;
			if (got?.id === all[1]?.id) return asGuessed(say`the second coupon came`);
			return otherwise(got?.id === all[0]?.id ? say`the first coupon came` : say`another came`);
		},
	),
	probe(
		'F7',
		say`customer coupons know \`limit\``,
		async ({ reads }) => ({ all: (await reads.held()).coupons, page: await reads.secondOfList() }),
		({ all, page }) =>
			all.length < 3
				? unanswered(say`the customer holds fewer than three coupons`)
				: judged(page.length === 1, say`1 asked for, ${count(page.length)} came`),
	),
	probe(
		'G29',
		say`\`limit\` has no maximum`,
		async ({ reads }) => await reads.held(),
		({ last, coupons }) => {
			const { response } = last.body;
			const { limit, total } =
				isObject(response) && isObject(response.pagination) ? response.pagination : {};
			const how = say`1000 asked for, ${count(coupons.length)} came`;
			if (coupons.length < Number(total ?? 0)) return otherwise(how);
			if (limit !== undefined && Number(limit) !== 1_000) {
				return otherwise(say`${how}, and the answer names another limit`);
			}
			return coupons.length > 200
				? asGuessed(how)
				: unanswered(
						say`the customer holds ${count(coupons.length)} coupons, of more than 200 it would show`,
					);
		},
	),
	probe(
		'G30',
		say`newest first unless an order is asked for`,
		async ({ reads }) => (await reads.held()).coupons,
		(coupons) => {
			const times = coupons.map(({ created_date: created }) => String(created));
			if (new Set(times).size < 2) return unanswered(say`the coupons are all of one moment`);
			const sorted = [...times].sort();
			if (times.join() === sorted.reverse().join()) return asGuessed(say`newest first`);
			return otherwise(
				times.join() === sorted.reverse().join() ? say`oldest first` : say`in no order of time`,
			);
		},
	),
	probe(
		'F8',
		say`\`order_by\` and \`sort_order\` sort the list`,
		async ({ reads }) => await reads.byValidTill(),
		(coupons) => {
			const ends = coupons.map(({ valid_till: end }) => String(end));
			if (new Set(ends).size < 2) return unanswered(say`all coupons end on one day`);
			return judged(ends.join() === [...ends].sort().join(), say`\`valid_till\`, \`asc\``);
		},
	),
	probe(
		'F9',
		say`\`series_id\` filters the list`,
		async ({ reads }) => {
			const { coupons } = await reads.held();
			const id = String(coupons[0]?.series_id ?? '');
			if (!/^\d+$/.test(id)) throw new Unanswered(say`the customer holds no coupons`);
			return { id, found: await reads.ofSeries(id) };
		},
		({ id, found }) =>
			judged(
				found.length > 0 && found.every(({ series_id: one }) => String(one) === id),
				say`${count(found.length)} coupons`,
			),
	),
	probe(
		'G27',
		say`\`end_date\` is exclusive ("before")`,
		async ({ reads }) => {
			const { coupons } = await reads.held();
			const days = coupons.map(({ created_date: created }) => String(created).slice(0, 10));
			const day = days.find((one) => /^2\d{3}-\d\d-\d\d$/.test(one));
			if (day === undefined) throw new Unanswered(say`no coupon has a day of issue`);
			return await reads.issuedOn(day);
		},
		(found) =>
			judged(found.length === 0, say`from a day to the same day: ${count(found.length)} coupons`),
	),
	probe(
		'G31',
		say`\`unredeemed\` holds expired coupons too`,
		async ({ reads }) => {
			const { coupons } = await reads.held();
			if (!coupons.some((one) => isExpired(one) && !isRedeemed(one))) {
				throw new Unanswered(say`the customer holds no unredeemed coupon that has expired`);
			}
			return await reads.withStatus('unredeemed');
		},
		({ coupons, last }) => {
			const over = coupons.filter(isExpired).length;
			return judged(
				over > 0,
				say`${told(last)}, ${count(over)} of ${count(coupons.length)} expired`,
			);
		},
	),
	probe(
		'G37',
		say`several \`status\` values with \`;\``,
		async ({ reads }) => {
			const { coupons } = await reads.held();
			if (coupons.length === 0) throw new Unanswered(say`the customer holds no coupons`);
			// What is empty stands first: who reads only one value finds nothing then.
			const order = coupons.some(isExpired) ? 'active;expired' : 'expired;active';
			return { all: coupons.length, ...(await reads.withStatus(order)) };
		},
		({ all, coupons, last }) =>
			judged(
				coupons.length === all,
				say`${told(last)}, ${count(coupons.length)} of ${count(all)} coupons`,
			),
	),
	probe(
		'G20',
		say`\`issuedToIds\` alone is enough for get coupon`,
		async ({ reads }) => {
			if ((await reads.held()).coupons.length === 0) {
				throw new Unanswered(say`the customer holds no coupons`);
			}
			return await reads.byCustomerId();
		},
		(seen) =>
			judged(
				dataIn(seen).length > 0,
				say`${told(seen.last)}, ${count(dataIn(seen).length)} coupons`,
			),
	),
	probe(
		'G36',
		say`\`id\` in customer coupons is what \`couponIds\` takes`,
		async ({ reads }) => await reads.byListId(),
		(seen) => {
			const isSame = dataIn(seen).some(
				(one) => codeOf(one)?.toLowerCase() === seen.code?.toLowerCase(),
			);
			return judged(isSame, isSame ? say`the same coupon came` : told(seen.last));
		},
	),
	probe(
		'G25',
		say`\`data\` of get coupon comes in the order asked for`,
		async ({ reads }) => await reads.severalCoupons(),
		(seen) => {
			const got = dataIn(seen).map((one) => codeOf(one)?.toLowerCase());
			const asked = seen.codes.map((one) => one.toLowerCase());
			if (asked.length < 2) return unanswered(say`the customer holds fewer than two coupons`);
			if (got.length !== asked.length)
				return otherwise(say`${count(got.length)} of ${count(asked.length)} came`);
			return judged(got.join() === asked.join(), say`${count(asked.length)} coupons`);
		},
	),
	probe(
		'G24',
		say`a coupon that is asked for twice comes once`,
		async ({ reads }) => await reads.askedTwice(),
		(seen) => judged(dataIn(seen).length === 1, say`it came ${count(dataIn(seen).length)} times`),
	),
	probe(
		'F10',
		say`\`coupon_code_case\`: upper case by default, lower case on demand`,
		async ({ reads }) => ({ upper: await reads.askedTwice(), lower: await reads.inCase('LOWER') }),
		({ upper, lower }) => {
			const [up, low] = [codeOf(dataIn(upper)[0]), codeOf(lower[0])];
			if (up === undefined || low === undefined) return otherwise(say`no code came`);
			if (!/[a-z]/i.test(up)) return unanswered(say`the code has no letters`);
			return judged(
				up === up.toUpperCase() && low === low.toLowerCase(),
				say`upper case ${oneOf(up === up.toUpperCase() ? 'yes' : 'no', ['yes', 'no'])}, lower case ${oneOf(low === low.toLowerCase() ? 'yes' : 'no', ['yes', 'no'])}`,
			);
		},
	),
	probe(
		'G23',
		say`\`couponIssualDetails\` is \`{}\` without metadata`,
		async ({ reads, writes }) => {
			// Only of a coupon of this check is it known that it has none.
			const first = await writes.first().catch(() => undefined);
			if (first?.codes.length) return await writes.detailsOf(first);
			const [coupon] = dataIn(await reads.severalCoupons());
			return coupon && { details: coupon.couponIssualDetails };
		},
		(seen) => {
			if (!seen) return unanswered(say`the coupon did not show in get coupon`);
			const form = emptiness(seen.details);
			if (String(form) === 'an object') return unanswered(say`the coupon has issue details`);
			return judged(String(form) === '`{}`', form);
		},
	),
	probe(
		'G17',
		say`\`validTillDateTime\` is sent`,
		async ({ reads, writes }) => {
			const [got] = dataIn(await reads.severalCoupons().catch(() => reads.unknownCodes()));
			const issued = (await writes.first().catch(() => undefined))?.last.body;
			return [got, issued].filter((one) => isObject(one) && one.code !== undefined);
		},
		(bodies) => {
			if (bodies.length === 0) return unanswered(say`no coupon was seen`);
			const forms = bodies.map((one) => dateForm(one.validTillDateTime));
			return judged(
				bodies.every((one) => typeof one.validTillDateTime === 'string'),
				join(forms),
			);
		},
	),
	probe(
		'G61',
		say`values of \`couponSeries\` that no page explains`,
		async ({ reads }) => dataIn(await reads.severalCoupons()),
		([coupon]) => {
			const fields = Object.keys(isObject(coupon?.couponSeries) ? coupon.couponSeries : {});
			return unanswered(say`nothing depends on them; ${count(fields.length)} fields came`);
		},
	),
	probe(
		'G13',
		say`a \`+\` in front of a mobile number is ignored`,
		async ({ reads }) => await reads.withPlus(),
		({ last }) => judged(last.status === 200 && last.codes.length === 0, told(last)),
	),
	probe(
		'G12',
		say`with several identifiers, the first known one decides`,
		async ({ reads }) => await reads.severalIdentifiers(),
		({ last }) => judged(last.status === 200 && last.codes.length === 0, told(last)),
	),
	probe(
		'G44',
		say`a 401 on v2 has a body of XML`,
		async ({ reads }) => await reads.wrongLogin(),
		({ last }) => judged(last.status === 401 && last.kind === 'XML', told(last)),
	),
	probe(
		'G45',
		say`v1.1 tells 401 as HTTP status too`,
		async ({ reads }) => await reads.wrongLoginOnList(),
		({ last }) => judged(last.status === 401, told(last)),
	),
	probe(
		'G53',
		say`the login is checked before the request`,
		async ({ reads }) => ({
			both: await reads.wrongLoginAndNothing(),
			wrong: await reads.wrongLogin(),
		}),
		({ both, wrong }) =>
			judged(String(told(both.last)) === String(told(wrong.last)), told(both.last)),
	),
	probe(
		'G41',
		say`Basic takes the hash in lower case only`,
		async ({ reads }) => ({ good: await reads.unknownCodes(), upper: await reads.upperCaseHash() }),
		({ good, upper }) => {
			const isTaken = upper.last.status === good.last.status && !upper.last.codes.includes(401);
			return judged(!isTaken, told(upper.last));
		},
	),
	probe(
		'G42',
		say`HTTP 200 for a wrong key or secret`,
		async ({ reads }) => await reads.wrongClient(),
		({ last }) => judged(last.status === 200 && last.codes.includes(320001), told(last)),
	),
	probe(
		'G52',
		say`another content type is HTTP 415, with \`errors[]\``,
		async ({ reads }) => await reads.otherContentType(),
		({ last }) => judged(last.status === 415 && last.codes.includes(415), told(last)),
	),
	probe(
		'F11',
		say`a token is given, and works`,
		async ({ reads }) => await reads.token(),
		({ last, lifeMs }) => {
			if (last.codes.some((one) => one === 401 || one === 498)) return otherwise(told(last));
			return lifeMs > 0
				? asGuessed(say`lives for ${seconds(lifeMs)}`)
				: otherwise(say`without a time to live`);
		},
	),
	probe(
		'F12',
		say`a wrong token is told like a wrong password`,
		async ({ reads }) => ({ token: await reads.wrongToken(), wrong: await reads.wrongLogin() }),
		({ token, wrong }) =>
			judged(String(told(token.last)) === String(told(wrong.last)), told(token.last)),
	),
	probe(
		'G43',
		say`older tokens stay alive when a new one is made`,
		async ({ reads }) => {
			const { value } = await reads.token();
			const { exchanges } = await reads.olderToken();
			return exchanges.find(({ token }) => token === value);
		},
		(seen) => {
			if (!seen) return unanswered(say`the older token was not sent`);
			return judged(!isLoginRefused(seen), told(seen));
		},
	),
	probe(
		'G47',
		say`an attribution code that nobody knows falls back to the default till`,
		async ({ reads }) => await reads.unknownTill(),
		({ last }) =>
			judged(
				last.codes.every((one) => one === 780),
				told(last),
			),
	),

	probe(
		'G2',
		say`issue single tells errors in \`errors[]\``,
		async ({ writes }) => await writes.unknownSeries(),
		({ last }) => judged(Array.isArray(last.body.errors), say`${told(last)}, ${shape(last.body)}`),
	),
	probe(
		'G1',
		say`errors of coupons come with HTTP 200`,
		async ({ reads, writes }) =>
			await writes.unknownSeries().catch(async () => await reads.nothingToLookFor()),
		({ last }) => judged(last.status === 200 && last.codes.length > 0, told(last)),
	),
	probe(
		'G16',
		say`\`id\` of issue single is 0`,
		async ({ writes }) => (await writes.first()).last,
		({ body, codes, status: http }) => {
			if (body.code === undefined)
				return unanswered(say`no coupon was issued: ${join([status(http), ...codes.map(code)])}`);
			return judged(body.id === 0, body.id === 0 ? say`0` : say`another ${shape(body.id)}`);
		},
	),
	probe(
		'G26',
		say`an issued coupon shows in the lists at once`,
		async ({ writes }) => await writes.delay(),
		({ customerCoupons, getCoupon }) => {
			const isAtOnce = [customerCoupons, getCoupon].every(
				({ missingMs, shownMs }) => missingMs === undefined && shownMs !== undefined,
			);
			return judged(
				isAtOnce,
				say`GET /v1.1/customer/coupons: ${delayOf(customerCoupons)}; GET /v2/coupon: ${delayOf(getCoupon)}`,
			);
		},
	),
	probe(
		'G18',
		say`issue single ignores \`metadata\``,
		async ({ writes }) => {
			const attempt = await writes.singleWithMetadata();
			return { attempt, seen: await writes.detailsOf(attempt) };
		},
		({ attempt, seen }) => {
			if (attempt.codes.length === 0)
				return unanswered(say`no coupon was issued: ${told(attempt.last)}`);
			if (!seen) return unanswered(say`the coupon did not show in get coupon`);
			const isKept = isObject(seen.details) && seen.details.sourceId !== undefined;
			return judged(!isKept, say`issue details: ${shape(seen.details)}`);
		},
	),
	probe(
		'F13',
		say`issue multiple keeps \`metadata\``,
		async ({ writes }) => {
			const attempt = await writes.two();
			return { attempt, seen: await writes.detailsOf(attempt) };
		},
		({ attempt, seen }) => {
			if (attempt.codes.length === 0)
				return unanswered(say`no coupon was issued: ${told(attempt.last)}`);
			if (!seen) return unanswered(say`the coupons did not show in get coupon`);
			const isKept = isObject(seen.details) && seen.details.sourceId !== undefined;
			return judged(isKept, say`issue details: ${shape(seen.details)}`);
		},
	),
	probe(
		'G11',
		say`metadata that is too long is refused with 756`,
		async ({ writes }) => {
			const attempt = await writes.longMetadata();
			const seen = attempt.codes.length > 0 ? await writes.detailsOf(attempt) : undefined;
			return { attempt, seen };
		},
		({ attempt, seen }) => {
			const { codes, last } = attempt;
			if (codes.length === 0) {
				const isOther = last.codes.some((one) => one !== 756);
				return isOther
					? unanswered(say`refused for another reason: ${told(last)}`)
					: judged(last.codes[0] === 756, told(last));
			}
			const kept = isObject(seen?.details) ? String(seen.details.sourceId ?? '').length : 0;
			return otherwise(say`issued; of 51 characters ${count(kept)} are kept`);
		},
	),
	probe(
		'G10',
		say`\`customer.id\` is accepted in issue multiple`,
		async ({ writes }) => await writes.byCustomerId(),
		({ codes, last }) => {
			const isOther = last.codes.some(
				(one) =>
					RIGHT_CODES.includes(Number(one)) || LEFT_CODES.includes(Number(one)) || one === 709,
			);
			if (codes.length === 0 && isOther)
				return unanswered(say`refused for another reason: ${told(last)}`);
			return judged(codes.length > 0, told(last));
		},
	),
	probe(
		'G5',
		say`a negative count is told like a count of 0 (756)`,
		async ({ writes }) => await writes.negativeCount(),
		({ last }) => judged(last.codes[0] === 756, told(last)),
	),
	probe(
		'G14',
		say`two calls at a time for one customer are fine`,
		async ({ writes }) => await writes.atOnce(),
		(seen) =>
			judged(
				seen.every(({ codes }) => !codes.includes(521)),
				join(seen.map(told), ' / '),
			),
	),
	probe(
		'G15',
		say`a series that resends answers used and expired coupons too`,
		async ({ reads, writes }) => {
			for (const attempt of await writes.asAllowed()) {
				const dead = await writes.deadOf(attempt.seriesId);
				if (dead.length === 0 || attempt.codes.length === 0) continue;
				const options = { showCouponSeries: true };
				const [held] = dataIn(await reads.getCoupon(dead.slice(0, 1), { options }));
				const series = isObject(held?.couponSeries) ? held.couponSeries : {};
				if (series.doNotResendExistingVoucher === false) return { attempt, dead };
			}
			throw new Unanswered(
				say`the customer holds no used or expired coupon of a series that resends`,
			);
		},
		({ attempt, dead }) => {
			const isDead = dead.includes(attempt.codes[0] ?? '');
			return judged(isDead, isDead ? say`the coupon that was there` : say`a new coupon`);
		},
	),
	probe(
		'G3',
		say`5001 to 5006, also when nothing at all was issued`,
		async ({ writes }) =>
			(await writes.asAllowed())
				.filter(({ codes }) => codes.length === 0)
				.flatMap(({ last }) => last.codes),
		(codes) => {
			const ofRules = codes.filter((one) => !OTHER_REFUSALS.includes(one ?? 0) && one !== 756);
			if (ofRules.length === 0) return unanswered(say`no series refused a coupon by its limits`);
			return judged(
				ofRules.every((one) => RIGHT_CODES.includes(one ?? 0)),
				join([...new Set(ofRules)].map(code)),
			);
		},
	),
	probe(
		'G4',
		say`a partial success carries the code of the page's sample`,
		async ({ writes }) =>
			(await writes.asAllowed())
				.filter(({ codes, last }) => codes.length > 0 && last.codes.length > 0)
				.flatMap(({ last }) => last.codes),
		(codes) => {
			if (codes.length === 0) return unanswered(say`no series issued a part of what was asked for`);
			return judged(
				codes.every((one) => RIGHT_CODES.includes(one ?? 0)),
				join([...new Set(codes)].map(code)),
			);
		},
	),
	refusal('G6', say`709 for a mutually exclusive series`, 709, 609),
	refusal('G7', say`707 for an externally managed series`, 707, 777),
	probe(
		'G35',
		say`\`created_date\` has the server's offset`,
		async ({ reads, writes }) => {
			const first = await writes.first().catch(() => undefined);
			const [coupon] = (await reads.held()).coupons;
			const clock = first?.codes.length ? await writes.createdOf(first) : undefined;
			const [got] = dataIn(await reads.severalCoupons().catch(() => reads.unknownCodes()));
			return { created: clock?.created ?? coupon?.created_date, at: clock?.at, v2: got?.validTill };
		},
		({ created, at, v2 }) => {
			if (created === undefined) return unanswered(say`no coupon was seen`);
			const named = zone(created);
			if (!named) return otherwise(dateForm(created));
			if (!String(named).startsWith('UTC')) return asGuessed(named);
			const other = zone(v2);
			if (other && !String(other).startsWith('UTC'))
				return otherwise(say`${named}, while v2 says ${other}`);
			if (at === undefined)
				return unanswered(
					say`${named}, and v2 says so too: it shows only with a coupon that was just issued`,
				);
			const off = Math.abs(Date.parse(String(created)) - at);
			return judged(
				off < 15 * 60_000,
				off < 15 * 60_000
					? say`${named}, as the clock says`
					: say`${named}, but off by ${seconds(off)}`,
			);
		},
	),
	without(
		'G19',
		say`whether a code of the kind "something went wrong behind" leaves a coupon behind`,
		say`nobody can make the API fail behind`,
	),

	probe(
		'G54',
		say`revoke answers with \`entity\``,
		async ({ writes }) => (await writes.revokeUnknown()).last,
		(last) => judged(isObject(last.body.entity), say`${told(last)}, ${shape(last.body)}`),
	),
	probe(
		'G59',
		say`revoke with codes and a customer: the codes decide`,
		async ({ writes }) => (await writes.revokeByBoth()).last,
		(last) =>
			judged(
				revokedIn(last).length === 1,
				say`${told(last)}, ${count(revokedIn(last).length)} taken back`,
			),
	),
	probe(
		'G55',
		say`a revoked coupon is gone from get coupon and customer coupons`,
		async ({ writes }) => await writes.afterRevoke(),
		({ inCustomerCoupons, inGetCoupon }) => {
			const places = [
				...(inCustomerCoupons ? [say`shown in customer coupons`] : []),
				...(inGetCoupon ? [say`shown in get coupon`] : []),
			];
			return places.length > 0 ? otherwise(join(places)) : asGuessed(say`gone from both`);
		},
	),
	probe(
		'G56',
		say`a revoked coupon makes room for another one of its series`,
		async ({ writes }) => await writes.roomAfterRevoke(),
		({ codes, last }) => judged(codes.length > 0, told(last)),
	),
	probe(
		'G57',
		say`revoke by customer without any unredeemed coupon is no failure`,
		async ({ writes }) => (await writes.nothingToRevoke()).last,
		(last) => judged(last.codes.length === 0 && last.status === 200, told(last)),
	),
	probe(
		'G58',
		say`revoke by customer works for a generic series`,
		async ({ writes }) => (await writes.revokeGeneric()).last,
		(last) => judged(revokedIn(last).length > 0, say`${told(last)}, ${shape(revokeBodyOf(last))}`),
	),
	without(
		'G60',
		say`further codes of revoke (629, 701, 707, 756, 405, 682)`,
		say`the check takes back only what it has issued itself`,
	),

	probe(
		'G46',
		say`a token past its life: 401 as XML on v2`,
		async ({ reads }) => {
			const { value, givenAt, lifeMs } = await reads.token();
			const left = givenAt + lifeMs + 1_000 - Date.now();
			if (!(left <= reads.asked.tokenWaitMs)) {
				throw new Unanswered(say`the token lives longer; \`--wait-for-token\` waits for its end`);
			}
			await reads.wait(left);
			const { exchanges } = await reads.withToken(value);
			return exchanges.find(({ token }) => token === value);
		},
		(seen) => {
			if (!seen) return unanswered(say`the old token was not sent`);
			return judged(seen.status === 401 && seen.kind === 'XML', told(seen));
		},
	),

	probe(
		'G48',
		say`over the limit: HTTP 429`,
		async ({ limits }) => await limits.refusal(),
		({ first, passed, ms }) =>
			judged(
				first.status === 429,
				say`${told(first)}, after ${count(passed)} calls in ${seconds(ms)}`,
			),
	),
	probe(
		'G49',
		say`the 429 has \`Retry-After\` in seconds, and a body of JSON`,
		async ({ limits }) => (await limits.refusal()).first,
		(first) =>
			judged(
				/^\d+$/.test(String(first.headers['retry-after'])) && first.kind === 'JSON',
				join([
					kind(first.kind),
					...headersOf(first),
					...(waitOf(first) === undefined ? [say`no time to wait`] : []),
				]),
			),
	),
	probe(
		'G51',
		say`there is no limit on the token call`,
		async ({ limits }) => await limits.tokenCall(),
		(call) => judged(!isLimited(call), told(call)),
	),
	probe(
		'G50',
		say`refused calls do not count for the limit`,
		async ({ limits }) => await limits.afterWait(),
		(seen) => judged(!seen.some(isLimited), join(seen.map(told), ' / ')),
	),
];

/** A refusal of a series of which the customer held nothing. */
function refusal(number: string, question: Safe, guess: number, other: number): Probe {
	return probe(
		number,
		question,
		async ({ writes }) =>
			(await writes.asAllowed())
				.filter(({ codes, isRepeated }) => codes.length === 0 && !isRepeated)
				.flatMap(({ last }) => last.codes)
				.filter((one) => one === guess || one === other),
		(codes) => {
			if (codes.length === 0) return unanswered(say`no series of this kind was named`);
			return judged(
				codes.every((one) => one === guess),
				join([...new Set(codes)].map(code)),
			);
		},
	);
}

function isLoginRefused({ status: http, codes }: { status?: number; codes: unknown[] }): boolean {
	return http === 401 || http === 498 || codes.includes(401) || codes.includes(498);
}

function delayOf({ missingMs, shownMs }: { missingMs?: number; shownMs?: number }): Safe {
	if (shownMs === undefined) return say`not within ${seconds(missingMs ?? 0)}`;
	if (missingMs === undefined)
		return say`at the first look, ${seconds(shownMs)} after the issue call`;
	return say`missing after ${seconds(missingMs)}, shown after ${seconds(shownMs)}`;
}
