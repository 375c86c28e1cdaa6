import type { INodeProperties } from 'n8n-workflow';

/** What to know before issuing, at the end of an issue operation. */
export function issueNotice(operation: string): INodeProperties {
	return {
		displayName:
			'To go on when one customer is refused, set <b>On Error</b> in the Settings tab to "Continue (using error output)". <b>Retry On Fail</b> sends only what was certainly not issued.',
		name: 'issueNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { operation: [operation] } },
	};
}
