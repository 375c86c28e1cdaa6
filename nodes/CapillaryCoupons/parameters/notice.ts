import type { INodeProperties } from 'n8n-workflow';

const show = { operation: ['issue', 'issueMultiple'] };

/** What to know before issuing, at the end of an issue operation: in a workflow, and under an AI Agent. */
export const issueNotices: INodeProperties[] = [
	{
		displayName:
			"Each run issues again, also to customers who have a coupon from an earlier run: turn on 'Issue Once' to prevent that. When one customer is refused, the workflow stops, unless 'On Error' in the Settings tab is 'Continue (using error output)'.",
		name: 'issueNotice',
		type: 'notice',
		default: '',
		displayOptions: { show, hide: { '@tool': [true] } },
	},
	{
		displayName:
			"Each call of the model issues another coupon: turn on 'Issue Once' to prevent that. Choose 'Series' and 'Count' yourself, and let the model fill in the customer only.",
		name: 'toolNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { ...show, '@tool': [true] } },
	},
];
