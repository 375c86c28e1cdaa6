import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import { isObject, listIn } from '../../shared/answer/body';
import { callApi } from '../../shared/client/callApi';
import { credentialId } from '../../shared/client/credential';
import { limiterOf } from '../../shared/client/RateLimiter';
import { WaitBudget } from '../../shared/client/WaitBudget';
import { CallError } from '../../shared/problem/Problem';
import { isForbidden } from '../../shared/problem/rules';
import { describe } from '../../shared/problem/sentences';

/** Somebody sits in front of the list and waits. */
const MAX_WAIT_MS = 10_000;
const MOST_RESULTS = 200;

/** The organization's coupon series that have not expired: the ones that coupons can be issued from. */
export async function searchSeries(this: ILoadOptionsFunctions, filter?: string) {
	return await find.call(this, { expired: 'false' }, filter);
}

/** All series, the expired ones last and marked: a customer can still hold coupons of them. */
export async function searchAllSeries(this: ILoadOptionsFunctions, filter?: string) {
	return await find.call(this, {}, filter);
}

/**
 * `GET /v1.1/coupon/series`, which knows neither search nor pages.
 *
 * @param filter what the user has typed; found in name and ID, letter case ignored
 */
async function find(
	this: ILoadOptionsFunctions,
	query: IDataObject,
	filter = '',
): Promise<INodeListSearchResult> {
	const wanted = filter.trim().toLowerCase();
	const series = await readSeries.call(this, query);
	const results = series
		.filter(({ id }) => id !== undefined)
		.map((one) => ({ name: nameOf(one), value: String(one.id), isOver: isExpired(one) }))
		.filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(wanted))
		.sort((a, b) => Number(a.isOver) - Number(b.isOver) || a.name.localeCompare(b.name))
		.map(({ name, value }) => ({ name, value }));
	return { results: results.slice(0, MOST_RESULTS) };
}

async function readSeries(this: ILoadOptionsFunctions, query: IDataObject): Promise<IDataObject[]> {
	const caller = {
		context: this,
		limiter: limiterOf(credentialId(this)),
		signal: new AbortController().signal,
		budget: new WaitBudget(MAX_WAIT_MS),
	};
	try {
		const body = await callApi(caller, {
			request: {
				method: 'GET',
				url: '/v1.1/coupon/series',
				qs: { ...query, format: 'json' },
				timeout: 30_000,
			},
			isWrite: false,
			findResults: ({ response }) => (isObject(response) ? seriesIn(response) : undefined),
		});
		return seriesIn(body.response as IDataObject);
	} catch (error) {
		if (!(error instanceof CallError)) {
			throw new NodeApiError(this.getNode(), { message: String(error) });
		}
		const { sentence, hint } = describe(error.failure, 'read');
		// Without the right to see the list, coupons can still be issued.
		const byId = isForbidden(error.failure) ? " The series can still be chosen 'By ID'." : '';
		throw new NodeApiError(this.getNode(), {}, { message: sentence, description: hint + byId });
	}
}

function seriesIn({ series }: IDataObject): IDataObject[] {
	return listIn(isObject(series) ? series.items : undefined, 'item');
}

/** For example "Gold star coupons (1000 off, 868760)". */
function nameOf(series: IDataObject): string {
	const { id, description, discount_type: type, discount_value: value } = series;
	const amount = Number(value) > 0 ? `${Number(value)}${type === 'PERC' ? '%' : ''} off, ` : '';
	const over = isExpired(series) ? 'expired, ' : '';
	return `${String(description ?? '').trim() || 'Series'} (${over}${amount}${String(id)})`;
}

/** In every time zone, a day is over two days after it began in UTC. */
function isExpired({ valid_till_date: end }: IDataObject): boolean {
	const day = typeof end === 'string' ? Date.parse(end.slice(0, 10)) : NaN;
	return day + 2 * 86_400_000 < Date.now();
}
