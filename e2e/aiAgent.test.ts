import { randomUUID } from 'node:crypto';

import type { INode } from 'n8n-workflow';

import { startChatModel } from './lib/chatModel.cts';
import { outputOf, withWorkflow } from './lib/runs.cts';
import { byMobile, issueTo, node, to } from './lib/workflow.cts';
import { world } from './lib/world.cts';

type Model = Awaited<ReturnType<typeof startChatModel>>;

const { client, credentials, sandbox } = world();

const TYPE = 'n8n-nodes-capillary.capillaryCouponsTool';
const ISSUE = '/v2/coupon/issue';
const ASHA = '918028464628';
const STRANGER = '910000000000';
const KNOWN_CODE = '5875447216353555';

const mobile = "={{ $fromAI('mobile', 'Mobile number of one customer, digits only', 'string') }}";
const codes = "={{ $fromAI('codes', 'One coupon code, or several with commas', 'string') }}";
const lookUp = {
	name: 'Look up coupons',
	parameters: { operation: 'getCoupon', lookupBy: 'couponCodes', lookupValues: codes },
};
const issue = { name: 'Issue one coupon', parameters: issueTo(mobile) };
const lookUpCall = (code: string) => ({ name: 'Look_up_coupons', arguments: { codes: code } });
const issueCall = (to: string) => ({ name: 'Issue_one_coupon', arguments: { mobile: to } });

/** An agent's tools are run by n8n's engine since version 3, and inside the agent before. */
const AGENTS = [
	{ version: 3.1, responsesApi: true },
	{ version: 2.2, responsesApi: false },
];

let model: Model;
let openAi: Awaited<ReturnType<typeof client.createCredential>>;

beforeAll(async () => {
	model = await startChatModel();
	const data = { apiKey: 'stand-in', url: model.url };
	openAi = await client.createCredential({ name: 'Stand-in', type: 'openAiApi', data });
});
afterAll(async () => {
	await model.close();
	await client.deleteCredential(openAi.id);
});
beforeEach(sandbox.reset);

interface Tool {
	name: string;
	parameters: object;
	settings?: Partial<INode>;
}

interface Agent {
	tools: Tool[];
	version?: number;
	responsesApi?: boolean;
}

/** Start -> AI Agent, with the stand-in as its model and our node as its tools. */
function flow({ tools, version = 3.1, responsesApi = true }: Agent) {
	const langchain = '@n8n/n8n-nodes-langchain';
	const link = (type: string) => ({ [type]: { id: '', name: type } });
	const toAgent = (type: 'main' | 'ai_tool' | 'ai_languageModel') => ({
		[type]: [[to('AI Agent', type)]],
	});
	const ask = { promptType: 'define', text: 'Help the customer', options: {} };
	const standIn = {
		model: { __rl: true, mode: 'id', value: 'stand-in' },
		responsesApiEnabled: responsesApi,
		options: {},
	};
	return {
		name: `e2e agent ${randomUUID()}`,
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger'),
			node('AI Agent', `${langchain}.agent`, ask, { typeVersion: version }),
			node('Model', `${langchain}.lmChatOpenAi`, standIn, {
				typeVersion: 1.3,
				credentials: link('openAiApi'),
			}),
			...tools.map(({ name, parameters, settings }) =>
				node(name, TYPE, parameters, { credentials: link('capillaryApi'), ...settings }),
			),
		],
		connections: {
			Start: toAgent('main'),
			Model: toAgent('ai_languageModel'),
			...Object.fromEntries(tools.map(({ name }) => [name, toAgent('ai_tool')])),
		},
		settings: { executionOrder: 'v1' } as const,
	};
}

async function run(agent: Agent) {
	return await withWorkflow(client, flow(agent), [credentials.basic, openAi], async (workflow) => {
		const execution = await client.runFrom(workflow, 'Start');
		const [answer] = outputOf(execution, 'AI Agent');
		// Before version 3, the error of a tool is not told to the model but ends the agent.
		const results = model.requests().at(-1)?.results ?? [];
		const runs = Object.values(execution.data.resultData.runData).flat();
		const told = [...results, ...runs.map(({ error }) => error?.message ?? '')].join('\n');
		return { execution, said: String(answer?.['output'] ?? ''), told };
	});
}

async function paths(): Promise<string[]> {
	return (await sandbox.calls()).map(({ path }) => path);
}

describe.each([
	['the Responses API', true, '/v1/responses'],
	['chat completions', false, '/v1/chat/completions'],
])('a model behind %s', (_name, responsesApi, path) => {
	it('looks a coupon up and issues one', async () => {
		model.play([[lookUpCall(KNOWN_CODE)], [issueCall(ASHA)]]);
		const { execution, said } = await run({ tools: [lookUp, issue], responsesApi });

		const issued = await sandbox.ledger();
		expect(execution.status).toBe('success');
		expect(model.requests().map((request) => request.path)).toEqual([path, path, path]);
		expect(issued).toHaveLength(1);
		expect(await paths()).toEqual(['/v2/coupon', ISSUE]);
		expect(said).toContain(KNOWN_CODE);
		expect(said).toContain('Gold star coupons');
		expect(said).toContain(issued[0]?.code);
	});
});

describe('what the model is offered', () => {
	const offered = () =>
		(model.requests()[0]?.tools ?? []).sort((a, b) => a.name.localeCompare(b.name));

	it('only the fields that it is to fill', async () => {
		model.play([]);
		await run({ tools: [lookUp, issue] });

		const only = (name: string, description: string) => ({
			properties: { [name]: { type: 'string', description } },
			required: [name],
		});
		expect(offered()).toMatchObject([
			{
				name: 'Issue_one_coupon',
				parameters: only('mobile', 'Mobile number of one customer, digits only'),
			},
			{
				name: 'Look_up_coupons',
				parameters: only('codes', 'One coupon code, or several with commas'),
			},
		]);
		expect(await paths()).toEqual([]);
	});

	it.each([
		['mobile', 'mobile', 'Mobile_Number', ASHA],
		['email', 'email', 'Email', 'asha.rao@example.com'],
		['id', 'customerId', 'Customer_ID', '374658850'],
	])('a field that says what to give, by the button in the editor: %s', async (...field) => {
		const [customerIdentifierType, name, key, value] = field;
		// What "Let the model define this parameter" writes.
		const byModel = `={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${key}', \`\`, 'string') }}`;
		const parameters = { ...issueTo(''), customerIdentifierType, [name]: byModel };
		model.play([[{ name: 'Issue_one_coupon', arguments: { [key]: value } }]]);
		const { said } = await run({ tools: [{ name: 'Issue one coupon', parameters }] });

		expect(Object.keys(offered()[0]?.parameters?.properties ?? {})).toEqual([key]);
		const [coupon, ...more] = await sandbox.ledger();
		expect(more).toEqual([]);
		expect(coupon?.customerId).toBe(374658850);
		expect(said).toContain(coupon?.code);
	});

	it.each([
		['getCoupon', { lookupBy: 'couponCodes', lookupValues: codes }],
		['getCustomerCoupons', byMobile(mobile)],
		['issue', issue.parameters],
		['issueMultiple', { ...issue.parameters, operation: 'issueMultiple', count: 2 }],
	])('%s says by itself whether it issues', async (operation, parameters) => {
		model.play([]);
		const tool = { name: 'Coupons', parameters: { ...parameters, operation } };
		await run({ tools: [tool] });

		const [{ description } = {}] = offered();
		expect(description).toMatch(/Capillary Coupons$/);
		expect(/issue/i.test(String(description))).toBe(operation.startsWith('issue'));
	});

	it('the description that the workflow gives it', async () => {
		model.play([]);
		const toolDescription = 'Looks up. Changes nothing.';
		const own = { descriptionType: 'manual', toolDescription, ...lookUp.parameters };
		await run({ tools: [{ ...lookUp, parameters: own }] });

		expect(offered()[0]?.description).toBe(toolDescription);
	});
});

describe.each(AGENTS)('an agent of version $version', (agent) => {
	it('issues as many coupons as the model asks for, also at once', async () => {
		model.play([[issueCall(ASHA), issueCall(ASHA)]]);
		const { said } = await run({ tools: [issue], ...agent });

		const issued = await sandbox.ledger();
		expect(issued).toHaveLength(2);
		for (const { code } of issued) expect(said).toContain(code);
	});

	it('issues one with Issue Once, however often and at once the model asks for it', async () => {
		const once = { ...issue, parameters: { ...issue.parameters, issueOnce: true } };
		model.play([[issueCall(ASHA), issueCall(ASHA)], [issueCall(ASHA)]]);
		const { said } = await run({ tools: [once], ...agent });

		const [coupon, ...more] = await sandbox.ledger();
		expect(more).toEqual([]);
		expect(said).toContain(coupon?.code);
	});

	it('issues nothing when the tool that issues is not connected', async () => {
		model.play([[issueCall(ASHA)]]);
		await run({ tools: [lookUp], ...agent });

		expect(model.requests()[0]?.tools.map(({ name }) => name)).toEqual(['Look_up_coupons']);
		expect(await paths()).not.toContain(ISSUE);
		expect(await sandbox.ledger()).toEqual([]);
	});

	it("tells Capillary's reason", async () => {
		model.play([[issueCall(STRANGER)]]);
		const { told } = await run({ tools: [issue], ...agent });

		expect(told).toMatch(/customer.*701/i);
		expect(await sandbox.ledger()).toEqual([]);
	});

	it('sends nothing when the model leaves a field empty', async () => {
		model.play([[issueCall(' ')]]);
		const { told } = await run({ tools: [issue], ...agent });

		expect(told).toContain('Mobile Number');
		expect(await paths()).toEqual([]);
	});

	it.each<[string, Partial<INode>]>([
		['', {}],
		[', On Error = Continue', { onError: 'continueRegularOutput' }],
	])('does not issue again by Retry On Fail when an answer is lost%s', async (_name, onError) => {
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0, ...onError };
		await sandbox.fault({ kind: 'lostAfter' });
		model.play([[issueCall(ASHA)]]);
		const { told } = await run({ tools: [{ ...issue, settings }], ...agent });

		// The look at the customer's coupons only tells which are there.
		expect(await paths()).toEqual([ISSUE, '/v1.1/customer/coupons']);
		expect(await sandbox.ledger()).toHaveLength(1);
		expect(told).toMatch(/may have been issued/);
		// The model reads no description, and must know before it calls again.
		expect(told).toContain('Get Customer Coupons');
	});
});
