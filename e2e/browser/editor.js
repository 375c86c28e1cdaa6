'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { poll } = require('../lib/log');
const { launchChromium } = require('./chromium');

/** @typedef {import('playwright-core').Locator} Locator */
/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ x: number, y: number, width: number, height: number }} Clip */

const SIZE = { width: 1280, height: 800 };

/** How long one step in the editor may take. */
const PATIENCE_MS = 60_000;

/** Where pictures go; none are taken when it is not set. */
const PICTURES = process.env['CAPILLARY_E2E_PICTURES'];

/** What comes and goes by itself stays out of the pictures. */
const WITHOUT_NOTICES =
	'.el-notification, .el-popper[role="tooltip"] { display: none !important; }';

/** n8n's editor as its user meets it: nodes are called by their names, fields by their labels. */
class Editor {
	/**
	 * @param {import('playwright-core').Browser} browser
	 * @param {Page} page
	 * @param {string} url n8n's address
	 */
	constructor(browser, page, url) {
		this.browser = browser;
		this.page = page;
		this.url = url;
		this.output = page.getByTestId('output-panel');
		this.credentialDialog = page.getByTestId('editCredential-modal');
	}

	/** @param {string} id */
	async openWorkflow(id) {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.page.getByTestId('canvas-trigger-node').waitFor();
	}

	/**
	 * Opens the nodes panel behind the workflow's last node and types.
	 * @param {string} text
	 */
	async searchNodes(text) {
		await this.page.getByTestId('canvas-handle-plus').click();
		await this.page.getByTestId('node-creator-search-bar').fill(text);
	}

	async foundNames() {
		return await this.page.getByTestId('node-creator-item-name').allInnerTexts();
	}

	/**
	 * An entry of the nodes panel.
	 * @param {string} name
	 */
	found(name) {
		return this.page.getByTestId('node-creator-item-name').getByText(name, { exact: true });
	}

	/**
	 * Takes the first entry of the nodes panel. By the keyboard, since the panel moves under a click.
	 * @param {string} name the entry's
	 */
	async openFound(name) {
		await this.found(name).waitFor();
		await this.page.getByTestId('node-creator-search-bar').press('Enter');
		await this.found(name).waitFor({ state: 'hidden' });
	}

	/** @param {string} name */
	node(name) {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** @param {string} name */
	async openNode(name) {
		await this.node(name).dblclick();
		await this.page.getByTestId('ndv').waitFor();
	}

	async closeNode() {
		await this.page.getByTestId('ndv-close-button').click();
		await this.page.getByTestId('ndv').waitFor({ state: 'hidden' });
	}

	/** @param {{ id: string }} credential */
	async chooseCredential({ id }) {
		await this.page.getByTestId('node-credentials-select').click();
		await this.page.getByTestId(`node-credentials-select-item-${id}`).click();
	}

	/**
	 * Opens a list of the service's things, such as the series.
	 * @param {string} parameter
	 * @returns {Promise<Locator>} its entries
	 */
	async openList(parameter) {
		const entries = this.page.getByTestId('rlc-item');
		await this.page
			.getByTestId(`resource-locator-${parameter}`)
			.getByTestId('rlc-input')
			.and(this.page.locator(':visible'))
			.click();
		await entries.first().waitFor();
		return entries;
	}

	/** @param {string} text */
	async searchList(text) {
		await this.page.getByTestId('rlc-search').fill(text);
	}

	/**
	 * @param {string} parameter
	 * @param {string} text
	 */
	async fill(parameter, text) {
		await this.page.getByTestId(`parameter-input-${parameter}`).locator('input').fill(text);
	}

	/** "Execute step" in the node's panel, to its end. */
	async executeStep() {
		const button = this.page.getByTestId('node-execute-button');
		const started = this.page.waitForResponse(/\/rest\/workflows\/[^/]+\/run/);
		await button.click();
		await started;
		await this.output.getByTestId('node-run-info').waitFor();
		await button.getByText('Execute step').waitFor();
	}

	async executeWorkflow() {
		await this.page.getByTestId('execute-workflow-button').click();
	}

	/** @returns {Promise<unknown>} the items in the output panel, by its JSON view */
	async outputItems() {
		await this.output.getByTestId('radio-button-json').click();
		const tree = this.output.locator('.vjs-tree');
		return await poll(
			async () => {
				// Its lines are drawn step by step.
				try {
					return JSON.parse((await tree.innerText()).replaceAll('\u00a0', ' '));
				} catch (error) {
					if (!(error instanceof SyntaxError)) throw error;
				}
			},
			{ what: 'the output panel shows no whole JSON' },
		);
	}

	async openCredential() {
		await this.page.getByTestId('credential-edit-button').click();
		await this.credentialDialog.waitFor();
	}

	/** Saves the open credential, which tests it. */
	async saveCredential() {
		await this.page.getByTestId('credential-save-button').getByRole('button').click();
	}

	/** What the open credential says of a test that failed. */
	async openFailure() {
		await this.credentialDialog.getByText('More details').click();
	}

	async closeCredential() {
		await this.credentialDialog.getByLabel('Close this dialog').click();
		await this.credentialDialog.waitFor({ state: 'hidden' });
	}

	/**
	 * The mark of a node that has run.
	 * @param {string} name
	 */
	succeeded(name) {
		return this.node(name).getByTestId('canvas-node-status-success');
	}

	/** Shows the whole workflow. */
	async fitToScreen() {
		await this.page.getByTestId('zoom-to-fit').click();
	}

	/**
	 * Takes a picture for the README, when pictures are asked for.
	 * @param {string} name the file's, without its ending
	 * @param {Clip} [clip] the whole window unless told
	 */
	async picture(name, clip) {
		if (!PICTURES) return;
		fs.mkdirSync(PICTURES, { recursive: true });
		await this.page.evaluate('document.fonts.ready');
		await this.page.screenshot({
			path: path.join(PICTURES, `${name}.png`),
			clip,
			animations: 'disabled',
			caret: 'hide',
			style: WITHOUT_NOTICES,
		});
	}

	async close() {
		await this.browser.close();
	}
}

/**
 * Opens the editor in a browser of its own, signed in. Calls that would leave the machine fail.
 * @param {{ url: string, cookie: string }} client signed in
 * @returns {Promise<Editor>}
 */
async function openEditor({ url, cookie }) {
	const browser = await launchChromium((line) => void process.stdout.write(`${line}\n`));
	const context = await browser.newContext({ viewport: SIZE, reducedMotion: 'reduce' });
	context.setDefaultTimeout(PATIENCE_MS);
	const [name = '', value = ''] = cookie.split(/=(.*)/s);
	await context.addCookies([{ name, value, url }]);
	await context.route(
		(target) => target.hostname !== '127.0.0.1',
		async (route) => await route.abort(),
	);
	return new Editor(browser, await context.newPage(), url);
}

module.exports = { Editor, openEditor };
