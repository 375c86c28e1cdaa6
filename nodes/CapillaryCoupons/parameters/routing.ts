import type {
	IDataObject,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	INodePropertyRouting,
} from 'n8n-workflow';

import { isObject } from '../../shared/answer/body';
import type { Convert } from './convert';
import { noteBadInput, valuesOf, type Values } from './values';

type Place = 'body' | 'qs';

/** Notes a converted value beside the request, for the operation. */
type Keep<T> = (values: Values, value: T) => void;

/**
 * The parameter goes into the JSON body.
 *
 * @param property the API's name; dots lead into objects, as in `metadata.notes`
 * @param convert checks the value and makes of it what the API takes; undefined leaves it out
 * @param keep notes it for the operation, where that needs it too
 */
export function sendInBody<T>(
	property: string,
	convert: Convert<T | undefined>,
	keep?: Keep<T>,
): INodePropertyRouting {
	return routing({ place: 'body', property, convert, keep });
}

/** The parameter goes into the query, under the API's name for it. */
export function sendInQuery<T>(property: string, convert: Convert<T>): INodePropertyRouting {
	return routing({ place: 'qs', property, convert });
}

/** The parameter is not sent: it tells the node itself what to do. */
export function forNode<K extends keyof Values & string>(
	name: K,
	convert: Convert<Values[K]>,
): INodePropertyRouting {
	const keep: Keep<Values[K]> = (values, value) => (values[name] = value);
	// n8n hands a value only to a place in the request; from there it is taken away again.
	return routing({ place: 'qs', property: name, convert, keep, isForNode: true });
}

/**
 * A selector sends the parameter that it has chosen, and that one has no `routing` of its own: for each
 * property with `routing`, n8n evaluates an expression twice more.
 *
 * @param send reads the chosen parameter and puts it into the request
 */
export function sendChosen(
	send: (context: IExecuteSingleFunctions, request: IHttpRequestOptions) => void,
): INodePropertyRouting {
	return {
		send: {
			preSend: [
				async function (this, request) {
					noteBadInput(request, () => send(this, request));
					return request;
				},
			],
		},
	};
}

/** What n8n writes when a field of the input is dragged into a parameter. */
const INPUT_FIELD = /^=\{\{ *\$json\.([A-Za-z_][\w.]*) *\}\}$/;

/**
 * The value of a parameter that a selector has chosen. n8n has evaluated it twice by now, and hands the
 * value to nobody. A third time takes a sixth of an item's time, so a text or a number in a field of the
 * input is read from there.
 */
export function readChosen(context: IExecuteSingleFunctions, name: string): unknown {
	const written = context.getNode().parameters[name];
	const path = typeof written === 'string' ? INPUT_FIELD.exec(written)?.[1]?.split('.') : undefined;
	let value: unknown = path && context.getInputData().json;
	for (const key of path ?? []) {
		value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
	}
	const isPlain = typeof value === 'number' || (typeof value === 'string' && value !== '');
	return isPlain ? value : context.getNodeParameter(name, '');
}

interface Sent<T> {
	place: Place;
	property: string;
	convert: Convert<T | undefined>;
	keep?: Keep<T>;
	isForNode?: boolean;
}

/** n8n has put the value into its place in the request when `preSend` runs: it is converted there. */
function routing<T>({ place, property, convert, keep, isForNode }: Sent<T>): INodePropertyRouting {
	return {
		send: {
			type: place === 'body' ? 'body' : 'query',
			property,
			preSend: [
				async function (this, request) {
					noteBadInput(request, () => {
						const value = convert(take(request, place, property), this);
						if (value === undefined) return;
						keep?.(valuesOf(request), value);
						if (!isForNode) put(request, place, property, value);
					});
					return request;
				},
			],
		},
	};
}

/** Takes a value out of the request, and the objects around it that are empty then. */
function take(request: IHttpRequestOptions, place: Place, property: string): unknown {
	const { path, name } = split(property);
	const objects: IDataObject[] = [(request[place] ?? {}) as IDataObject];
	for (const key of path) objects.push((objects.at(-1)?.[key] ?? {}) as IDataObject);
	const value = objects.at(-1)?.[name];
	delete objects.at(-1)?.[name];
	path.reverse().forEach((key, at) => {
		const inner = objects[path.length - at] as IDataObject;
		if (Object.keys(inner).length === 0) delete objects[path.length - at - 1]?.[key];
	});
	return value;
}

/** Puts a value into the request, at a path of names with dots between. */
export function put(
	request: IHttpRequestOptions,
	place: Place,
	property: string,
	value: unknown,
): void {
	const { path, name } = split(property);
	request[place] ??= {};
	let object = request[place] as IDataObject;
	for (const key of path) object = (object[key] ??= {}) as IDataObject;
	object[name] = value as IDataObject;
}

function split(property: string): { path: string[]; name: string } {
	const path = property.split('.');
	return { name: path.pop() as string, path };
}
