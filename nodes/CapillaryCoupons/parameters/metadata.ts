import type { INodeProperties } from 'n8n-workflow';

import { shortText } from './convert';
import { sendInBody } from './routing';

/**
 * A text of the metadata (API page "Issue multiple coupons").
 *
 * @param longest in characters
 */
function metadataText(
	displayName: string,
	name: string,
	longest: number,
	placeholder: string,
	description: string,
): INodeProperties {
	return {
		displayName,
		name,
		type: 'string',
		default: '',
		placeholder: `e.g. ${placeholder}`,
		description: `${description}, up to ${longest} characters`,
		routing: sendInBody(`metadata.${name}`, shortText(displayName, longest)),
	};
}

/** Why and by what the coupons were issued, for audits in Capillary. */
export const metadata: INodeProperties = {
	displayName: 'Metadata',
	name: 'metadata',
	type: 'collection',
	placeholder: 'Add field',
	default: {},
	displayOptions: { show: { operation: ['issueMultiple'] } },
	description: 'Recorded in Capillary for audits: what issued the coupons, and why',
	options: [
		metadataText('Notes', 'notes', 250, 'Part of the spring campaign', 'Notes'),
		metadataText('Reason', 'reason', 250, 'Tier upgrade benefit', 'Business reason'),
		metadataText(
			'Source Activity',
			'sourceActivity',
			50,
			'Milestone completion',
			'What triggered the issuing',
		),
		metadataText('Source ID', 'sourceId', 50, 'journey-42', "The source's own ID"),
		metadataText('Source Type', 'sourceType', 50, 'Journeys', 'Kind of source'),
	],
};
