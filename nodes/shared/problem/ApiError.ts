/** An error as Capillary tells it, from whichever envelope. */
export interface ApiError {
	code?: number;
	message?: string;
}
