import type { INodeProperties } from 'n8n-workflow';

/** What to know before issuing, at the end of an issue operation. */
export const issueNotice: INodeProperties = {
	displayName:
		"Each run issues again, also to customers who have a coupon from an earlier run: turn on 'Issue Once' to prevent that. When one customer is refused, the workflow stops, unless 'On Error' in the Settings tab is 'Continue (using error output)'.",
	name: 'issueNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { operation: ['issue', 'issueMultiple'] } },
};
