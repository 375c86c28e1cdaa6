import type { INodeProperties } from 'n8n-workflow';

/** What to know before issuing, at the end of an issue operation. */
export const issueNotice: INodeProperties = {
	displayName:
		"When one customer is refused, the workflow stops. To go on, set 'On Error' in the Settings tab to 'Continue (using error output)'. 'Retry On Fail' sends only what was certainly not issued. Look up an item with the outcome 'unknown' before you issue again.",
	name: 'issueNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { operation: ['issue', 'issueMultiple'] } },
};
