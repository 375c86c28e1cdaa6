import { type IDataObject, type INode, type INodeExecutionData, NodeApiError } from 'n8n-workflow';

import { ruleFor } from '../transport/policy';
import { CODES } from './codes';
import type { Problem } from './Problem';
import { describe } from './sentences';

type ErrorOptions = NonNullable<ConstructorParameters<typeof NodeApiError>[2]>;

/** An error item for both "Continue" settings. This form keeps the input's fields on the error output. */
export function toErrorItem(
	problem: Problem,
	issues: boolean,
	index: number,
	toErrorOutput: boolean,
): INodeExecutionData {
	const { message, description, details } = told(problem, issues, index);
	const error = [message, description].filter(Boolean).join('. ');
	const item: INodeExecutionData = { json: { error, details }, pairedItem: { item: index } };
	// Older n8n knows an error item that has `details` only by its `error`. Not enumerable, it stays
	// behind when n8n copies the item to the error output; else n8n would replace the json by it.
	return toErrorOutput
		? Object.defineProperty(item, 'error', { value: new Error(error), enumerable: false })
		: item;
}

/**
 * The error that stops the workflow, with all the coupons that were issued before it in
 * `context.data.issued`.
 *
 * @param issued item index and codes; ordered by item in the error
 */
export function toNodeError(
	node: INode,
	problem: Problem,
	issues: boolean,
	index: number,
	issued: Array<{ itemIndex: number; codes: string[] }>,
): NodeApiError {
	const { message, description, details } = told(problem, issues, index);
	const list = [...issued].sort((a, b) => a.itemIndex - b.itemIndex);
	const count = list.reduce((sum, { codes }) => sum + codes.length, 0);
	const before =
		count > 0
			? ` ${count} ${count === 1 ? 'coupon was' : 'coupons were'} issued before; the codes are in this message's data, under 'issued'.`
			: '';

	const error = new NodeApiError(node, {}, {
		message,
		description,
		httpCode: problem.httpStatus === undefined ? undefined : String(problem.httpStatus),
		itemIndex: index,
		failure: failureOf(problem),
	} as ErrorOptions);
	// NodeApiError puts a general text in place of a message that holds certain words.
	error.message = message;
	error.messages = [];
	error.description = description + before;
	error.context.data = issues ? { ...details, issued: list } : details;
	return error;
}

function told(problem: Problem, issues: boolean, index: number) {
	const { outcome } = ruleFor(problem.fault, issues, problem.httpStatus);
	const { sentence, hint } = describe(problem, outcome === 'unknown');
	const details: IDataObject = {
		code: problem.code ?? problem.network ?? null,
		apiMessage: problem.apiMessage ?? null,
		httpStatus: problem.httpStatus ?? null,
		outcome,
		...(problem.errors ? { errors: problem.errors } : {}),
	};
	return { message: `${sentence} [item ${index}]`, description: hint, details };
}

/** Why it failed, for the versions of n8n that act on it. */
function failureOf({ fault, code, retryAfterMs }: Problem): ErrorOptions['failure'] {
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
			return typeof code === 'number' && CODES[code]?.configuration
				? { cause: 'configuration-invalid' }
				: undefined;
	}
}
