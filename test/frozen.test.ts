import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

import { CapillaryApi } from '../credentials/CapillaryApi.credentials';
import { CapillaryCoupons } from '../nodes/CapillaryCoupons/CapillaryCoupons.node';

const HEAD = `What saved workflows and credentials hold, one parameter a line.
- A line came, or an option was added: fine. Renew this file with "npx jest test/frozen -u".
- Anything else changed or went: saved workflows would lose what they hold. Add a new parameter beside
  the old one, or raise the node's version: CONTRIBUTING.md, "The frozen outside".`;

type Inner = INodeProperties | INodePropertyOptions | INodePropertyCollection;

/** All that is saved, or decides what is: no label, no description, no order of options. */
function lineOf(property: INodeProperties): string {
	const { name, type, required, default: value, displayOptions, options = [], modes } = property;
	const values = (options as Inner[]).flatMap((one) =>
		'value' in one ? [JSON.stringify(one.value)] : [],
	);
	return [
		name,
		type,
		...(required ? ['required'] : []),
		`default ${JSON.stringify(value)}`,
		...(values.length > 0 ? [`one of ${values.sort().join(' ')}`] : []),
		...(modes ? [`modes ${modes.map((mode) => mode.name).join(' ')}`] : []),
		...(displayOptions ? [`when ${conditions(displayOptions)}`] : []),
	].join(', ');
}

function conditions({ show = {}, hide = {} }: NonNullable<INodeProperties['displayOptions']>) {
	const told = (word: string, rules: typeof show) =>
		Object.entries(rules).map(([name, values]) => `${name} ${word} ${JSON.stringify(values)}`);
	return [...told('in', show), ...told('not in', hide)].join(' and ');
}

/** Parameters by name; those in a collection below it, indented. */
function linesOf(properties: INodeProperties[], indent = ''): string[] {
	return properties
		.filter(({ type }) => type !== 'notice')
		.sort((a, b) => a.name.localeCompare(b.name))
		.flatMap((property) => {
			const inner = ((property.options ?? []) as Inner[]).filter(
				(one): one is INodeProperties => 'type' in one,
			);
			return [indent + lineOf(property), ...linesOf(inner, `${indent}  `)];
		});
}

it('what saved workflows hold is as it was', () => {
	const { name, version, credentials, inputs, outputs, properties } = new CapillaryCoupons()
		.description;
	const credential = new CapillaryApi();
	const about = { version, credentials, inputs, outputs };
	const description = [
		HEAD,
		'',
		`Node ${name} ${JSON.stringify(about)}`,
		...linesOf(properties, '  '),
		'',
		`Credential ${credential.name}`,
		...linesOf(credential.properties, '  '),
	].join('\n');
	expect(description).toMatchSnapshot();
});
