import type { INodeProperties } from 'n8n-workflow';

import { getCoupon } from './getCoupon';
import { getCustomerCoupons } from './getCustomerCoupons';
import { issue } from './issue';
import { issueMultiple } from './issueMultiple';
import { revoke } from './revoke';

/** What the node can do. */
export const operation: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['coupon'] } },
	options: [getCoupon, getCustomerCoupons, issue, issueMultiple, revoke],
	// A read: whoever forgets to choose must not issue.
	default: 'getCoupon',
};
