import type { IHttpRequestHelper } from 'n8n-workflow';

import { newToken } from '../../nodes/shared/auth/tokens';
import { BoundedMap } from '../../nodes/shared/BoundedMap';

describe('BoundedMap', () => {
	it('forgets the oldest, and takes what is set again for the newest', () => {
		const map = new BoundedMap<string, number>(2);
		map.set('a', 1).set('b', 2).set('a', 3).set('c', 4);
		expect([...map]).toEqual([
			['a', 3],
			['c', 4],
		]);
	});
});

describe('tokens', () => {
	it('are kept for the last 1,000 clients, not for all that ever were', async () => {
		let calls = 0;
		const httpRequest = async () => {
			calls += 1;
			const data = { accessToken: `token ${calls}`, ttlSeconds: 300 };
			return { statusCode: 200, headers: {}, body: JSON.stringify({ data }) };
		};
		const context = { helpers: { httpRequest } } as unknown as IHttpRequestHelper;
		const fetch = async (n: number) =>
			await newToken.call(context, {
				host: 'eu.api.capillarytech.com',
				clientKey: `key ${n}`,
				clientSecret: 'secret',
			});
		for (let n = 1; n <= 1_001; n += 1) await fetch(n);
		expect(calls).toBe(1_001);

		await fetch(1_001);
		await fetch(2);
		expect(calls).toBe(1_001);
		await fetch(1);
		expect(calls).toBe(1_002);
	});
});
