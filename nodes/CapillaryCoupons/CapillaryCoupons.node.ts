import { type INodeType, type INodeTypeDescription, NodeConnectionTypes } from 'n8n-workflow';

import { customer } from './fields/customer';
import { series } from './fields/series';
import { searchSeries } from './methods/searchSeries';
import { getCoupon, getCouponFields } from './operations/getCoupon';
import { getCustomerCoupons, getCustomerCouponsFields } from './operations/getCustomerCoupons';
import { issue, issueFields } from './operations/issue';
import { issueMultiple, issueMultipleFields } from './operations/issueMultiple';

export class CapillaryCoupons implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Capillary Coupons',
		name: 'capillaryCoupons',
		icon: { light: 'file:../../icons/capillary.svg', dark: 'file:../../icons/capillary.dark.svg' },
		group: ['output'],
		version: 1,
		// The operation, and the series where there is one.
		subtitle:
			'={{ ({ getCoupon: "Get Coupon", getCustomerCoupons: "Get Customer Coupons", issue: "Issue Coupon", issueMultiple: "Issue Multiple Coupons" })[$parameter.operation] + ($parameter.operation.startsWith("issue") && $parameter.seriesId ? ": series " + $parameter.seriesId : "") }}',
		description: 'Issue coupons to customers and look them up in Capillary',
		defaults: { name: 'Capillary Coupons' },
		usableAsTool: true,
		// Without it, n8n gives a node with `methods` no `execute`: a tool does nothing, a cancel is not seen.
		requestDefaults: {},
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
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
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['coupon'] } },
				options: [getCoupon, getCustomerCoupons, issue, issueMultiple],
				// A read: whoever forgets to choose must not issue.
				default: 'getCoupon',
			},
			series,
			...customer,
			...getCouponFields,
			...getCustomerCouponsFields,
			...issueFields,
			...issueMultipleFields,
		],
	};

	methods = { listSearch: { searchSeries } };
}
