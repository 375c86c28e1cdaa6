import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { checkLogin } from '../nodes/shared/auth/checkLogin';
import { loginOf, TryAgain } from '../nodes/shared/auth/login';
import { noteSecrets } from '../nodes/shared/auth/secrets';
import { newToken, usableToken } from '../nodes/shared/auth/tokens';

/** Marks the request of a credential test. It is never sent. */
const TEST_HEADER = 'X-Credential-Test';
/** Marks the credential under test: false before the first call, true after it. */
const TESTED = 'tested';

/** What n8n loads: the fields of the credential, the login of each call, and the test on saving. */
export class CapillaryApi implements ICredentialType {
	name = 'capillaryApi';

	displayName = 'Capillary API';

	icon: Icon = { light: 'file:../icons/capillary.svg', dark: 'file:../icons/capillary.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-capillary/n8n-nodes-capillary#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Host',
			name: 'host',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://eu.api.capillarytech.com',
			description:
				"The API host of your organization's cluster, without a version such as /v2. Ask Capillary if you do not know it.",
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			options: [
				{
					name: 'Basic',
					value: 'basic',
					description: 'User name and password of a till or a Store Center',
				},
				{
					name: 'OAuth',
					value: 'oauth',
					description:
						'Key and secret of an API client, made in InTouch. Recommended for servers such as n8n.',
				},
			],
			default: 'basic',
		},
		{
			displayName: 'Username',
			name: 'username',
			type: 'string',
			required: true,
			default: '',
			displayOptions: { show: { authentication: ['basic'] } },
			description: 'ID of the till or Store Center that makes the calls',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			displayOptions: { show: { authentication: ['basic'] } },
			description: 'Password of that till. It is sent as an MD5 hash, as Capillary asks for it.',
		},
		{
			displayName: 'Password Is MD5 Hash',
			// Not masked: a masked switch comes back to the editor as a text, which turns it off. Its name
			// keeps clear of the words that n8n's lint wants masked.
			name: 'isMd5',
			type: 'boolean',
			default: false,
			displayOptions: { show: { authentication: ['basic'] } },
			description: 'Whether the password above is already the MD5 hash of 32 digits',
		},
		{
			displayName: 'Client Key',
			name: 'clientKey',
			type: 'string',
			required: true,
			default: '',
			displayOptions: { show: { authentication: ['oauth'] } },
			description: 'Key of the API client',
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			displayOptions: { show: { authentication: ['oauth'] } },
			description: 'Secret of the API client. Capillary shows it only once.',
		},
		{
			displayName: 'Attribution Type',
			name: 'attributionType',
			type: 'options',
			options: [
				{ name: 'Store Code', value: 'STORE_CODE' },
				{ name: 'Store External ID', value: 'STORE_EXTERNAL_ID' },
				{ name: 'Store External ID 1', value: 'STORE_EXTERNAL_ID_1' },
				{ name: 'Store External ID 2', value: 'STORE_EXTERNAL_ID_2' },
				{ name: 'Store Name', value: 'STORE_NAME' },
				{ name: 'Till', value: 'TILL' },
			],
			default: 'TILL',
			displayOptions: { show: { authentication: ['oauth'] } },
			description: "What 'Attribution Code' names",
		},
		{
			displayName: 'Attribution Code',
			name: 'attributionCode',
			type: 'string',
			default: '',
			placeholder: 'e.g. till_001',
			displayOptions: { show: { authentication: ['oauth'] } },
			description:
				"The till or store that coupons are issued at, of the kind chosen in 'Attribution Type'. Leave empty for the API client's default till. With a code that it does not know, Capillary either refuses the call or uses the default till, as the API client is set up.",
		},
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'hidden',
			typeOptions: { expirable: true, password: true },
			default: '',
		},
		{
			displayName: 'Expires At',
			name: 'expiresAt',
			type: 'hidden',
			default: 0,
		},
		{
			displayName: 'Token Issued For',
			name: 'tokenIssuedFor',
			type: 'hidden',
			typeOptions: { password: true },
			default: '',
		},
	];

	/**
	 * Fetches a token. n8n calls it when the stored token is empty, when `authenticate` asks for it by
	 * `TryAgain`, and in every credential test.
	 */
	async preAuthentication(this: IHttpRequestHelper, credentials: ICredentialDataDecryptedObject) {
		const token =
			credentials.authentication === 'oauth' ? await newToken.call(this, credentials) : {};
		if (credentials[TESTED] === false) {
			await checkLogin.call(this, loginOf({ ...credentials, ...token }));
			credentials[TESTED] = true;
		}
		return token;
	}

	/** Adds host and login to a request. Set here, the host costs no expression per item. */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const { [TEST_HEADER]: isTest, ...headers } = request.headers ?? {};
		if (isTest && !credentials[TESTED]) {
			credentials[TESTED] = false;
			// With a new token, so that key and secret are asked about as well.
			credentials.accessToken = usableToken(credentials) ?? '';
			throw new TryAgain('The login is to be checked first');
		}
		const login = loginOf(credentials);
		Object.assign(request, login, { headers: { ...headers, ...login.headers } });
		noteSecrets(request, credentials);
		return request;
	}

	/**
	 * n8n's own test sees only status codes and single fields of a body. So this request is marked:
	 * `authenticate` lets `preAuthentication` make a first call, which reads the answer as the node does.
	 */
	test: ICredentialTestRequest = {
		request: {
			method: 'GET',
			url: '/v2/coupon',
			qs: { couponIds: 1 },
			headers: { [TEST_HEADER]: 'true' },
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: true,
		},
	};
}
