import { sleep } from 'n8n-workflow';

import { runNode } from '../support/engine';
import { GOOD, useServer } from '../support/useServer';

type Json = Record<string, unknown>;
interface Cancellable {
	cancel: () => void;
}

const server = useServer();
let credentials = 0;

const customersOf = (count: number) => Array.from({ length: count }, (_, n) => ({ who: `91${n}` }));
const couponFor = (who: unknown) => ({ body: { code: `C${String(who)}`, seriesId: 1 } });
const parameters = { ...GOOD.issue, mobile: '={{ $json.who }}' };

/** Runs the node, and cancels the execution as soon as `when` says so. */
async function cancelledRun(
	when: () => boolean,
	{
		items = customersOf(6),
		settings = {},
		more = {},
	}: { items?: Json[]; settings?: Json; more?: Json },
) {
	credentials += 1;
	let cancelled = Promise.resolve();
	const run = await runNode({
		parameters: { ...parameters, ...more },
		items,
		settings,
		credentials: server.basic,
		credentialId: `cancel ${credentials}`,
		onStart(execution: Cancellable) {
			const poll = async (): Promise<void> => {
				while (!when()) await sleep(1);
				execution.cancel();
			};
			cancelled = poll();
		},
	});
	await cancelled;
	return run;
}

const never = async () => await new Promise<never>(() => {});

describe('an execution that is cancelled', () => {
	it('tells calls that had started as unknown, with the customer, and the others as not sent', async () => {
		server.answer(never);
		const { items } = await cancelledRun(() => server.calls.length === 2, {
			settings: { onError: 'continueRegularOutput' },
			more: { options: { maxConcurrent: 2 } },
		});

		expect(items.map(({ json }) => json.details.outcome)).toEqual([
			...['unknown', 'unknown', 'notSent', 'notSent', 'notSent', 'notSent'],
		]);
		expect(items.map(({ json }) => json.details.customer)).toEqual(
			customersOf(6).map(({ who }) => who),
		);
		expect(items[0].json.error).toContain('may have been issued');
		expect(items[5].json.error).toContain('Not sent');
		expect(server.calls).toHaveLength(2);
	});

	it('names them in Stop mode too, beside the coupons that were issued', async () => {
		server.answer(async ({ body }, index) =>
			index < 2 ? couponFor(body.customer.mobile) : await never(),
		);
		const { error } = await cancelledRun(() => server.calls.length === 4, {
			more: { options: { maxConcurrent: 2 } },
		});

		expect(error.context.data).toMatchObject({
			outcome: 'unknown',
			customer: '912',
			issued: [
				{ itemIndex: 0, codes: ['C910'] },
				{ itemIndex: 1, codes: ['C911'] },
			],
			unknown: [
				{ itemIndex: 2, customer: '912' },
				{ itemIndex: 3, customer: '913' },
			],
		});
		expect(error.description).toContain('1 other call may have been carried out as well');
		expect(server.calls).toHaveLength(4);
	});

	it('sends nothing more, also not by Retry On Fail', async () => {
		server.answer(never);
		await cancelledRun(() => server.calls.length === 2, {
			settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
			more: { options: { maxConcurrent: 2 } },
		});

		expect(server.calls).toHaveLength(2);
	});

	it("ends the wait for a customer's turn", async () => {
		let answered = false;
		server.answer(async () => {
			await sleep(300);
			answered = true;
			return couponFor('one');
		});
		const one = Array.from({ length: 5 }, () => ({ who: '1' }));
		const { items } = await cancelledRun(() => server.calls.length === 1, {
			items: one,
			settings: { onError: 'continueRegularOutput' },
		});

		expect(answered).toBe(false);
		expect(items.map(({ json }) => json.details.outcome)).toEqual([
			...['unknown', 'notSent', 'notSent', 'notSent', 'notSent'],
		]);
	});
});

describe('On Error = Stop', () => {
	const refused = { body: { errors: [{ status: false, code: 707, message: 'no' }] } };
	const lost = { hangUp: true };

	it('names the calls under way that may have been carried out', async () => {
		server.answer(async ({ method, body }) => {
			if (method === 'GET') return lost;
			const who = Number(String(body.customer.mobile).slice(2));
			if (who === 1) return refused;
			await sleep(100);
			return who === 0 || who === 3 ? couponFor(who) : lost;
		});
		const { error } = await server.run(parameters, customersOf(5));

		// The first item that failed in the order of the items is shown, as n8n does it.
		expect(error.context.itemIndex).toBe(1);
		expect(error.context.data).toMatchObject({
			outcome: 'refused',
			issued: [{ itemIndex: 0 }, { itemIndex: 3 }],
			unknown: [
				{ itemIndex: 2, customer: '912' },
				{ itemIndex: 4, customer: '914' },
			],
		});
		expect(error.description).toContain('2 coupons were issued in this run');
		expect(error.description).toContain('2 other calls may have been carried out as well');
	});

	it('shows the item that failed, not one that met the rate limit meanwhile', async () => {
		server.answer(async ({ body }) => {
			if (body.customer.mobile === '912') return refused;
			await sleep(100);
			return { status: 429, headers: { 'retry-after': '1' } };
		});
		const { error } = await server.run(parameters, customersOf(4));

		expect(error.context.itemIndex).toBe(2);
		expect(error.message).toContain('The coupon series does not exist');
		expect(server.calls).toHaveLength(4);
	});

	it("with n8n's batching stops between the batches", async () => {
		server.answer(({ body }) => (body.customer.mobile === '911' ? refused : couponFor('x')));
		const { error } = await server.run(
			{
				...parameters,
				options: { maxConcurrent: 1 },
				requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 20 } } },
			},
			customersOf(4),
		);

		expect(error.context.itemIndex).toBe(1);
		expect(error.context.data.issued).toEqual([{ itemIndex: 0, codes: ['Cx'] }]);
		expect(server.calls).toHaveLength(2);
	});
});

describe('details', () => {
	it.each([
		['mobile', { customerIdentifierType: 'mobile', mobile: ' 919 ' }, '919'],
		['email', { customerIdentifierType: 'email', email: 'A@b.c' }, 'A@b.c'],
		['external ID', { customerIdentifierType: 'externalId', externalId: '007' }, '007'],
		['customer ID', { customerIdentifierType: 'id', customerId: '42' }, 42],
	])('hold the identifier that was sent: %s', async (_, customer, sent) => {
		server.answer(() => ({ status: 400 }));
		for (const operation of ['issue', 'issueMultiple', 'getCustomerCoupons']) {
			const parametersOf = { ...GOOD[operation], ...customer };
			const { error } = await server.run(parametersOf);
			expect(error.context.data.customer).toBe(sent);
			const { items } = await server.run(parametersOf, [{}], { onError: 'continueRegularOutput' });
			expect(items[0].json.details.customer).toBe(sent);
		}
	});

	it('hold none where the call is for no customer, or nobody knows which', async () => {
		server.answer(() => ({ status: 400 }));
		const { error } = await server.run(GOOD.getCoupon ?? {});
		expect(error.context.data).not.toHaveProperty('customer');
		const bad = await server.run({ ...GOOD.issue, mobile: '={{ $json.none }}' });
		expect(bad.error.context.data).not.toHaveProperty('customer');
	});
});
