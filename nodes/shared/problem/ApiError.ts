/** An error as Capillary tells it, from whichever envelope. */
export interface ApiError {
	code?: number;
	message?: string;
	/** The coupons it is told of, where the answer names them. */
	couponCodes?: string[];
}
