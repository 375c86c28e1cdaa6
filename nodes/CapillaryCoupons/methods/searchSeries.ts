import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import { isObject, listIn } from '../response/body';
import { CallProblem } from '../response/Problem';
import { describe } from '../response/sentences';
import { callApi } from '../transport/call';
import { laneOf } from '../transport/Lane';
import { credentialOf } from '../transport/Run';

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
	const patience = {
		since: Date.now(),
		maxWait: 10_000,
		stopped: new Promise<never>(() => {}),
		isStopped: () => false,
	};
	try {
		const body = await callApi(this, laneOf(credentialOf(this)), patience, {
			request: {
				method: 'GET',
				url: '/v1.1/coupon/series',
				qs: { expired: 'false', format: 'json' },
				timeout: 30_000,
			},
			issues: false,
			findResults: ({ response }) => (isObject(response) ? [response] : undefined),
		});
		const { series } = body.response as IDataObject;
		return listIn(isObject(series) ? series.items : undefined, 'item');
	} catch (error) {
		if (!(error instanceof CallProblem))
			throw new NodeApiError(this.getNode(), { message: String(error) });
		const { sentence, hint } = describe(error.problem);
		const description = `${hint} The series can still be chosen 'By ID'.`;
		throw new NodeApiError(this.getNode(), {}, { message: sentence, description });
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
