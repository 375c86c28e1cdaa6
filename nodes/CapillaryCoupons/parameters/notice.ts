import type { INodeProperties } from 'n8n-workflow';

const show = { operation: ['issue', 'issueMultiple'] };
const withoutIssueOnce = { ...show, issueOnce: [false] };
const revokes = { operation: ['revoke'] };
const underAgent = { '@tool': [true] };

function notice(
	name: string,
	displayName: string,
	displayOptions: INodeProperties['displayOptions'],
): INodeProperties {
	return { displayName, name, type: 'notice', default: '', displayOptions };
}

/** What to know before coupons are issued or revoked: in a workflow, and under an AI Agent. */
export const notices: INodeProperties[] = [
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
		'Let the model fill in the customer only, and choose everything else yourself.',
		{ show: { ...show, ...underAgent } },
	),
	notice(
		'revokeNotice',
		"Revoking cannot be undone: the customer's code stops working. Let a person approve it first.",
		{ show: revokes, hide: underAgent },
	),
	notice(
		'toolRevokeNotice',
		'Do not let a model revoke: one that misreads a message takes real coupons away, and that cannot be undone. If you must, let a person approve each call.',
		{ show: { ...revokes, ...underAgent } },
	),
];
