import { CODES, LOGIN_REJECTED } from './codes';
import type { Fault, Problem } from './Problem';

/** What the user reads: a sentence for the title, and what to do for the description. */
export interface Text {
	sentence: string;
	hint: string;
}

const CREDENTIAL_HINT = 'Check the Capillary credential.';
const LONGEST_MESSAGE = 300;

const FAULTS: Record<Fault, Text> = {
	badInput: { sentence: 'A parameter is not valid', hint: 'Check the parameters.' },
	badCredential: { sentence: 'The Capillary credential cannot be used', hint: CREDENTIAL_HINT },
	notReached: {
		sentence: 'Capillary could not be reached, so nothing was sent',
		hint: "Check the credential's 'Host' and the network of this n8n.",
	},
	limited: {
		sentence: "Capillary's rate limit did not lift within 'Max Wait'",
		hint: "Nothing was issued for this item. Raise 'Max Wait' under 'Options', send fewer items at a time, or ask Capillary for a higher limit.",
	},
	loginRejected: LOGIN_REJECTED,
	refused: { sentence: 'Capillary refused the call', hint: 'Check the parameters.' },
	partial: { sentence: 'Capillary gave only a part', hint: 'The others come out as items.' },
	serverFault: {
		sentence: 'Capillary is not well at the moment',
		hint: 'Try again in a few minutes.',
	},
	lost: {
		sentence: 'The connection to Capillary ended before the answer came',
		hint: 'Try again in a few minutes.',
	},
	unreadable: {
		sentence: "The answer is not one of Capillary's API",
		hint: "Check the credential's 'Host', and whether a proxy or firewall stands between.",
	},
	stopped: { sentence: 'Not sent, because the execution ended', hint: '' },
};

const UNKNOWN_HINT =
	"The coupon may have been issued, so the call is not sent again. Look with 'Get Customer Coupons' before you issue once more.";

/**
 * The words for a problem. Capillary's code decides first, then the kind of fault; Capillary's own
 * message and code are always shown.
 *
 * @param unknown whether the call may have issued a coupon
 */
export function describe(problem: Problem, unknown = false): Text {
	const { code, apiMessage, httpStatus } = problem;
	const ofCode = typeof code === 'number' && !problem.sentence ? CODES[code] : undefined;
	const known = ofCode ?? ofStatus(problem) ?? FAULTS[problem.fault];
	const shown = [code, apiMessage?.slice(0, LONGEST_MESSAGE)].filter((part) => part !== undefined);
	const said = shown.length > 0 ? shown.join(': ') : statusText(httpStatus);
	const told = problem.sentence ?? known.sentence;
	// An AI agent is given the sentence alone, and must not try again by itself.
	const sentence = unknown ? `${told}: the coupon may have been issued` : told;
	const hint = problem.hint ?? known.hint;
	return {
		sentence: said ? `${sentence} (${said})` : sentence,
		hint: unknown ? UNKNOWN_HINT : hint,
	};
}

function ofStatus({ fault, httpStatus }: Problem): Text | undefined {
	if (fault !== 'refused' || httpStatus === undefined) return undefined;
	if (httpStatus === 403) return CODES[403];
	if (httpStatus >= 300 && httpStatus < 400) {
		return {
			sentence: 'The host answers with a redirect, which is not followed',
			hint: "Check the credential's 'Host': it must be the API host itself.",
		};
	}
	if (httpStatus === 404 || httpStatus === 405) {
		return {
			sentence: 'The host does not know this call',
			hint: "Check the credential's 'Host': it must be the API host of your cluster, without a path.",
		};
	}
	return undefined;
}

function statusText(httpStatus: number | undefined): string {
	return httpStatus !== undefined && httpStatus >= 300 ? `HTTP status ${httpStatus}` : '';
}
