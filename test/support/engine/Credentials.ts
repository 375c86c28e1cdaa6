import type { PackageDirectoryLoader } from 'n8n-core';
import {
	type ICredentialDataDecryptedObject as Data,
	ICredentialsHelper,
	type ICredentialType,
	type IHttpRequestHelper,
	type IHttpRequestOptions,
	type INode,
	NodeHelpers,
} from 'n8n-workflow';

type Decrypt = ICredentialsHelper['getDecrypted'];

let saved = 0;

/** One saved credential by n8n's rules, with an object in place of the database. */
export class Credentials extends ICredentialsHelper {
	readonly type: ICredentialType;

	/** What the database holds: fields, and the token that n8n has written back. */
	readonly stored: Data;

	/** How often n8n or the node has read it. */
	reads = 0;

	/** @param id of its own unless told, so that no test waits for another's rate limit */
	constructor(
		loader: PackageDirectoryLoader,
		data: object,
		readonly id = `credential ${(saved += 1)}`,
	) {
		super();
		this.type = loader.getCredential('capillaryApi').type;
		this.stored = { ...data } as Data;
	}

	/** How a node refers to it. */
	get reference(): NonNullable<INode['credentials']> {
		return { capillaryApi: { id: this.id, name: 'Capillary' } };
	}

	getParentTypes(): string[] {
		return [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	getCredentialsProperties() {
		return this.type.properties;
	}

	/** What the fields hold, without a workflow whose data they could name. */
	decrypted(): Data {
		const { properties } = this.type;
		const stored = { ...this.stored } as never;
		return NodeHelpers.getNodeParameters(properties, stored, true, false, null, null) as Data;
	}

	async getDecrypted(...[, , , mode, executeData, raw, run]: Parameters<Decrypt>): Promise<Data> {
		this.reads += 1;
		if (raw) return { ...this.stored };
		if (!run) return this.decrypted();
		const { workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData } = run;
		return workflow.expression.getParameterValue(
			this.decrypted() as never,
			runExecutionData,
			runIndex,
			itemIndex,
			node.name,
			connectionInputData,
			mode,
			{},
			executeData,
		) as unknown as Data;
	}

	async authenticate(credentials: Data, _type: string, request: unknown) {
		const { authenticate } = this.type;
		if (typeof authenticate !== 'function') throw new Error('The credential has no authenticate');
		return await authenticate(credentials, request as IHttpRequestOptions);
	}

	async preAuthentication(
		{ helpers: { httpRequest } }: IHttpRequestHelper,
		credentials: Data,
		_type: string,
		node: INode,
		expired: boolean,
	): Promise<Data | undefined> {
		const isTest = node?.parameters?.temp === '' && node?.type === 'n8n-nodes-base.noOp';
		if (!(credentials.accessToken === '' || expired || isTest)) return undefined;
		const context = { helpers: { httpRequest } };
		const output = await this.type.preAuthentication?.call(context, credentials);
		if (output?.accessToken === undefined) return undefined;
		Object.assign(this.stored, output);
		return Object.assign(credentials, output);
	}

	async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	async getCredentials(): Promise<never> {
		throw new Error('not used');
	}

	async updateCredentials() {}

	async updateCredentialsOauthTokenData() {}
}
