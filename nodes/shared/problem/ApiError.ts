/** An error in an answer of Capillary's, from whichever envelope. */
export interface ApiError {
	code?: number;
	message?: string;
	/** The coupons it is about, where the answer names them. */
	couponCodes?: string[];
}
