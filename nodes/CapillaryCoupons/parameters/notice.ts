import type { INodeProperties } from 'n8n-workflow';

const show = { operation: ['issue', 'issueMultiple'] };
const withoutIssueOnce = { ...show, issueOnce: [false] };
const underAgent = { '@tool': [true] };

function notice(
	name: string,
	displayName: string,
	displayOptions: INodeProperties['displayOptions'],
): INodeProperties {
	return { displayName, name, type: 'notice', default: '', displayOptions };
}

/** What to know before issuing, at the end of an issue operation: in a workflow, and under an AI Agent. */
export const issueNotices: INodeProperties[] = [
	notice(
		'repeatNotice',
		"Each run issues again, also to customers who have a coupon from an earlier run. Turn on 'Issue Once' to prevent that.",
		{ show: withoutIssueOnce, hide: underAgent },
	),
	notice(
		'stopNotice',
		"When one customer is refused, the workflow stops, unless 'On Error' in the Settings tab is 'Continue (using error output)'.",
		{ show, hide: underAgent },
	),
	notice(
		'toolRepeatNotice',
		"Each call of the model issues another coupon. Turn on 'Issue Once' to prevent that.",
		{ show: { ...withoutIssueOnce, ...underAgent } },
	),
	notice(
		'toolNotice',
		"Choose 'Series' and 'Count' yourself, and let the model fill in the customer only.",
		{ show: { ...show, ...underAgent } },
	),
];
