import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import { isObject, listIn } from '../../shared/answer/body';
import { callApi } from '../../shared/client/callApi';
import { credentialId } from '../../shared/client/credentialId';
import { limiterOf } from '../../shared/client/RateLimiter';
import { WaitBudget } from '../../shared/client/WaitBudget';
import { CallError } from '../../shared/problem/Problem';
import { isForbidden } from '../../shared/problem/rules';
import { describe } from '../../shared/problem/sentences';

/** Somebody sits before the list and waits. */
const MAX_WAIT_MS = 10_000;
const MOST_RESULTS = 200;

/**
 * The organization's coupon series that have not expired, for the list of the "Series" field:
 * `GET /v1.1/coupon/series?expired=false`, which knows neither search nor pages.
 *
 * @param filter what the user has typed; found in name and ID, letter case ignored
 */
export async function searchSeries(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const wanted = filter.trim().toLowerCase();
	const series = await readSeries.call(this);
	const results = series
		.filter(({ id }) => id !== undefined)
		.map((one) => ({ name: nameOf(one), value: String(one.id) }))
		.filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(wanted))
		.sort((a, b) => a.name.localeCompare(b.name));
	return { results: results.slice(0, MOST_RESULTS) };
}

async function readSeries(this: ILoadOptionsFunctions): Promise<IDataObject[]> {
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
				qs: { expired: 'false', format: 'json' },
				timeout: 30_000,
			},
			isWrite: false,
			findResults: ({ response }) => (isObject(response) ? [response] : undefined),
		});
		const { series } = body.response as IDataObject;
		return listIn(isObject(series) ? series.items : undefined, 'item');
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

/** For example "Gold star coupons (1000 off, 868760)". */
function nameOf({
	id,
	description,
	discount_type: type,
	discount_value: value,
}: IDataObject): string {
	const amount = Number(value) > 0 ? `${Number(value)}${type === 'PERC' ? '%' : ''} off, ` : '';
	return `${String(description ?? '').trim() || 'Series'} (${amount}${String(id)})`;
}
