import type { IDataObject, IExecuteSingleFunctions, INodeProperties } from 'n8n-workflow';

import { badInput } from '../response/Problem';

/** Whether an empty text may stand for nothing: only where leaving the field out changes no result. */
interface Allowed {
	emptyText: boolean;
}

/**
 * Makes a check for a collection ("Filters", "Options", "Metadata"): each field that the user has
 * added must hold a value that its definition allows. An expression that finds nothing would leave
 * the field out, and so quietly ask for more than the user meant.
 *
 * @throws CallProblem that names the field
 */
export function checkChosen(collection: INodeProperties, allowed?: Allowed) {
	const fields = (collection.options ?? []) as INodeProperties[];
	return (context: IExecuteSingleFunctions): void => {
		const chosen = context.getNodeParameter(collection.name, {}) as IDataObject;
		for (const field of fields) {
			if (!Object.hasOwn(chosen, field.name)) continue;
			if (chosen[field.name] === '' && allowed?.emptyText) continue;
			check(field, chosen[field.name]);
		}
	};
}

function check({ displayName, type, options }: INodeProperties, value: unknown): void {
	const hint = 'Fill it or remove it, or check the expression that fills it.';
	if (value === undefined || value === null || value === '') {
		throw badInput(`'${displayName}' is empty`, hint);
	}
	if (type === 'options') {
		const allowed = (options ?? []).map((option) => ('value' in option ? option.value : undefined));
		if (!allowed.includes(value as string)) {
			throw badInput(`'${displayName}' is not one of ${allowed.join(', ')}`, hint);
		}
	}
	if (type === 'boolean' && typeof value !== 'boolean') {
		throw badInput(`'${displayName}' is not true or false`, hint);
	}
	if (type === 'string' && typeof value !== 'string' && typeof value !== 'number') {
		throw badInput(`'${displayName}' is not a text`, hint);
	}
}
