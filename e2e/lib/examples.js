'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { poll } = require('./log');
const { ROOT } = require('./paths');

/**
 * @typedef {import('./client').Credential} Credential
 * @typedef {import('./client').Execution} Execution
 * @typedef {import('./client').Item} Item
 * @typedef {import('./client').N8nClient} N8nClient
 * @typedef {import('./client').Workflow} Workflow
 * @typedef {import('./client').WorkflowFile} WorkflowFile
 */

const FOLDER = path.join(ROOT, 'examples');

/** @returns {string[]} the names of all example workflows */
function exampleFiles() {
	return fs.readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
}

/**
 * @param {string} file
 * @returns {WorkflowFile}
 */
function readExample(file) {
	return JSON.parse(fs.readFileSync(path.join(FOLDER, file), 'utf8'));
}

/**
 * Imports a workflow, lets `work` use it and deletes it.
 * @template T
 * @param {N8nClient} client
 * @param {WorkflowFile} file
 * @param {Credential[]} credentials what its nodes get, by type
 * @param {(workflow: Workflow) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withWorkflow(client, file, credentials, work) {
	const workflow = await client.importWorkflow(file, credentials);
	try {
		return await work(workflow);
	} finally {
		await client.deleteWorkflow(workflow);
	}
}

/**
 * Runs a workflow as the editor does it, from one of its triggers.
 * @param {N8nClient} client
 * @param {Workflow} workflow
 * @param {string} trigger the trigger node's name
 * @param {Record<string, unknown>} [json] what the trigger gives; of a trigger that waits for
 *   something from outside, such as a chat
 * @returns {Promise<Execution>}
 */
async function runFrom(client, workflow, trigger, json) {
	if (!json) return await client.execution(await client.runManually(workflow, trigger));
	const data = {
		startTime: Date.now(),
		executionTime: 0,
		executionIndex: 0,
		executionStatus: 'success',
		source: [],
		data: { main: [[{ json }]] },
	};
	const start = { triggerToStartFrom: { name: trigger, data } };
	const { executionId } = await client.rest('POST', `/workflows/${workflow.id}/run`, start);
	return await client.execution(executionId);
}

/**
 * @param {N8nClient} client
 * @param {Workflow} workflow that has run once
 * @returns {Promise<Execution>} that run, at its end
 */
async function onlyExecution(client, workflow) {
	const id = await poll(async () => (await client.executions(workflow.id))[0]?.id, {
		what: 'n8n shows no execution of the workflow',
	});
	return await client.execution(id);
}

/**
 * What a node gave in its last run.
 * @param {Execution} execution
 * @param {string} node
 * @param {number} [output]
 * @returns {Array<Record<string, any>>} the items' json; none when it did not run
 */
function outputOf(execution, node, output = 0) {
	const items = execution.data.resultData.runData[node]?.at(-1)?.data?.main?.[output] ?? [];
	return items.map(({ json }) => json);
}

module.exports = { exampleFiles, onlyExecution, outputOf, readExample, runFrom, withWorkflow };
