import type {
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import { CapillaryCoupons } from '../../nodes/CapillaryCoupons/CapillaryCoupons.node';
import { put } from '../../nodes/CapillaryCoupons/parameters/routing';
import { throwBadInput } from '../../nodes/CapillaryCoupons/parameters/values';
import { CallError } from '../../nodes/shared/problem/Problem';

/** A property, and where the node has it: `filters.status`. */
interface Placed {
	path: string;
	property: INodeProperties;
}

/** What holds no value for the API: what the panel shows, and the operation itself. */
const isPanelOnly = ({ name, type }: INodeProperties) =>
	['notice', 'hidden'].includes(type) || name === 'operation';

const allProperties = new CapillaryCoupons().description.properties;
const all = walk(allProperties);
const valued = all.filter(({ property }) => !isPanelOnly(property) && !isCollection(property));
const selectors = valued.filter(({ property }) => routingOf(property) && !placeOf(property));
const placed = valued.filter(({ property }) => placeOf(property));

/** Every kind of value that an expression gives by mistake; none but the last is taken by all. */
const BAD = [
	{},
	{ toISO: 1 },
	{ value: {} },
	[],
	[[]],
	undefined,
	null,
	'',
	' ',
	NaN,
	-1,
	1e21,
	true,
];
/** No property takes it. */
const WORST = {};

function walk(properties: INodeProperties[], above = ''): Placed[] {
	return properties.flatMap((property) => {
		const path = above + property.name;
		const inner = isCollection(property) ? (property.options as INodeProperties[]) : [];
		return [{ path, property }, ...walk(inner, `${path}.`)];
	});
}

function isCollection({ type }: INodeProperties): boolean {
	return type === 'collection';
}

function routingOf({ routing }: INodeProperties) {
	return routing?.send?.preSend?.[0];
}

/** Where n8n puts the value before `preSend` runs. */
function placeOf({ routing }: INodeProperties): { place: 'body' | 'qs'; name: string } | undefined {
	const { type, property: name } = routing?.send ?? {};
	return name === undefined ? undefined : { place: type === 'body' ? 'body' : 'qs', name };
}

/** n8n's context of an item with these parameters; `read` gets the names that are asked for. */
function contextOf(parameters: Record<string, unknown>, read = new Set<string>()) {
	return {
		getTimezone: () => 'UTC',
		getNode: () => ({ parameters }),
		getNodeParameter(name: string) {
			read.add(name);
			return parameters[name];
		},
	} as unknown as IExecuteSingleFunctions;
}

/** The sentence for a value, or undefined when it is taken. */
async function sentenceFor(
	property: INodeProperties,
	context: IExecuteSingleFunctions,
	value?: unknown,
): Promise<string | undefined> {
	const request: IHttpRequestOptions = { url: '', method: 'POST' };
	const place = placeOf(property);
	if (place) put(request, place.place, place.name, value);
	await routingOf(property)?.call(context, request);
	try {
		throwBadInput(request);
		return undefined;
	} catch (error) {
		expect(error).toBeInstanceOf(CallError);
		return (error as CallError).message;
	}
}

/** The properties that a selector reads for each of its options, and which option it was. */
async function chosenBy(selector: INodeProperties) {
	const options = selector.options as INodePropertyOptions[];
	const chosen = await Promise.all(
		options.map(async ({ value }) => {
			const read = new Set<string>();
			await sentenceFor(selector, contextOf({ [selector.name]: value }, read));
			read.delete(selector.name);
			return [...read].map((name) => ({ name, option: value }));
		}),
	);
	return chosen.flat();
}

describe('every property', () => {
	it('says where its value goes, or is sent by its selector', async () => {
		const sent = await Promise.all(selectors.map(async ({ property }) => await chosenBy(property)));
		const bySelector = new Set(sent.flat().map(({ name }) => name));
		const lost = valued
			.filter(({ property, path }) => !routingOf(property) && !bySelector.has(path))
			.map(({ path }) => path);
		expect(lost).toEqual([]);
	});

	// n8n finds a value by its name: it would evaluate both for each of the two.
	it('has a name of its own in its list', () => {
		const paths = all.map(({ path }) => path);
		// The second 'Revoke By' is never shown and holds nothing (parameters/revoke.ts).
		expect(paths.filter((path, at) => paths.indexOf(path) !== at)).toEqual(['revokeBy']);
	});

	it('has a place of its own', () => {
		const places = placed.map(({ property }) => {
			const { place, name } = placeOf(property) ?? {};
			return `${place} ${name}`;
		});
		expect(places.filter((place, at) => places.indexOf(place) !== at)).toEqual([]);
	});

	// An expression of ours would be evaluated for each item, at a third of a millisecond.
	it('has no expression in its routing', () => {
		const routings = all.map(({ property }) => JSON.stringify(property.routing ?? {}));
		expect(routings.filter((routing) => routing.includes('={{'))).toEqual([]);
	});
});

describe('the sentence names the property', () => {
	it.each(placed)('$path', async ({ property }) => {
		const context = contextOf({});
		expect(await sentenceFor(property, context, WORST)).toBeDefined();
		for (const value of BAD) {
			const sentence = await sentenceFor(property, context, value);
			if (sentence !== undefined) expect(sentence).toContain(`'${property.displayName}'`);
		}
	});

	it.each(selectors)('$path, which chooses another', async ({ property }) => {
		for (const value of [WORST, ...BAD, 'toString']) {
			const sentence = await sentenceFor(property, contextOf({ [property.name]: value }));
			expect(sentence).toContain(`'${property.displayName}'`);
		}
	});

	it.each(selectors)('of the one that $path has chosen', async ({ property }) => {
		for (const { name, option } of await chosenBy(property)) {
			const label = allProperties.find((one) => one.name === name)?.displayName;
			for (const value of [WORST, ...BAD]) {
				const context = contextOf({ [property.name]: option, [name]: value });
				const sentence = await sentenceFor(property, context);
				if (value === WORST) expect(sentence).toBeDefined();
				if (sentence !== undefined) expect(sentence).toContain(`'${label}'`);
			}
		}
	});
});
