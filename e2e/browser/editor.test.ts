import type { Credential } from '../lib/client.cts';
import { world } from '../lib/world.cts';
import { type Editor, openEditor } from './editor.cts';
import { errorBranch, onlyTrigger } from './workflows.cts';

const { client, sandbox } = world();

const CUSTOMER = { mobile: '918028464628', id: 374658850 };
const GOLD_STAR = 'Gold star coupons (1000 off, 868760)';
const LOGIN = {
	host: sandbox.url,
	authentication: 'basic',
	username: 'sandbox.till',
	password: 'loopback-only',
};

let editor: Editor;
let credential: Credential;

beforeAll(async () => {
	await sandbox.reset();
	const name = 'Capillary account';
	credential = await client.createCredential({ name, type: 'capillaryApi', data: LOGIN });
	editor = await openEditor(client);
}, 300_000);

afterAll(async () => await editor?.close());

describe('a new workflow', () => {
	it('finds the node by the word "coupon", with its five actions', async () => {
		const workflow = await client.importWorkflow(onlyTrigger);
		await editor.openWorkflow(workflow.id);
		await editor.searchNodes('coupon');
		await editor.found('Capillary Coupons').waitFor();
		await editor.picture('search', { x: 895, y: 65, width: 385, height: 270 });
		await editor.openFound('Capillary Coupons');

		await editor.found('Issue new coupon').waitFor();
		expect(await editor.foundNames()).toEqual([
			'Get coupon',
			'Get customer coupons',
			'Issue new coupon',
			'Issue multiple new coupons',
			'Revoke coupons',
		]);
	});

	it('offers the series by name', async () => {
		await editor.found('Issue new coupon').click();
		await editor.chooseCredential(credential);
		const entries = await editor.openList('seriesId');

		expect(await entries.allInnerTexts()).toContain(GOLD_STAR);
		await editor.picture('series', { x: 430, y: 65, width: 421, height: 550 });
		await editor.searchList('gold');
		await entries.getByText('10% off').waitFor({ state: 'hidden' });
		await entries.first().waitFor();
		expect(await entries.allInnerTexts()).toEqual([GOLD_STAR]);
		await entries.first().click();
	});

	it('issues a coupon and shows it', async () => {
		await editor.fill('mobile', CUSTOMER.mobile);
		await editor.executeStep();
		const items = await editor.outputItems();

		const [coupon, ...more] = await sandbox.ledger();
		expect(more).toEqual([]);
		expect(items).toEqual([
			expect.objectContaining({ code: coupon?.code, seriesId: 868760, customerId: CUSTOMER.id }),
		]);
		await editor.picture('issue');
	});

	it("shows a refusal with Capillary's words, and what to do", async () => {
		await editor.fill('mobile', '910000000000');
		await editor.executeStep();
		await editor.output.getByText('Capillary does not know this customer').first().waitFor();

		expect(await editor.output.innerText()).toContain('Check the customer');
		await editor.picture('refused', { x: 850, y: 65, width: 405, height: 415 });
	});
});

describe('a broken credential', () => {
	it('turns red with a sentence that says what to fix', async () => {
		await editor.openCredential();
		await editor.credentialDialog.getByText('Connection tested successfully').waitFor();
		await editor.fill('password', 'wrong');
		await editor.saveCredential();
		await editor.openFailure();
		const sentence = editor.credentialDialog.getByText('Capillary rejected this credential');
		await sentence.waitFor();

		expect(await sentence.innerText()).toContain('Check');
		await editor.picture('credential', { x: 192, y: 80, width: 896, height: 640 });
	});

	it('says the same when the node runs with it', async () => {
		await editor.closeCredential();
		await editor.executeStep();
		await editor.output.getByText('Capillary rejected this credential').first().waitFor();

		expect(await sandbox.ledger()).toHaveLength(1);
		expect(await editor.output.innerText()).not.toContain('loopback-only');
	});

	it('turns green when fixed', async () => {
		await editor.openCredential();
		// Opening tests what is stored: its failure must not come after the success.
		await editor.openFailure();
		await editor.fill('password', LOGIN.password);
		await editor.saveCredential();

		await editor.credentialDialog.getByText('Connection tested successfully').waitFor();
		await editor.closeCredential();
		await editor.closeNode();
	});
});

describe('a workflow with an error branch', () => {
	it('sends the coupons one way and the refused customer the other', async () => {
		await sandbox.reset();
		const workflow = await client.importWorkflow(errorBranch, [credential]);
		await editor.openWorkflow(workflow.id);
		await editor.executeWorkflow();
		await editor.succeeded('Tell the team').waitFor();
		await editor.fitToScreen();

		expect(await sandbox.ledger()).toHaveLength(2);
		expect(await editor.node('Capillary Coupons').innerText()).toContain('868760');
		await editor.picture('error-branch', { x: 150, y: 230, width: 1060, height: 390 });
	});

	it('gives the error branch the sentence, the details and the fields of the item', async () => {
		await editor.openNode('Tell the team');
		const items = await editor.outputItems();

		expect(items).toEqual([
			{
				mobile: '910000000000',
				error: expect.stringContaining('Capillary does not know this customer'),
				details: expect.objectContaining({ code: 701, outcome: 'refused' }),
			},
		]);
		await editor.picture('error-item', { x: 46, y: 65, width: 385, height: 400 });
		await editor.closeNode();
	});
});
