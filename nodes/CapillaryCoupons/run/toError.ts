import { type IDataObject, type INode, type INodeExecutionData, NodeApiError } from 'n8n-workflow';

import { markAsError } from '../../shared/client/internals';
import { CODES } from '../../shared/problem/codes';
import type { Failure } from '../../shared/problem/Problem';
import { describe, type Work } from '../../shared/problem/sentences';
import type { Done, Unknown } from './Run';

type ErrorOptions = NonNullable<ConstructorParameters<typeof NodeApiError>[2]>;

const DONE = { issue: 'issued', revoke: 'revoked' } as const;
const NEW_RUN = "A new run issues to the same customers again, unless 'Issue Once' is on.";

/** An item that ended with a failure, and whom its call was for. */
interface Failed {
	failure: Failure;
	work: Work;
	index: number;
	customer?: string | number;
}

/**
 * An error item for both "Continue" settings. This form keeps the input's fields on the error output.
 *
 * @param input what else it says of its input item
 */
export function toErrorItem(
	failed: Failed,
	toErrorOutput: boolean,
	input: IDataObject,
): INodeExecutionData {
	const { message, description, details } = textAndDetails(failed);
	const error = [message, description].filter(Boolean).join('. ');
	const item: INodeExecutionData = {
		json: { ...input, error, details },
		pairedItem: { item: failed.index },
	};
	return toErrorOutput ? markAsError(item, error) : item;
}

/**
 * The error that stops the workflow. What the run's other calls have done stands in `context.data`:
 * `issued` or `revoked` with the codes, `unknown` with the items whose call may have been carried out.
 *
 * @param isForModel a model that uses the node as a tool reads the message only, so all is in it
 */
export function toNodeError(
	node: INode,
	failed: Failed,
	{ done, unknown }: { done: Done[]; unknown: Unknown[] },
	isForModel: boolean,
): NodeApiError {
	const { failure, work, index } = failed;
	const { message, description, details } = textAndDetails(failed);
	const inOrder = <T extends { itemIndex: number }>(list: T[]) =>
		[...list].sort((a, b) => a.itemIndex - b.itemIndex);
	const count = done.reduce((sum, { codes }) => sum + codes.length, 0);
	const others = unknown.filter(({ itemIndex }) => itemIndex !== index).length;

	const error = new NodeApiError(node, {}, {
		message,
		description,
		// The editor shows it as the error code: the same number as in the message.
		httpCode: numberOf(failure),
		itemIndex: index,
		failure: causeOf(failure),
	} as ErrorOptions);
	// NodeApiError puts a general text in place of a message that holds certain words.
	error.message = isForModel ? `${message}. ${description}` : message;
	error.messages = [];
	error.description = [description, ofDone(count, work), ofUnknown(others)]
		.filter(Boolean)
		.join(' ');
	error.context.data =
		work === 'read'
			? details
			: { ...details, [DONE[work]]: inOrder(done), unknown: inOrder(unknown) };
	return error;
}

/** What the run has done, where the codes are, and what a new run would do. */
function ofDone(coupons: number, work: Work): string {
	if (coupons === 0 || work === 'read') return '';
	const [were, codes] = coupons === 1 ? ['coupon was', 'code is'] : ['coupons were', 'codes are'];
	const text = `${coupons} ${were} ${DONE[work]} in this run; the ${codes} under 'Error details', in '${DONE[work]}'.`;
	return work === 'issue' ? `${text} ${NEW_RUN}` : text;
}

function ofUnknown(items: number): string {
	if (items === 0) return '';
	const calls = items === 1 ? '1 other call' : `${items} other calls`;
	return `${calls} may have been carried out as well; the items are under 'Error details', in 'unknown'.`;
}

function textAndDetails({ failure, work, index, customer }: Failed) {
	const { sentence, hint } = describe(failure, work);
	const { code, network, apiMessage, httpStatus, outcome, errors } = failure;
	const details: IDataObject = {
		code: code ?? network ?? null,
		apiMessage: apiMessage ?? null,
		httpStatus: httpStatus ?? null,
		outcome,
		...(customer === undefined ? {} : { customer }),
		...(errors ? { errors } : {}),
		...failure.details,
	};
	const whose = customer === undefined ? '' : `Customer: ${customer}. `;
	return { message: `${sentence} [item ${index}]`, description: whose + hint, details };
}

function numberOf({ code, httpStatus }: Failure): string | undefined {
	const number = code ?? httpStatus;
	return number === undefined ? undefined : String(number);
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
