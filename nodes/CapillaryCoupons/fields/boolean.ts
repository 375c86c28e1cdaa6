import { badInput } from '../response/Problem';

/**
 * Makes a boolean of a switch, however an expression gives it.
 *
 * @param parameter the field's name, for the sentence
 * @throws CallProblem when it is neither true nor false
 */
export function toBoolean(value: unknown, parameter: string): boolean {
	if (value === true || value === 'true') return true;
	if (value === false || value === 'false') return false;
	throw badInput(
		`'${parameter}' is not true or false`,
		'Set the switch, or check the expression that sets it.',
	);
}
