import { badInput } from '../response/Problem';

/**
 * Makes a JSON integer of an ID, however it was given.
 *
 * @param parameter the field's name, for the sentence
 * @throws CallProblem when it is empty or no whole number that JSON can hold
 */
export function toId(value: unknown, parameter: string): number {
	const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
	if (!text) {
		throw badInput(`'${parameter}' is empty`, 'Fill it, or check the expression that fills it.');
	}
	const id = Number(text);
	if (!/^\d+$/.test(text) || !Number.isSafeInteger(id) || id < 1) {
		throw badInput(
			`'${parameter}' is not a whole number: ${text.slice(0, 40)}`,
			'Enter the numeric ID, without other characters.',
		);
	}
	return id;
}
