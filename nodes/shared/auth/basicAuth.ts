import { createHash } from 'node:crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { CredentialError } from '../problem/CredentialError';

/**
 * The Authorization header for Basic authentication: base64 of `username:md5hex(password)`, the
 * password taken as UTF-8 (the sample headers of the API's pages decode to this form).
 *
 * @throws CredentialError when a field is empty or the given hash is not one
 */
export function basicAuth(credentials: ICredentialDataDecryptedObject): string {
	const username = String(credentials.username ?? '').trim();
	const password = String(credentials.password ?? '');
	if (!username) throw new CredentialError("The credential's 'Username' is empty.");
	if (!password) throw new CredentialError("The credential's 'Password' is empty.");
	const hash = credentials.isMd5 === true ? givenHash(password) : md5(password);
	return `Basic ${Buffer.from(`${username}:${hash}`, 'utf8').toString('base64')}`;
}

function md5(text: string): string {
	return createHash('md5').update(text, 'utf8').digest('hex');
}

function givenHash(password: string): string {
	const hash = password.trim().toLowerCase();
	if (/^[0-9a-f]{32}$/.test(hash)) return hash;
	throw new CredentialError(
		"The credential's 'Password' is not an MD5 hash of 32 digits. Enter the hash, or turn 'Password Is MD5 Hash' off.",
	);
}
