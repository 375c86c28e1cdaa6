// What must work on every n8n that the README names: each check is one run of the packed node, or a
// few, by that n8n's own engine against the sandbox.
import { strict as assert } from 'node:assert';
import { setTimeout } from 'node:timers/promises';

import type { NodeRun, Output } from '../support/engine';
import type { Untyped } from '../support/untyped';

/** What a check works with. */
export interface World {
	/** Of the n8n under test. */
	engine: typeof import('../support/engine');
	/** The sandbox's switches. */
	control: (method: string, path: string, body?: unknown) => Promise<Untyped>;
	/** Data of credentials. */
	accounts: Record<'basic' | 'oauth', Record<string, unknown>>;
}

const SERIES = { __rl: true, mode: 'id', value: '868760' };
const ASHA = '918028464628';
const SAWYER = '9988776655';
const STRANGER = '910000000000';
const HELD = ['abAB123', '6WRNA5UM', 'vmqvzcvymt'];
const ISSUE_PATH = '/v2/coupon/issue';
const FIRST_ISSUE_CALL = { path: ISSUE_PATH, count: 1 };

const byMobile = { customerIdentifierType: 'mobile', mobile: '={{ $json.mobile }}' };
const issue = { operation: 'issue', seriesId: SERIES, ...byMobile };
const toAsha = [{ mobile: ASHA }];

async function run({ engine, accounts }: World, run: Partial<NodeRun>): Promise<Output> {
	const credentials = accounts.basic;
	return await engine.runNode({ parameters: issue, items: toAsha, credentials, ...run });
}

/** The codes really issued. */
async function issued({ control }: World): Promise<string[]> {
	const { coupons } = await control('GET', '/ledger');
	return coupons.map(({ code }: { code: string }) => code);
}

/** How many calls came for a path. */
async function callsTo({ control }: World, path: string): Promise<number> {
	const { calls } = await control('GET', '/calls');
	return calls.filter((call: { path: string }) => call.path === path).length;
}

async function strike({ control }: World, fault: object, match: object = FIRST_ISSUE_CALL) {
	await control('POST', '/faults', { match, fault });
}

const codesOf = (items: Untyped[]) => items.map(({ json }) => json.code);

export const checks: Record<string, (world: World) => Promise<void>> = {
	async 'issue a coupon'(world) {
		const { items, error } = await run(world, {});
		assert.equal(error, undefined);
		assert.deepEqual(codesOf(items), await issued(world));
		assert.deepEqual(items[0].pairedItem, { item: 0 });
	},

	async 'issue several coupons, with metadata'(world) {
		const metadata = { sourceType: 'POS', notes: 'versions' };
		const parameters = { ...issue, operation: 'issueMultiple', count: 3, metadata };
		const { items } = await run(world, { parameters });
		assert.equal(items.length, 3);
		assert.deepEqual(codesOf(items), await issued(world));
		const { coupons } = await world.control('GET', '/ledger');
		assert.deepEqual(coupons[0].metadata, metadata);
	},

	async 'get coupons'(world) {
		const options = { couponCodeCase: 'AS_IT_IS' };
		const values = { lookupBy: 'couponCodes', lookupValues: HELD.join(', ') };
		const parameters = { operation: 'getCoupon', ...values, options };
		const { items } = await run(world, { parameters });
		assert.deepEqual(codesOf(items), HELD);
	},

	async "get a customer's coupons, filtered"(world) {
		const filters = { status: 'redeemed', startDate: '2019-01-01' };
		const parameters = { operation: 'getCustomerCoupons', ...byMobile, returnAll: true, filters };
		const { items } = await run(world, { parameters, items: [{ mobile: SAWYER }] });
		assert.deepEqual(codesOf(items), ['6WRNA5UM']);
	},

	async "get all pages of a customer's coupons"(world) {
		const parameters = { operation: 'getCustomerCoupons', ...byMobile, returnAll: true };
		const { items } = await run(world, { parameters, items: [{ mobile: '4000000250' }] });
		assert.equal(new Set(codesOf(items)).size, 250);
	},

	async 'the list of series'({ engine, accounts }) {
		const search = { method: 'searchSeries', credentials: accounts.basic, filter: 'gold' };
		const { results } = await engine.searchList(search);
		assert.deepEqual(
			results.map(({ value }) => String(value)),
			['868760'],
		);
	},

	async 'credential test, green and red, both ways'({ engine, accounts }) {
		const { basic, oauth } = accounts;
		assert.equal((await engine.testCredential(basic)).status, 'OK');
		assert.equal((await engine.testCredential(oauth)).status, 'OK');
		assert.equal((await engine.testCredential({ ...basic, password: 'no' })).status, 'Error');
		const wrong = await engine.testCredential({ ...oauth, clientSecret: 'no' });
		assert.equal(wrong.status, 'Error');
		assert.match(wrong.message, /'Client Secret'/);
	},

	async 'OAuth: one token for many items, a new one when it is rejected'(world) {
		const items = Array.from({ length: 20 }, () => ({ mobile: ASHA }));
		const token = '/v3/oauth/token/generate';
		const first = await run(world, { items, credentials: world.accounts.oauth });
		assert.equal(first.error, undefined);
		const calls = await callsTo(world, token);
		assert.ok(calls <= 1);
		await world.control('POST', '/revoke-token', {});
		const second = await run(world, { items, credentials: first.credentials });
		assert.equal(second.error, undefined);
		assert.equal(await callsTo(world, token), calls + 1);
		assert.equal((await issued(world)).length, 40);
	},

	async 'On Error = Stop: the item, the code, what was issued before'(world) {
		const parameters = { ...issue, options: { maxConcurrent: 1 } };
		const items = [...toAsha, { mobile: STRANGER }, ...toAsha];
		const { error } = await run(world, { parameters, items });
		assert.match(error.message, /701/);
		assert.equal(error.context.itemIndex, 1);
		const codes = await issued(world);
		assert.equal(codes.length, 1);
		assert.deepEqual(error.context.data.issued, [{ itemIndex: 0, codes }]);
	},

	async 'On Error = Continue: an error item in its place'(world) {
		const settings = { onError: 'continueRegularOutput' };
		const { items } = await run(world, { items: [{ mobile: STRANGER }, ...toAsha], settings });
		assert.match(items[0].json.error, /701/);
		assert.equal(items[0].json.details.outcome, 'refused');
		assert.deepEqual([items[1].json.code], await issued(world));
		assert.deepEqual(
			items.map(({ pairedItem }) => pairedItem),
			[{ item: 0 }, { item: 1 }],
		);
	},

	async "On Error = error output: with the input's fields"(world) {
		const settings = { onError: 'continueErrorOutput' };
		const items = [{ mobile: STRANGER, note: 'kept' }, ...toAsha];
		const { items: good, errors } = await run(world, { items, settings });
		assert.deepEqual(codesOf(good), await issued(world));
		assert.equal(errors.length, 1);
		assert.equal(errors[0].json.note, 'kept');
		assert.equal(errors[0].json.details.code, 701);
		assert.deepEqual(errors[0].pairedItem, { item: 0 });
	},

	async 'Retry On Fail issues nothing twice'(world) {
		const items = [{ mobile: ASHA }, { mobile: SAWYER }, { mobile: STRANGER }];
		const parameters = { ...issue, options: { maxConcurrent: 1 } };
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };
		const { error } = await run(world, { parameters, items, settings });
		assert.equal(error.context.itemIndex, 2);
		assert.equal((await issued(world)).length, 2);
		assert.equal(await callsTo(world, ISSUE_PATH), 5);
	},

	async 'a lost answer is not asked for again'(world) {
		await strike(world, { kind: 'lostAfter' });
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };
		const { error } = await run(world, { settings });
		assert.equal(error.context.data.outcome, 'unknown');
		assert.equal(await callsTo(world, ISSUE_PATH), 1);
		assert.equal((await issued(world)).length, 1);
	},

	async 'a rate limit is waited out'(world) {
		await strike(world, { kind: 'rateLimited', retryAfter: 1 });
		const { items, error } = await run(world, { items: [...toAsha, { mobile: SAWYER }] });
		assert.equal(error, undefined);
		assert.equal(items.length, 2);
		assert.equal((await issued(world)).length, 2);
	},

	async 'cancelling the execution stops waiting and sending'(world) {
		await strike(world, { kind: 'rateLimited', retryAfter: 60 }, { path: ISSUE_PATH });
		let cancel = () => {};
		const running = run(world, { onStart: (execution) => (cancel = () => execution.cancel()) });
		while ((await callsTo(world, ISSUE_PATH)) === 0) await setTimeout(100);
		cancel();
		await running.catch(() => {});
		assert.equal(await callsTo(world, ISSUE_PATH), 1);
		assert.deepEqual(await issued(world), []);
	},

	async 'On Error = Continue and Retry On Fail: a lost answer is told, not asked for again'(world) {
		await strike(world, { kind: 'lostAfter' });
		const retry = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
		const { items } = await run(world, {
			settings: { ...retry, onError: 'continueRegularOutput' },
		});
		assert.match(items[0].json.error, /may have been issued/);
		assert.equal((await issued(world)).length, 1);
	},
};
