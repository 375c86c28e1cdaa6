import { CODES, LATER_HINT, LOGIN_REJECTED, REVOKE_CODES } from './codes';
import type { Failure, Fault } from './Problem';

/** What the user reads: a sentence for the title, and what to do for the description. */
interface Text {
	sentence: string;
	hint: string;
}

/** What a call does: it reads, or it changes something. */
export type Work = 'read' | 'issue' | 'revoke';

const LONGEST_MESSAGE = 300;

const FAULTS: Record<Fault, Text> = {
	badInput: { sentence: 'A parameter is not valid', hint: 'Check the parameters.' },
	badCredential: {
		sentence: 'The Capillary credential cannot be used',
		hint: 'Check the Capillary credential.',
	},
	notReached: {
		sentence: 'Capillary could not be reached, so nothing was sent',
		hint: "Check the credential's 'Host' and the network of this n8n.",
	},
	limited: {
		sentence: "Capillary's rate limit did not lift within 'Max Wait'",
		hint: "Raise 'Max Wait' under 'Options', send fewer items at a time, or ask Capillary for a higher limit.",
	},
	loginRejected: LOGIN_REJECTED,
	refused: { sentence: 'Capillary refused the call', hint: 'Check the parameters.' },
	partial: {
		sentence: 'Capillary did only part of it',
		hint: 'What was done comes out as items.',
	},
	serverFault: { sentence: 'Capillary is temporarily unavailable', hint: LATER_HINT },
	unclear: { sentence: 'Capillary does not say whether the call was done', hint: LATER_HINT },
	lost: {
		sentence: 'The connection to Capillary ended before the answer came',
		hint: LATER_HINT,
	},
	unreadable: {
		sentence: "The answer is not one of Capillary's API",
		hint: "Check the credential's 'Host', and whether a proxy or firewall is in between.",
	},
	stopped: { sentence: 'Not sent, because the execution ended', hint: '' },
};

/** What to add, and what to do, when the call may have been carried out. */
const UNKNOWN: Record<Exclude<Work, 'read'>, Text> = {
	issue: {
		sentence: 'the coupon may have been issued',
		hint: "The coupon may have been issued, so the call is not sent again. Run again with 'Issue Once', which looks first, or check with 'Get Customer Coupons' before you issue another one.",
	},
	revoke: {
		sentence: 'the coupons may have been revoked',
		hint: "The coupons may have been revoked, so the call is not sent again. Check with 'Get Coupon' or 'Get Customer Coupons': a coupon that was revoked should no longer be found.",
	},
};

const NOTHING_DONE: Record<Work, string> = {
	read: '',
	issue: 'Nothing was issued for this item. ',
	revoke: 'Nothing was revoked for this item. ',
};

/**
 * The words for a failure. Capillary's code decides first, then the kind of fault; Capillary's own
 * message and code are always shown.
 */
export function describe(failure: Failure, work: Work): Text {
	const { fault, code, apiMessage, httpStatus, outcome } = failure;
	const ofCode = code === undefined || failure.sentence ? undefined : textOf(code, failure, work);
	const known = ofCode ?? ofStatus(failure) ?? FAULTS[fault];
	const shown = [code, apiMessage?.slice(0, LONGEST_MESSAGE)].filter((part) => part !== undefined);
	const said = shown.length > 0 ? shown.join(': ') : statusText(httpStatus);
	const plain = failure.sentence ?? known.sentence;
	const unknown = outcome === 'unknown' && work !== 'read' ? UNKNOWN[work] : undefined;
	// In the title already: an AI agent, or a person in a hurry, must not simply try again.
	const sentence = unknown ? `${plain}: ${unknown.sentence}` : plain;
	const hint = failure.hint ?? (fault === 'limited' ? NOTHING_DONE[work] : '') + known.hint;
	return { sentence: said ? `${sentence} (${said})` : sentence, hint: unknown?.hint ?? hint };
}

/** A code that repeats the HTTP status is not of the operation: a gateway's 404 is no missing coupon. */
function textOf(code: number, { httpStatus }: Failure, work: Work): Text | undefined {
	const ofRevoke = work === 'revoke' && code !== httpStatus ? REVOKE_CODES[code] : undefined;
	return ofRevoke ?? CODES[code];
}

function ofStatus({ fault, httpStatus }: Failure): Text | undefined {
	if (httpStatus === undefined) return undefined;
	if (httpStatus >= 300 && httpStatus < 400) {
		return {
			sentence: 'The host answers with a redirect, which is not followed',
			hint: "Check the credential's 'Host': it must be the API host itself.",
		};
	}
	if (fault !== 'refused') return undefined;
	if (httpStatus === 403) return CODES[403];
	if (httpStatus === 404 || httpStatus === 405) {
		return {
			sentence: 'The host does not know this call',
			hint: "Check the credential's 'Host': it must be the API host of your cluster, without a version such as /v2.",
		};
	}
	return undefined;
}

function statusText(httpStatus: number | undefined): string {
	return httpStatus !== undefined && httpStatus >= 300 ? `HTTP status ${httpStatus}` : '';
}
