import type {
	IDataObject,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { badInput } from '../response/Problem';

/** A text of the metadata; its API name is the parameter's name (API page "Issue multiple coupons"). */
function text(
	displayName: string,
	name: string,
	placeholder: string,
	description: string,
): INodeProperties {
	return {
		displayName,
		name,
		type: 'string',
		default: '',
		placeholder,
		description,
		routing: { send: { type: 'body', property: `metadata.${name}` } },
	};
}

const LONGEST: Record<string, number> = {
	notes: 250,
	reason: 250,
	sourceActivity: 50,
	sourceId: 50,
	sourceType: 50,
};

/** Why and by what the coupons were issued, for audits in Capillary. */
export const metadata: INodeProperties = {
	displayName: 'Metadata',
	name: 'metadata',
	type: 'collection',
	placeholder: 'Add field',
	default: {},
	displayOptions: { show: { operation: ['issueMultiple'] } },
	description: 'Says in Capillary why and by what the coupons were issued',
	options: [
		text('Notes', 'notes', 'e.g. Part of the spring campaign', 'Up to 250 characters'),
		text('Reason', 'reason', 'e.g. Tier upgrade benefit', 'Business reason, up to 250 characters'),
		text(
			'Source Activity',
			'sourceActivity',
			'e.g. Milestone completion',
			'What triggered the issuing, up to 50 characters',
		),
		text('Source ID', 'sourceId', 'e.g. journey-42', "The source's own ID, up to 50 characters"),
		text('Source Type', 'sourceType', 'e.g. Journeys', 'Kind of source, up to 50 characters'),
	],
};

/** Checks the texts that `routing` has put into the body: empty ones go, a number becomes a text. */
export function checkMetadata(_: IExecuteSingleFunctions, request: IHttpRequestOptions): void {
	const body = (request.body ?? {}) as { metadata?: IDataObject };
	const texts = body.metadata ?? {};
	for (const { name, displayName } of metadata.options as INodeProperties[]) {
		if (texts[name] === '') delete texts[name];
		if (texts[name] === undefined) continue;
		texts[name] = String(texts[name]);
		const longest = LONGEST[name] ?? 0;
		const length = [...(texts[name] as string)].length;
		if (length > longest) {
			throw badInput(
				`'${displayName}' has ${length} characters, Capillary takes ${longest}`,
				"Shorten it under 'Metadata'.",
			);
		}
	}
	if (Object.keys(texts).length === 0) delete body.metadata;
}
