import { type INodeType, type INodeTypeDescription, NodeConnectionTypes } from 'n8n-workflow';

import { hints } from './hints';
import { searchSeries, searchAllSeries } from './listSearch/searchSeries';
import { operation } from './operations';
import { parameters } from './parameters';

/** What n8n loads: the description of the node. What it does is in the `routing` of its operations. */
export class CapillaryCoupons implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Capillary Coupons',
		name: 'capillaryCoupons',
		icon: { light: 'file:../../icons/capillary.svg', dark: 'file:../../icons/capillary.dark.svg' },
		group: ['output'],
		version: 1,
		// The operation, and the series where there is one: by the name that the list has stored, without
		// what that holds in brackets, else by its ID. Only `toJSON` shows the stored name.
		subtitle:
			'={{ ({ getCoupon: "Get Coupon", getCustomerCoupons: "Get Customer Coupons", issue: "Issue", issueMultiple: "Issue Multiple", revoke: "Revoke" })[$parameter.operation] + ((operation, series) => ["issue", "issueMultiple", "revoke"].includes(operation) && series && !series.startsWith("=") ? ": " + series : "")($parameter.operation, String($parameter.toJSON().seriesId?.cachedResultName ?? $parameter.toJSON().seriesId?.value ?? "").replace(/ \\([^()]*\\)$/, "")) }}',
		description: 'Issue, look up and revoke coupons in Capillary',
		defaults: { name: 'Capillary Coupons' },
		usableAsTool: true,
		// Without it, n8n gives a node with `methods` no `execute`: a tool does nothing, a cancel is not seen.
		requestDefaults: { headers: { Accept: 'application/json' } },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		hints,
		credentials: [{ name: 'capillaryApi', required: true }],
		properties: [
			// Never shown: n8n describes a tool by its operation's action only where there is a resource.
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'hidden',
				noDataExpression: true,
				options: [{ name: 'Coupon', value: 'coupon' }],
				default: 'coupon',
			},
			operation,
			...parameters,
		],
	};

	methods = { listSearch: { searchSeries, searchAllSeries } };
}
