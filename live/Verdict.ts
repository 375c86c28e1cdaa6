import { type Safe, say } from './safe';
import { Unanswered } from './Session';

/** What a probe has found. */
export interface Verdict {
	result: 'as guessed' | 'otherwise' | 'not answerable';
	/** What was seen, or why nothing can be said. */
	how: Safe;
}

/** What was seen is what was guessed. */
export function asGuessed(how: Safe): Verdict {
	return { result: 'as guessed', how };
}

/** What was seen is not what was guessed. */
export function otherwise(how: Safe): Verdict {
	return { result: 'otherwise', how };
}

/** @param isGuess whether what was seen is what was guessed */
export function judged(isGuess: boolean, how: Safe): Verdict {
	return isGuess ? asGuessed(how) : otherwise(how);
}

/** The guess stays open. @param how why nothing can be said */
export function unanswered(how: Safe): Verdict {
	return { result: 'not answerable', how };
}

/** The verdict of a probe, whatever happens in it. */
export async function verdictOf(work: () => Promise<Verdict>): Promise<Verdict> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof Unanswered) return unanswered(error.why);
		// The words of any other error may hold what an answer said.
		return unanswered(say`the answer has a form that the probe cannot read`);
	}
}
