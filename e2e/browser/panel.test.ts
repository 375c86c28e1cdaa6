import type { INode } from 'n8n-workflow';

import { poll } from '../lib/log.cts';
import { withWorkflow } from '../lib/runs.cts';
import { KNOWN } from '../lib/sandbox.cts';
import { byMobile, coupons, issueTo, node, NODE, split, to } from '../lib/workflow.cts';
import { world } from '../lib/world.cts';
import { type Editor, openEditor } from './editor.cts';

const { client, credentials, sandbox } = world();

const ONE_CUSTOMER = 'Each input item issues to the same customer';
const SAME_LOOK_UP = 'Each input item looks up the same coupons';
const REAL = 'This node issues real coupons';
const NO_COUPONS = 'A customer without coupons returns no item';
const EACH_RUN = 'Each run issues again';
const STOPS = 'When one customer is refused, the workflow stops';
const EACH_CALL = 'Each call of the model issues another coupon';
const CHOOSE = 'Let the model fill in the customer only';
const SAME_REVOKED = 'Each input item revokes the same coupons';
const NO_UNDO = 'Revoking cannot be undone';

/** Has two coupons. */
const HOLDER = '1234512345';
const FROM_INPUT = '={{ $json.mobile }}';
const lookUp = { operation: 'getCoupon', lookupBy: 'couponCodes' };
const list = { operation: 'getCustomerCoupons' };

let editor: Editor;

beforeAll(async () => {
	await sandbox.reset();
	editor = await openEditor(client);
}, 300_000);

afterAll(async () => await editor?.close());

/** One of our nodes under a name of its own. */
function named(name: string, parameters: object): INode {
	return { ...coupons(parameters), name };
}

/** Start -> Customers -> Items, which gives an item for each customer, to each of the nodes. */
function flow(nodes: INode[], mobiles: string[]) {
	const jsonOutput = JSON.stringify({ customers: mobiles.map((mobile) => ({ mobile })) });
	const set = { mode: 'raw', jsonOutput, options: {} };
	return {
		name: 'Panel',
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger'),
			node('Customers', 'n8n-nodes-base.set', set, { typeVersion: 3.4, position: [200, 0] }),
			split('Items', 'customers', { position: [400, 0] }),
			...nodes.map((one, row) => ({ ...one, position: [640, row * 160] as [number, number] })),
		],
		connections: {
			Start: { main: [[to('Customers')]] },
			Customers: { main: [[to('Items')]] },
			Items: { main: [nodes.map(({ name }) => to(name))] },
		},
		settings: { executionOrder: 'v1' } as const,
	};
}

/** Opens such a workflow, with the items there for the nodes to see. */
async function withItems(nodes: INode[], mobiles: string[], work: () => Promise<void>) {
	await withWorkflow(client, flow(nodes, mobiles), [credentials.basic], async ({ id }) => {
		await editor.openWorkflow(id);
		await editor.openNode('Items');
		await editor.executeStep();
		await editor.closeNode();
		await work();
	});
}

const begins = (text: string) => expect.stringContaining(text);

describe('hints before a run', () => {
	it('warn of one customer for all items, and of one look-up for all', async () => {
		const cases: Array<[string, object, string[]]> = [
			['Typed', issueTo(KNOWN.mobile), [ONE_CUSTOMER]],
			[
				'Typed ID',
				{ ...issueTo(''), customerIdentifierType: 'id', customerId: '1' },
				[ONE_CUSTOMER],
			],
			[
				'Several',
				{ ...issueTo(KNOWN.mobile), operation: 'issueMultiple', count: 2 },
				[ONE_CUSTOMER],
			],
			['From input', issueTo(FROM_INPUT), []],
			['Once', { ...issueTo(KNOWN.mobile), issueOnce: true }, [ONE_CUSTOMER]],
			['Look up typed', { ...lookUp, lookupValues: 'A, B' }, [SAME_LOOK_UP]],
			['Look up input', { ...lookUp, lookupValues: '={{ $json.code }}' }, []],
			['Revoke typed', { operation: 'revoke', couponCodes: 'A' }, [SAME_REVOKED]],
			['Revoke input', { operation: 'revoke', couponCodes: '={{ $json.code }}' }, []],
			['List', { ...list, ...byMobile(KNOWN.mobile) }, []],
		];
		const nodes = cases.map(([name, parameters]) => named(name, parameters));
		const shown: Array<[string, string[]]> = [];
		await withItems(nodes, [HOLDER, KNOWN.mobile], async () => {
			for (const { name } of nodes) {
				await editor.openNode(name);
				shown.push([name, await editor.hints()]);
				await editor.closeNode();
			}
		});

		expect(shown).toEqual(cases.map(([name, , texts]) => [name, texts.map(begins)]));
	});

	it('stay away when there is only one item', async () => {
		const nodes = [
			named('Typed', issueTo(KNOWN.mobile)),
			named('Look up typed', { ...lookUp, lookupValues: 'A, B' }),
		];
		await withItems(nodes, [KNOWN.mobile], async () => {
			for (const { name } of nodes) {
				await editor.openNode(name);
				expect(await editor.hints()).toEqual([]);
				await editor.closeNode();
			}
		});
	});
});

describe('hints after a run', () => {
	it('say that coupons are real, and where a customer without coupons went', async () => {
		await sandbox.reset();
		const perItem = byMobile(FROM_INPUT);
		const options = { includeWithoutCoupons: true };
		const cases: Array<[string, object, string[]]> = [
			['None', { ...list, ...byMobile(KNOWN.mobile) }, [NO_COUPONS]],
			['Included', { ...list, ...byMobile(KNOWN.mobile), options }, []],
			['Issue', issueTo(FROM_INPUT), [REAL]],
			['Several', { ...issueTo(''), ...perItem, operation: 'issueMultiple', count: 2 }, [REAL]],
			['Look up', { ...lookUp, lookupValues: '5875447216353555' }, []],
		];
		const nodes = cases.map(([name, parameters]) => named(name, parameters));
		const shown: Array<[string, string[]]> = [];
		await withItems(nodes, [HOLDER, KNOWN.mobile], async () => {
			for (const { name } of nodes) {
				await editor.openNode(name);
				await editor.executeStep();
				shown.push([name, await editor.hints()]);
				await editor.closeNode();
			}
		});

		expect(shown).toEqual(cases.map(([name, , texts]) => [name, texts.map(begins)]));
	});
});

describe('Count', () => {
	it.each(['600', '0'])('keeps "%s" as it was typed, and the node refuses it', async (typed) => {
		await sandbox.reset();
		const several = { ...issueTo(KNOWN.mobile), operation: 'issueMultiple', count: 2 };
		await withItems([named(NODE, several)], [KNOWN.mobile], async () => {
			await editor.openNode(NODE);
			await editor.fill('count', typed);
			await editor.executeStep();
			const sentence = editor.output.getByText("'Count'").first();
			await sentence.waitFor();

			expect(await sentence.innerText()).toContain('500');
			expect(await sandbox.calls()).toEqual([]);
			await editor.closeNode();
		});
	});
});

describe('the notice of an operation that issues or revokes', () => {
	it('says that revoking cannot be undone', async () => {
		const revoke = { operation: 'revoke', couponCodes: 'ABC123' };
		await withWorkflow(client, flow([named(NODE, revoke)], []), [], async ({ id }) => {
			await editor.openWorkflow(id);
			await editor.openNode(NODE);

			expect(await editor.notices()).toEqual([begins(NO_UNDO)]);
			await editor.closeNode();
		});
	});

	it('does not ask for Issue Once where it is on', async () => {
		const once = { ...issueTo(''), issueOnce: true };
		await withWorkflow(client, flow([named(NODE, once)], []), [], async ({ id }) => {
			await editor.openWorkflow(id);
			await editor.openNode(NODE);

			expect(await editor.notices()).toEqual([begins(STOPS)]);
			await editor.closeNode();
		});
	});

	it('in a workflow speaks of runs', async () => {
		await withWorkflow(client, flow([named(NODE, issueTo(''))], []), [], async ({ id }) => {
			await editor.openWorkflow(id);
			await editor.openNode(NODE);

			expect(await editor.notices()).toEqual([begins(EACH_RUN), begins(STOPS)]);
			await editor.closeNode();
		});
	});

	it('below an AI Agent speaks of calls, and the model may define the customer', async () => {
		const langchain = '@n8n/n8n-nodes-langchain';
		const tool = coupons(issueTo(''), { position: [200, 240] });
		const agent = {
			name: 'Agent',
			nodes: [
				node('Start', 'n8n-nodes-base.manualTrigger'),
				node(
					'AI Agent',
					`${langchain}.agent`,
					{ options: {} },
					{ typeVersion: 3.1, position: [200, 0] },
				),
				{ ...tool, type: `${tool.type}Tool` },
			],
			connections: {
				Start: { main: [[to('AI Agent')]] },
				[NODE]: { ai_tool: [[to('AI Agent', 'ai_tool')]] },
			},
		};
		await withWorkflow(client, agent, [credentials.basic], async ({ id }) => {
			await editor.openWorkflow(id);
			await editor.openNode(NODE);
			expect(await editor.notices()).toEqual([begins(EACH_CALL), begins(CHOOSE)]);

			await editor.letModelDefine('mobile');
			await editor.closeNode();
			const attempt = async () => {
				const { nodes } = await client.workflow(id);
				return nodes.find(({ name }) => name === NODE)?.parameters['mobile'] || undefined;
			};
			const written = await poll(attempt, { what: 'n8n has not saved the tool' });
			expect(written).toBe(
				"={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('Mobile_Number', ``, 'string') }}",
			);
		});
	});
});
