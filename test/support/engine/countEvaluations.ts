import type { Workflow } from 'n8n-workflow';

/** How often each expression, by its text, was evaluated for one item. */
export type Evaluations = Record<string, number>;

/**
 * Counts what an item costs: in n8n's isolate each evaluation takes about 0.35 ms.
 *
 * @returns one entry for each item, filled while the workflow runs
 */
export function countEvaluations({ expression }: Workflow, items: number): Evaluations[] {
	const counts: Evaluations[] = Array.from({ length: items }, () => ({}));
	const evaluate = expression.resolveSimpleParameterValue.bind(expression);
	expression.resolveSimpleParameterValue = (...given: Parameters<typeof evaluate>) => {
		const [value, , , , itemIndex] = given;
		const count = counts[itemIndex];
		if (count && typeof value === 'string' && value.startsWith('=')) {
			count[value] = (count[value] ?? 0) + 1;
		}
		return evaluate(...given);
	};
	return counts;
}
