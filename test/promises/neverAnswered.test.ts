import { sleep } from 'n8n-workflow';

import { testCredential } from '../support/engine';
import { useFastTime } from '../support/fastTime';
import { GOOD, useServer } from '../support/useServer';
import { goOn } from './world';

useFastTime();
const server = useServer();

// Node ends such a connection without a word: no answer, no error, and no time-out any more.
const UPGRADE = { status: 101, headers: { connection: 'Upgrade', upgrade: 'websocket' } };
const requestOptions = { timeout: 1_000 };
const coupon = { body: { code: 'C1', seriesId: 868760 } };
const TOO_LONG = 'still running';
const inTime = async <T>(run: Promise<T>) =>
	await Promise.race([run, sleep(300_000).then(() => TOO_LONG)]);

describe('a call whose connection becomes another protocol', () => {
	it('ends as unknown, and the next item of that customer has its turn', async () => {
		server.answer((_, index) => (index === 0 ? UPGRADE : coupon));
		const run = server.run({ ...GOOD.issue, requestOptions }, [{}, {}], goOn);

		expect(await inTime(run)).toMatchObject({
			items: [{ json: { details: { outcome: 'unknown' } } }, { json: { code: 'C1' } }],
		});
	});

	it("ends the credential's test, in red", async () => {
		server.answer(() => UPGRADE);
		expect(await inTime(testCredential(server.basic))).toMatchObject({ status: 'Error' });
	});

	it('does not keep the credential from a token for ever', async () => {
		server.answer(() => UPGRADE);
		const login = {
			host: server.url,
			authentication: 'oauth',
			clientKey: 'upgraded',
			clientSecret: 'secret',
		};
		const parameters = { ...GOOD.issue, requestOptions, options: { maxWait: 1 } };
		await inTime(server.run(parameters, [{}], goOn, login));
		server.answer(({ path }) =>
			path.startsWith('/v3/oauth')
				? { body: { data: { accessToken: 'token', ttlSeconds: 300 } } }
				: coupon,
		);

		expect(await inTime(server.run(parameters, [{}], goOn, login))).toMatchObject({
			items: [{ json: { code: 'C1' } }],
		});
	});
});
