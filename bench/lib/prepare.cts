import { createHash } from 'node:crypto';

import { COLLECTOR, SERIES } from './cases.cts';
import type { Sandbox } from './n8n.cts';

const PER_CALL = 500;

export interface Prepared {
	/** Codes issued to anybody. */
	codes: string[];
	/** Customers with one coupon each. */
	mobiles: string[];
}

/** The password as the API wants it in Basic authentication. */
export function md5(password: unknown): string {
	return createHash('md5').update(String(password)).digest('hex');
}

/**
 * Issues coupons straight at the sandbox, for the lookups: some to anybody, many to one customer, one
 * to each of many.
 *
 * @param counts multiples of 500
 */
export async function prepare(
	{ url, accounts, control }: Sandbox,
	counts: { codes: number; held: number; customers: number },
): Promise<Prepared> {
	await control('POST', '/reset');
	await control('POST', '/settings', { latencyMs: 0, rateLimit: null });
	const { username, password } = accounts.basic;
	const login = Buffer.from(`${username}:${md5(password)}`).toString('base64');
	const issue = async (mobile: string, count: number): Promise<string[]> => {
		const response = await fetch(`${url}/v2/coupon/issue/multiple`, {
			method: 'POST',
			headers: { authorization: `Basic ${login}`, 'content-type': 'application/json' },
			body: JSON.stringify({ seriesId: SERIES, count, customer: { mobile } }),
		});
		const { coupons } = (await response.json()) as { coupons: Array<{ code: string }> };
		return coupons.map(({ code }) => code);
	};
	const codes: string[] = [];
	while (codes.length < counts.codes) codes.push(...(await issue('919900000002', PER_CALL)));
	for (let count = 0; count < counts.held; count += PER_CALL) await issue(COLLECTOR, PER_CALL);
	const mobiles = Array.from(
		{ length: counts.customers },
		(_, index) => `9199${50_000_000 + index}`,
	);
	for (const mobile of mobiles) await issue(mobile, 1);
	return { codes, mobiles };
}
