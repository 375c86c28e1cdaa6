import type {
	IAdditionalCredentialOptions,
	ICredentialDataDecryptedObject,
	IExecuteSingleFunctions,
} from 'n8n-workflow';

import { credentialStore } from './internals';

const TYPE = 'capillaryApi';
const GOOD_FOR_MS = 1_000;

/**
 * The credential for the calls of a run, read from the database and decrypted once a second. n8n does
 * so for each call, which is a fifth of an item's time.
 */
export class SharedCredential {
	private calls = 0;

	private readAt = 0;

	private reading?: Promise<ICredentialDataDecryptedObject | undefined>;

	/** What to hand to n8n with a call; undefined when n8n is to read the credential for this call. */
	async forCall(
		context: IExecuteSingleFunctions,
	): Promise<IAdditionalCredentialOptions | undefined> {
		this.calls += 1;
		// A single call, as from most webhooks, would not gain anything.
		if (this.calls === 1) return undefined;
		if (Date.now() - this.readAt > GOOD_FOR_MS) {
			this.readAt = Date.now();
			// What cannot be read here, n8n reads and explains.
			this.reading = read(context).catch(() => undefined);
		}
		const data = await this.reading;
		// A copy, as each call notes its token in it.
		return data && { credentialsDecrypted: { id: '', name: '', type: TYPE, data: { ...data } } };
	}
}

const ofRuns = new WeakMap<object, SharedCredential>();

/**
 * What to hand to n8n with a call of a run; undefined when n8n is to read the credential for it.
 *
 * @param run whose calls share the credential
 */
export async function sharedCredential(
	run: object,
	context: IExecuteSingleFunctions,
): Promise<IAdditionalCredentialOptions | undefined> {
	let shared = ofRuns.get(run);
	if (!shared) ofRuns.set(run, (shared = new SharedCredential()));
	return await shared.forCall(context);
}

/** Undefined when a field is an expression: it can give each item a login of its own. */
async function read(
	context: IExecuteSingleFunctions,
): Promise<ICredentialDataDecryptedObject | undefined> {
	const store = credentialStore(context);
	const saved = context.getNode().credentials?.[TYPE];
	if (!store || !saved) return undefined;
	const { additionalData, mode } = store;
	const fields = await additionalData.credentialsHelper.getDecrypted(
		additionalData,
		saved,
		TYPE,
		mode,
		context.getExecuteData(),
		true,
	);
	const isExpression = (value: unknown) => typeof value === 'string' && value.startsWith('=');
	if (Object.values(fields).some(isExpression)) return undefined;
	return await context.getCredentials<ICredentialDataDecryptedObject>(TYPE);
}
