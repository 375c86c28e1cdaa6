import { baseUrl } from '../../nodes/shared/auth/host';

describe('baseUrl takes a host in every usual form', () => {
	it.each([
		['https://eu.api.capillarytech.com', 'https://eu.api.capillarytech.com'],
		['https://eu.api.capillarytech.com/', 'https://eu.api.capillarytech.com'],
		['https://eu.api.capillarytech.com///', 'https://eu.api.capillarytech.com'],
		['eu.api.capillarytech.com', 'https://eu.api.capillarytech.com'],
		['  eu.api.capillarytech.com  ', 'https://eu.api.capillarytech.com'],
		['EU.API.capillarytech.com', 'https://eu.api.capillarytech.com'],
		['HTTPS://eu.api.capillarytech.com', 'https://eu.api.capillarytech.com'],
		['eu.api.capillarytech.com:8443', 'https://eu.api.capillarytech.com:8443'],
		['https://gateway.example/capillary/', 'https://gateway.example/capillary'],
		['https://gateway.example/a?b=c#d', 'https://gateway.example/a'],
		['http://localhost:8080', 'http://localhost:8080'],
		['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
		['http://127.1.2.3', 'http://127.1.2.3'],
		['http://[::1]:8080', 'http://[::1]:8080'],
	])('%p', (host, url) => {
		expect(baseUrl(host)).toBe(url);
	});
});

describe('baseUrl says what is wrong', () => {
	it.each([
		['', /'Host' is empty/],
		['   ', /'Host' is empty/],
		[undefined, /'Host' is empty/],
		[42, /'Host' is empty/],
		['https://', /'Host' is not a host name/],
		['not a host', /'Host' is not a host name/],
		['ftp://eu.api.capillarytech.com', /'Host' is not a host name/],
		['javascript://x', /'Host' is not a host name/],
		['file:///etc/passwd', /'Host' is not a host name/],
		['https://user:word@eu.api.capillarytech.com', /must not hold a user name or password/],
		['http://eu.api.capillarytech.com', /plain http/],
		['http://localhost.example.com', /plain http/],
		['http://127.0.0.1.example.com', /plain http/],
		['http://mylocalhost', /plain http/],
		['http://10.0.0.1', /plain http/],
		['http://0.0.0.0', /plain http/],
	])('%p', (host, message) => {
		expect(() => baseUrl(host)).toThrow(message);
	});

	it('and never repeats what was typed', () => {
		expect(() => baseUrl('https://till:hunter2@eu.example')).not.toThrow(/hunter2/);
	});
});
