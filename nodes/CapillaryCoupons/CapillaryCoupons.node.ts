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
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'capillaryApi', required: true }],
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: [getCoupon, getCustomerCoupons, issue, issueMultiple],
				default: 'issue',
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
