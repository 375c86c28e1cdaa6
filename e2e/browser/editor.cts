import path from 'node:path';

import type { Browser, Locator, Page } from 'playwright-core';

import { poll } from '../lib/log.cts';
import { launchChromium } from './chromium.cts';

const SIZE = { width: 1280, height: 800 };

/** How long one step in the editor may take. */
const PATIENCE_MS = 60_000;

/** Where pictures go; none are taken when it is not set. */
const PICTURES = process.env['CAPILLARY_E2E_PICTURES'];

/** What comes and goes by itself stays out of the pictures. */
const WITHOUT_NOTICES =
	'.el-notification, .el-popper[role="tooltip"] { display: none !important; }';

/** Nothing but the workflow on an empty canvas. */
const ONLY_WORKFLOW = `
	* { visibility: hidden }
	.vue-flow__viewport, .vue-flow__viewport * { visibility: visible }`;

/** Around the workflow in its picture, in pixels. */
const MARGIN = 16;

interface Clip {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** n8n's editor as its user meets it: nodes are called by their names, fields by their labels. */
export class Editor {
	readonly output: Locator;

	readonly credentialDialog: Locator;

	constructor(
		private readonly browser: Browser,
		private readonly page: Page,
		/** n8n's address. */
		private readonly url: string,
	) {
		this.output = this.part('output-panel');
		this.credentialDialog = this.part('editCredential-modal');
	}

	/** A part of the page, by the name that n8n's own tests know it by. */
	private part(name: string): Locator {
		return this.page.getByTestId(name);
	}

	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.part('canvas-trigger-node').first().waitFor();
	}

	/** Opens the nodes panel behind the workflow's last node and types. */
	async searchNodes(text: string): Promise<void> {
		await this.part('canvas-handle-plus').click();
		await this.part('node-creator-search-bar').fill(text);
	}

	async foundNames(): Promise<string[]> {
		return await this.part('node-creator-item-name').allInnerTexts();
	}

	/** An entry of the nodes panel. */
	found(name: string): Locator {
		return this.part('node-creator-item-name').getByText(name, { exact: true });
	}

	/** Takes the first entry of the nodes panel. By the keyboard, since the panel moves under a click. */
	async openFound(name: string): Promise<void> {
		await this.found(name).waitFor();
		await this.part('node-creator-search-bar').press('Enter');
		await this.found(name).waitFor({ state: 'hidden' });
	}

	node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	async openNode(name: string): Promise<void> {
		await this.node(name).dblclick();
		await this.part('ndv').waitFor();
	}

	async closeNode(): Promise<void> {
		await this.part('ndv-close-button').click();
		await this.part('ndv').waitFor({ state: 'hidden' });
	}

	async chooseCredential({ id }: { id: string }): Promise<void> {
		await this.part('node-credentials-select').click();
		await this.part(`node-credentials-select-item-${id}`).click();
	}

	/**
	 * Opens a list of the service's things, such as the series.
	 * @returns its entries
	 */
	async openList(parameter: string): Promise<Locator> {
		const entries = this.part('rlc-item');
		await this.part(`resource-locator-${parameter}`)
			.getByTestId('rlc-input')
			.and(this.page.locator(':visible'))
			.click();
		await entries.first().waitFor();
		return entries;
	}

	async searchList(text: string): Promise<void> {
		await this.part('rlc-search').fill(text);
	}

	async fill(parameter: string, text: string): Promise<void> {
		await this.part(`parameter-input-${parameter}`).locator('input').fill(text);
	}

	/** "Execute step" in the node's panel, to its end. */
	async executeStep(): Promise<void> {
		const started = this.page.waitForResponse(/\/rest\/workflows\/[^/]+\/run/);
		await this.part('node-execute-button').click();
		await started;
		// n8n shows it in the title, and takes it away when all that came of the run is in the editor.
		await this.page.waitForFunction("!document.title.startsWith('🔄')");
		await this.output.getByTestId('node-run-info').waitFor();
	}

	async executeWorkflow(): Promise<void> {
		await this.part('execute-workflow-button').click();
	}

	/** The items in the output panel, by its JSON view. */
	async outputItems(): Promise<unknown> {
		await this.output.getByTestId('radio-button-json').click();
		const tree = this.output.locator('.vjs-tree');
		const attempt = async () => {
			// Its lines are drawn step by step.
			try {
				return JSON.parse((await tree.innerText()).replaceAll('\u00a0', ' '));
			} catch (error) {
				if (!(error instanceof SyntaxError)) throw error;
			}
		};
		return await poll(attempt, { what: 'the output panel shows no whole JSON' });
	}

	/** The notices among the parameters. */
	async notices(): Promise<string[]> {
		const notices = this.part('ndv').locator('.notice');
		await notices.first().waitFor();
		return await notices.allInnerTexts();
	}

	/** "Let the model define this parameter", on a tool. */
	async letModelDefine(parameter: string): Promise<void> {
		const field = this.page.locator('.parameter-item', {
			has: this.part(`parameter-input-${parameter}`),
		});
		await field.hover();
		await field.getByTestId('from-ai-override-button').click();
	}

	/** What n8n says beside the output, once the output panel is there. */
	async hints(): Promise<string[]> {
		const empty = this.output.getByText('No output data');
		await this.output.getByTestId('node-run-info').or(empty).first().waitFor();
		return await this.output.getByTestId('node-hint').allInnerTexts();
	}

	async openCredential(): Promise<void> {
		await this.part('credential-edit-button').click();
		await this.credentialDialog.waitFor();
	}

	/** Saves the open credential, which tests it. */
	async saveCredential(): Promise<void> {
		const button = this.part('credential-save-button');
		await button.getByRole('button').click();
		await button.getByText('Saved').waitFor();
	}

	/** What the open credential says of a test that failed. */
	async openFailure(): Promise<void> {
		await this.credentialDialog.getByText('More details').click();
	}

	async closeCredential(): Promise<void> {
		await this.credentialDialog.getByLabel('Close this dialog').click();
		await this.credentialDialog.waitFor({ state: 'hidden' });
	}

	/** The mark of a node that has run. */
	succeeded(name: string): Locator {
		return this.node(name).getByTestId('canvas-node-status-success');
	}

	/** Shows the whole workflow. */
	async fitToScreen(): Promise<void> {
		await this.part('zoom-to-fit').click();
	}

	/** The sticky notes whose text does not fit into them, with how many pixels are missing. */
	async cutNotes(): Promise<Array<{ text: string; missing: number }>> {
		const notes = this.page.locator('.vue-flow__node').getByTestId('sticky');
		await notes.first().waitFor();
		return await notes.evaluateAll((all) =>
			all.flatMap((note) =>
				[...note.querySelectorAll('*')]
					.map((part) => ({
						text: part.textContent.trim().slice(0, 40),
						missing: part.clientHeight > 0 ? part.scrollHeight - part.clientHeight : 0,
					}))
					.filter(({ missing }) => missing > 2),
			),
		);
	}

	/**
	 * Takes a picture for the README, when pictures are asked for.
	 * @param name the file's, without its ending
	 * @param clip the whole window unless told
	 */
	async picture(name: string, clip?: Clip, style = WITHOUT_NOTICES): Promise<void> {
		if (!PICTURES) return;
		await this.page.evaluate('document.fonts.ready');
		await this.page.screenshot({
			path: path.join(PICTURES, `${name}.png`),
			clip,
			animations: 'disabled',
			caret: 'hide',
			style,
		});
	}

	/** The same, of the workflow alone, without the editor around it. */
	async pictureOfWorkflow(name: string): Promise<void> {
		if (!PICTURES) return;
		const parts = this.page.locator('.vue-flow__node, .vue-flow__node *, .vue-flow__edge-path');
		const { left, top, right, bottom } = await parts.evaluateAll((all) => {
			const boxes = all
				.map((part) => part.getBoundingClientRect())
				.filter(({ width }) => width > 0);
			return {
				left: Math.min(...boxes.map((box) => box.left)),
				top: Math.min(...boxes.map((box) => box.top)),
				right: Math.max(...boxes.map((box) => box.right)),
				bottom: Math.max(...boxes.map((box) => box.bottom)),
			};
		});
		const [x, y] = [left - MARGIN, top - MARGIN];
		const [width, height] = [right + MARGIN - x, bottom + MARGIN - y];
		await this.picture(name, { x, y, width, height }, ONLY_WORKFLOW);
	}

	async close(): Promise<void> {
		await this.browser.close();
	}
}

/**
 * Opens the editor in a browser of its own.
 * @param client signed in
 */
export async function openEditor({
	url,
	cookie,
}: {
	url: string;
	cookie: string;
}): Promise<Editor> {
	const browser = await launchChromium();
	const context = await browser.newContext({ viewport: SIZE, reducedMotion: 'reduce' });
	context.setDefaultTimeout(PATIENCE_MS);
	const [name = '', value = ''] = cookie.split(/=(.*)/s);
	await context.addCookies([{ name, value, url }]);
	return new Editor(browser, await context.newPage(), url);
}
