/** What came of a token call that gave no token. */
export interface TokenCall {
	httpStatus?: number;
	apiCode?: number | string;
	apiMessage?: string;
	/** Milliseconds that the API asked to wait. */
	retryAfterMs?: number;
	/** Node's code of a connection fault, such as ECONNREFUSED. */
	network?: string;
}

/**
 * A credential that cannot be used as it is. Its message is written for the user and holds no secret.
 *
 * No property here may be called `status`, `code`, `response` or the like: n8n would read it and put
 * a general text in place of the message.
 */
export class CredentialError extends Error {
	constructor(
		message: string,
		readonly tokenCall?: TokenCall,
	) {
		super(message);
		this.name = 'CredentialError';
	}
}
