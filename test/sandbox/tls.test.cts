import { request } from 'node:https';

import type { Fault } from '../../sandbox/faults';
import { at, basic, Client, useSandbox } from './helpers';

describe('a sandbox with TLS', () => {
	const { sandbox } = useSandbox({}, { https: true });

	/** The status of an issue call, or the code of the error it ends with. */
	const issue = async (ca = sandbox.certificate): Promise<number | string | undefined> =>
		await new Promise((resolve) => {
			const headers = {
				...basic('sandbox.till', 'loopback-only'),
				'content-type': 'application/json',
			};
			const call = request(`${sandbox.url}/v2/coupon/issue`, { method: 'POST', ca, headers });
			const fail = (error: NodeJS.ErrnoException) => resolve(error.code);
			call.on('error', fail);
			call.on('response', (response) => {
				response.on('error', fail);
				response.on('end', () => resolve(response.statusCode));
				response.resume();
			});
			call.end(JSON.stringify({ seriesId: 868760, customer: { id: 98662653 } }));
		});

	it('answers whoever trusts its certificate', async () => {
		expect(sandbox.url).toMatch(/^https:/);
		expect(await issue()).toBe(200);
		expect(sandbox.ledger).toHaveLength(1);
	});

	it('is not trusted by others, and gets no request of theirs', async () => {
		expect(await issue('')).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
		expect(sandbox.calls).toHaveLength(0);
	});

	it.each([
		[{ kind: 'lostBefore' }, /ECONNRESET/, 0],
		[{ kind: 'lostAfter' }, /ECONNRESET/, 1],
		[{ kind: 'lostAfter', reset: true }, /ECONNRESET/, 1],
		[{ kind: 'truncated' }, /ECONNRESET/, 1],
		[{ kind: 'garbage' }, /SSL|EPROTO/, 0],
		[{ kind: 'garbage', afterWork: true }, /SSL|EPROTO/, 1],
	] as Array<[Fault, RegExp, number]>)(
		'%j: fails after the handshake',
		async (fault, code, issued) => {
			sandbox.faults.add({ match: { count: 1 }, fault });
			expect(await issue()).toMatch(code);
			expect(sandbox.ledger).toHaveLength(issued);
			expect(sandbox.calls).toHaveLength(1);
			expect(await issue()).toBe(200);
		},
	);
});

describe('a sandbox without TLS', () => {
	const { sandbox } = useSandbox({}, { host: '0.0.0.0' });

	it('can listen on every address, and has one that can be called', async () => {
		expect(sandbox.certificate).toBeUndefined();
		const reply = await new Client(sandbox).issue(868760);
		expect(at(reply, 'seriesId')).toBe(868760);
	});
});
