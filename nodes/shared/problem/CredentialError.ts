import type { Problem } from './Problem';

/**
 * A credential that cannot be used as it is, or gives no token. Its message is written for the user
 * and holds no secret.
 *
 * No property here may be called `status`, `code`, `response` or the like: n8n would read it and put
 * a general text in place of the message.
 */
export class CredentialError extends Error {
	/** @param problem what the call meets that needs the credential */
	constructor(
		message: string,
		readonly problem: Problem = { fault: 'badCredential' },
	) {
		super(message);
		this.name = 'CredentialError';
	}
}
