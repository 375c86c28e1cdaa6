/** What a marketer reads for a code of Capillary's, and what to do next. */
interface CodeText {
	sentence: string;
	hint: string;
	/**
	 * It says nothing of a coupon, a series or a customer: the login is not accepted, or lacks a right, or
	 * the call cannot be answered.
	 */
	about?: 'login' | 'right' | 'call';
	/** The workflow has to be changed before the call can succeed. */
	configuration?: true;
	/** Something went wrong behind the API: nobody says that nothing was done. */
	unclear?: true;
}

const SERIES_HINT =
	"Check 'Series': the ID must be one of this organization's active coupon series.";
const CUSTOMER_HINT =
	"Check the customer and 'Identify Customer By'. Give a mobile number as digits only, without spaces, and with its country code if Capillary stores it so.";
const LIMIT_HINT =
	"Check the series' limits in Capillary, or which coupons the customer already has with 'Get Customer Coupons'.";
/** The hint for faults that pass. */
export const LATER_HINT = 'Try again in a few minutes.';
const SUPPORT_HINT = 'Ask Capillary support, with the code and the time of the call.';
const CODE_HINT = 'Check the coupon code and that it belongs to this organization.';

const series = (sentence: string): CodeText => ({
	sentence,
	hint: SERIES_HINT,
	configuration: true,
});
const customer = (sentence: string): CodeText => ({ sentence, hint: CUSTOMER_HINT });
const limit = (sentence: string): CodeText => ({ sentence, hint: LIMIT_HINT });
const later = (sentence: string): CodeText => ({ sentence, hint: LATER_HINT });
const unclear = (sentence: string, hint = LATER_HINT): CodeText => ({
	sentence,
	hint,
	unclear: true,
});
const support = (sentence: string): CodeText => ({ sentence, hint: SUPPORT_HINT });
const coupon = (sentence: string): CodeText => ({ sentence, hint: CODE_HINT });
const ofCall = (sentence: string): CodeText => ({ ...later(sentence), about: 'call' });
const login = (sentence: string, hint: string): CodeText => ({ sentence, hint, about: 'login' });
const right = (sentence: string): CodeText => ({
	sentence,
	hint: 'Give the till or API client access to the resources Coupon and Customer (read and write) in Capillary.',
	about: 'right',
});

/** Of a login that was not accepted, or is over: as HTTP status or as code. */
export const LOGIN_CODES = [401, 498];

/** Also for a 401 without a code, by the HTTP status alone. */
export const LOGIN_REJECTED = login(
	'Capillary rejected this credential',
	"Check the login in the Capillary credential, and that it belongs to the credential's 'Host'.",
);

/**
 * Every code that can reach the operations: those of the API pages "Issue multiple coupons" and "Get
 * customer coupons" first, then the ones that Capillary's public documentation lists beside them.
 */
export const CODES: Record<number, CodeText> = {
	// Issuing, API page "Issue multiple coupons"
	677: {
		sentence: "'Count' must be between 1 and 500",
		hint: 'For more coupons, use several items.',
		configuration: true,
	},
	701: customer('Capillary does not know this customer'),
	// Of the customer's coupons the first, of an issue call the second (its pair is 5005).
	702: coupon("The coupon code is not valid, or the series' stock of codes is not ready"),
	707: series('The coupon series does not exist'),
	709: limit('The customer already has a coupon of this series'),
	713: {
		sentence: 'The coupon series has expired',
		hint: "Choose another series in 'Series', or extend this one in Capillary.",
		configuration: true,
	},
	756: {
		sentence: "'Series' or 'Count' did not reach Capillary as it should",
		hint: "Check 'Series' and 'Count'.",
		configuration: true,
	},
	// Pairs of API page "Issue multiple coupons": warning of a partial success, error
	679: limit('The series allows one coupon for each customer'),
	5004: limit('The series allows one coupon for each customer'),
	626: limit('The series has issued all the coupons it may'),
	5001: limit('The series has issued all the coupons it may'),
	621: limit('The customer has reached the maximum of coupons of this series'),
	5002: limit('The customer has reached the maximum of coupons of this series'),
	5005: later("The series' stock of codes is not ready"),
	678: limit('Some coupons could not be issued'),
	5006: limit('Some coupons could not be issued'),

	// Customers
	703: customer('The coupon was not issued to this customer'),
	710: customer('The coupon is not meant for this customer'),
	721: customer('The customer is not valid'),
	723: customer('The customer cannot use this coupon'),
	740: customer('Capillary has marked this customer for fraud'),
	742: customer('Issuing and redeeming are blocked for this customer'),
	750: customer('Capillary has marked this customer for fraud'),
	8015: customer('Capillary does not know this customer'),

	// Series
	712: series('The series or its campaign has expired'),
	714: limit('The campaign is over: all its coupons are gone'),
	746: series('The series ID is missing'),
	754: series('The series ID is not valid'),
	755: series('The series ID is not valid'),
	777: series('The series cannot be issued from this source'),
	1062: series('The series ID is not valid'),

	// Coupons
	705: coupon('The coupon code does not exist'),
	719: coupon('The coupon code does not exist'),
	720: coupon('The coupon is a test coupon'),
	780: coupon('The coupon was not found'),
	781: {
		sentence: 'The coupon code or ID is missing',
		hint: "Check 'Lookup Values'.",
		configuration: true,
	},

	// Revoking, Capillary's public documentation "Revoke coupon"
	108: {
		sentence: 'The series has one code for everybody, which cannot be revoked by code',
		hint: "Check 'Coupon Codes' and 'Series'.",
		configuration: true,
	},
	682: coupon('The coupon was not found, or was revoked before'),
	811: support('Capillary refused to revoke'),

	// The call itself
	521: ofCall('Capillary is still busy with another call for this customer'),
	461: ofCall("Capillary's search is busy"),
	715: login('The organization is not valid', "Check the credential's 'Host' and login."),
	1061: login('A header that names the till did not reach Capillary', SUPPORT_HINT),
	1064: login('The organization is not valid', "Check the credential's 'Host' and login."),
	722: later('Capillary was unable to issue the coupon'),
	724: unclear('The message to the customer was not sent', SUPPORT_HINT),
	704: unclear('The message to the customer was not sent', SUPPORT_HINT),
	730: unclear('Capillary does not say what went wrong', SUPPORT_HINT),
	735: login(
		'The store of this login has no right to do this',
		"Check the till behind the credential, or its 'Attribution Code'.",
	),
	748: unclear("Capillary's coupon service took too long"),
	786: unclear('Capillary could not process the call'),
	787: unclear('Capillary could not process the call'),
	788: support('The series is not set up completely'),
	789: unclear('Capillary could not process the call'),
	790: unclear('Capillary could not process the call'),
	791: unclear('Capillary could not process the call'),
	792: unclear('Capillary could not process the call'),
	793: unclear('Capillary could not process the call'),
	794: unclear('Capillary could not process the call'),
	795: support('The series is not set up completely'),
	796: unclear('Capillary could not process the call'),
	797: unclear('Capillary could not process the call'),
	798: unclear('Capillary could not process the call'),
	799: support('The series is not set up completely'),
	1000: {
		sentence: 'Capillary received nothing to look for',
		hint: "Check 'Lookup Values'.",
		configuration: true,
	},
	1060: {
		sentence: 'Capillary received too much in one call',
		hint: 'Ask for fewer coupons or customers at a time.',
		about: 'call',
	},

	// Behind the API: a gateway or a service that the work was handed to
	500: unclear('Capillary could not complete the call'),
	502: unclear('Capillary is temporarily unavailable'),
	503: unclear('Capillary is temporarily unavailable'),
	504: unclear("Capillary's service took too long"),

	// Login and rights
	401: LOGIN_REJECTED,
	498: login(
		'Capillary says that the access token has expired',
		'Check the API client in InTouch and the Capillary credential.',
	),
	403: right('This login has no right to do this'),
	4000: right('This login has no right to do this'),
	4001: login('Capillary cannot check the rights of the login now', LATER_HINT),
	320001: login(
		"Capillary refused the credential's 'Client Key' or 'Client Secret'",
		'Check both, and that they belong to this host.',
	),
};

/** What means something else, or nothing, outside of Revoke Coupons. */
export const REVOKE_CODES: Record<number, CodeText> = {
	404: coupon('The coupon was not found, or was revoked before'),
	405: { sentence: 'The coupon was redeemed', hint: 'A redeemed coupon cannot be revoked.' },
	629: {
		sentence: 'Capillary received too many coupons to revoke in one call',
		hint: "Of one customer it revokes up to 100 coupons. For more, set 'Revoke By' to 'Coupon Codes'.",
		configuration: true,
	},
	756: {
		sentence: 'Neither coupon codes nor a customer reached Capillary',
		hint: "Check 'Coupon Codes', or the customer and 'Series'.",
		configuration: true,
	},
};

/** What a code is about, when it is not about a coupon, a series or a customer. */
export function aboutOf(code: number | undefined): CodeText['about'] {
	return code === undefined ? undefined : CODES[code]?.about;
}

/** Another call for the customer is under way: said before any work, though it looks like a gateway's code. */
const CUSTOMER_BUSY = 521;

/** Whether a code leaves it open what was done: of the table, a time-out, or of a gateway. */
export function isUnclear(code: number | undefined): boolean {
	if (code === undefined || code === CUSTOMER_BUSY) return false;
	return CODES[code]?.unclear === true || code === 408 || (code >= 500 && code < 600);
}
