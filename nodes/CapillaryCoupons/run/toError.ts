import { type IDataObject, type INode, type INodeExecutionData, NodeApiError } from 'n8n-workflow';

import { markAsError } from '../../shared/client/internals';
import { CODES } from '../../shared/problem/codes';
import type { Failure } from '../../shared/problem/Problem';
import { describe, type Work } from '../../shared/problem/sentences';
import type { Issued } from './Run';

type ErrorOptions = NonNullable<ConstructorParameters<typeof NodeApiError>[2]>;

/** An error item for both "Continue" settings. This form keeps the input's fields on the error output. */
export function toErrorItem(
	failure: Failure,
	work: Work,
	index: number,
	toErrorOutput: boolean,
): INodeExecutionData {
	const { message, description, details } = told(failure, work, index);
	const error = [message, description].filter(Boolean).join('. ');
	const item: INodeExecutionData = { json: { error, details }, pairedItem: { item: index } };
	return toErrorOutput ? markAsError(item, error) : item;
}

/**
 * The error that stops the workflow, with all the coupons that were issued before it in
 * `context.data.issued`.
 *
 * @param issued item index and codes; ordered by item in the error
 */
export function toNodeError(
	node: INode,
	failure: Failure,
	work: Work,
	index: number,
	issued: Issued[],
): NodeApiError {
	const { message, description, details } = told(failure, work, index);
	const list = [...issued].sort((a, b) => a.itemIndex - b.itemIndex);
	const count = list.reduce((sum, { codes }) => sum + codes.length, 0);
	const before =
		count > 0
			? ` ${count} ${count === 1 ? 'coupon was' : 'coupons were'} issued before; the codes are in this message's data, under 'issued'.`
			: '';

	const error = new NodeApiError(node, {}, {
		message,
		description,
		httpCode: failure.httpStatus === undefined ? undefined : String(failure.httpStatus),
		itemIndex: index,
		failure: causeOf(failure),
	} as ErrorOptions);
	// NodeApiError puts a general text in place of a message that holds certain words.
	error.message = message;
	error.messages = [];
	error.description = description + before;
	error.context.data = work === 'issue' ? { ...details, issued: list } : details;
	return error;
}

function told(failure: Failure, work: Work, index: number) {
	const { sentence, hint } = describe(failure, work);
	const { code, network, apiMessage, httpStatus, outcome, errors } = failure;
	const details: IDataObject = {
		code: code ?? network ?? null,
		apiMessage: apiMessage ?? null,
		httpStatus: httpStatus ?? null,
		outcome,
		...(errors ? { errors } : {}),
		...failure.details,
	};
	return { message: `${sentence} [item ${index}]`, description: hint, details };
}

/** Why it failed, for the versions of n8n that act on it. */
function causeOf({ fault, code, retryAfterMs }: Failure): ErrorOptions['failure'] {
	switch (fault) {
		case 'limited':
			return { cause: 'rate-limited', retryAfterMs };
		case 'notReached':
		case 'serverFault':
		case 'lost':
			return { cause: 'temporarily-unavailable', retryAfterMs };
		case 'badCredential':
		case 'loginRejected':
			return { cause: 'credential-invalid' };
		default:
			return code !== undefined && CODES[code]?.configuration
				? { cause: 'configuration-invalid' }
				: undefined;
	}
}
