import type { N8nClient } from './lib/client.cts';
import { poll } from './lib/log.cts';
import { ownN8n } from './lib/ownN8n.cts';
import { outputOf, withWorkflow } from './lib/runs.cts';
import { coupons, inARow, issueTo, node, NODE, split } from './lib/workflow.cts';
import { world } from './lib/world.cts';

const { client, credentials, sandbox, tarball } = world();
const { basic } = credentials;

const COUNT = 300;
const LATENCY_MS = 100;

const customers = Array.from({ length: COUNT }, (_, n) => ({
	mobile: String(919_900_000_000 + n),
}));
const rows = { mode: 'raw', jsonOutput: JSON.stringify({ customers }), options: {} };
const issueOnce = { ...issueTo('={{ $json.mobile }}'), issueOnce: true };
const workflow = inARow('Issue Once', [
	node('Start', 'n8n-nodes-base.manualTrigger'),
	node('Rows', 'n8n-nodes-base.set', rows, { typeVersion: 3.4 }),
	split('Customers', 'customers'),
	coupons(issueOnce),
]);

beforeEach(async () => {
	await sandbox.reset();
	await sandbox.control('POST', '/settings', { latencyMs: LATENCY_MS });
});

/** Until a third has a coupon. */
async function inTheMiddle(): Promise<void> {
	const isThere = async () => (await sandbox.ledger()).length >= COUNT / 3 || undefined;
	await poll(isThere, { everyMs: 10, what: 'no coupons are issued' });
	expect((await sandbox.ledger()).length).toBeLessThan(COUNT);
}

/** Runs the workflow to its end: everybody has one coupon then, and all codes come out. */
async function runToTheEnd(n8n: N8nClient, id: string): Promise<void> {
	const before = new Set((await sandbox.ledger()).map(({ code }) => code));
	const execution = await n8n.runFrom({ id }, 'Start');

	const out = outputOf(execution, NODE);
	const issued = await sandbox.ledger();
	expect(execution.status).toBe('success');
	expect(issued).toHaveLength(COUNT);
	expect(new Set(issued.map(({ customerId }) => customerId)).size).toBe(COUNT);
	const codeOf = new Map(issued.map(({ customerId, code }) => [customerId, code]));
	expect(out.map(({ code }) => code)).toEqual(
		customers.map(({ mobile }) => codeOf.get(Number(mobile) - 919_900_000_000 + 900_000_000)),
	);
	expect(out.filter(({ isNew }) => !isNew)).toHaveLength(before.size);
}

it('stopped in the middle and run again, each of 300 customers has one coupon', async () => {
	await withWorkflow(client, workflow, [basic], async ({ id }) => {
		const execution = await client.startFrom({ id }, 'Start');
		await inTheMiddle();
		const { status, data } = await client.stop(execution);

		expect(status).toBe('canceled');
		expect(data.resultData.runData[NODE]?.[0]?.data?.main?.[0] ?? []).toEqual([]);
		await allAnswered();
		await runToTheEnd(client, id);
	});
});

it('killed in the middle and started again, each of 300 customers has one coupon', async () => {
	const own = ownN8n(tarball);
	try {
		const first = await own.start();
		const { name, type, data } = basic;
		const credential = await first.createCredential({ name, type, data });
		const { id } = await first.importWorkflow(workflow, [credential]);
		const execution = await first.startFrom({ id }, 'Start');
		await inTheMiddle();
		await own.kill();

		const second = await own.start();
		expect((await second.execution(execution)).status).toBe('crashed');
		await runToTheEnd(second, id);
	} finally {
		await own.remove();
	}
});

it('run twice at the same time, each customer has one coupon, and both runs tell its code', async () => {
	await withWorkflow(client, workflow, [basic], async (one) => {
		await withWorkflow(client, { ...workflow, name: 'Issue Once too' }, [basic], async (other) => {
			const started = await client.startFrom(one, 'Start');
			const [first, second] = [
				await client.runFrom(other, 'Start'),
				await client.execution(started),
			].map((execution) => outputOf(execution, NODE).map(({ code }) => code));

			expect(await sandbox.ledger()).toHaveLength(COUNT);
			expect(second).toHaveLength(COUNT);
			expect(second).toEqual(first);
		});
	});
});

/** Calls that were under way when the execution was stopped are carried out all the same. */
async function allAnswered(): Promise<void> {
	let last = -1;
	const isQuiet = async () => {
		const { length } = await sandbox.ledger();
		if (length === last) return true;
		last = length;
		return undefined;
	};
	await poll(isQuiet, { everyMs: 5 * LATENCY_MS, what: 'coupons are still being issued' });
}
