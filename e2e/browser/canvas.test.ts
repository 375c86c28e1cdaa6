import { exampleFiles, readExample, withWorkflow } from '../lib/runs.cts';
import { world } from '../lib/world.cts';
import { type Editor, openEditor } from './editor.cts';

const { client } = world();

let editor: Editor;

beforeAll(async () => {
	editor = await openEditor(client);
}, 300_000);

afterAll(async () => await editor?.close());

it.each(exampleFiles())('%s: the notes on the canvas fit their text', async (file) => {
	await withWorkflow(client, readExample(file), [], async ({ id }) => {
		await editor.openWorkflow(id);
		await editor.fitToScreen();

		expect(await editor.cutNotes()).toEqual([]);
		await editor.pictureOfWorkflow(`example-${file.replace('.json', '')}`);
	});
});
