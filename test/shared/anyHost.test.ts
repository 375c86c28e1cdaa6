import fc from 'fast-check';

import { baseUrl } from '../../nodes/shared/auth/host';
import { CredentialError } from '../../nodes/shared/problem/CredentialError';

const PARTS = [
	...[
		'https://',
		'HTTP://',
		'http://',
		'ftp://',
		'//',
		'/',
		'v2',
		'V1.1',
		'/v2/coupon',
		'?a=b',
		'#c',
	],
	...[
		'eu.api.capillarytech.com',
		'localhost',
		'127.0.0.1',
		'[::1]',
		':8443',
		':',
		'@',
		'user:pass@',
	],
	...[' ', '\\', '..', '%2e', '.', 'host.docker.internal', 'gateway'],
];
const THIS_MACHINE = ['localhost', '[::1]', 'host.docker.internal'];

const anyHost = fc.oneof(
	fc.array(fc.constantFrom(...PARTS), { maxLength: 6 }).map((parts) => parts.join('')),
	fc.webUrl(),
	fc.string(),
	fc.anything(),
);

it('the host is a base URL that gives no login away, or a sentence', () => {
	fc.assert(
		fc.property(anyHost, (host) => {
			let base: string;
			try {
				base = baseUrl(host);
			} catch (error) {
				expect(error).toBeInstanceOf(CredentialError);
				expect((error as Error).message).toContain("'Host'");
				return;
			}
			const { protocol, hostname, username, password, search, hash, pathname } = new URL(base);
			expect([username, password, search, hash]).toEqual(['', '', '', '']);
			expect(base.endsWith('/')).toBe(false);
			expect(pathname).not.toMatch(/\/v\d+(\.\d+)?(\/|$)/i);
			if (protocol !== 'https:') {
				expect(protocol).toBe('http:');
				expect(THIS_MACHINE.includes(hostname) || hostname.startsWith('127.')).toBe(true);
			}
			expect(baseUrl(base)).toBe(base);
		}),
		{ numRuns: 300 },
	);
});
