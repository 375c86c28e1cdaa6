'use strict';
const http = require('node:http');

/**
 * A stand-in for a chat model behind OpenAI's API, on loopback: it asks for the tool calls that a
 * test gives it, one turn after another, and in the end repeats what the tools answered.
 *
 * @typedef {{ name: string, arguments: Record<string, unknown> }} ToolCall
 * @typedef {{ name: string, description: string, parameters: any }} OfferedTool
 */

/**
 * One turn of the model: the tools it asks for, given what earlier calls brought.
 * @typedef {(results: string[]) => ToolCall[]} Turn
 */

/**
 * What n8n asked of the model.
 * @typedef {object} ModelRequest
 * @property {string} path `/v1/responses` or `/v1/chat/completions`
 * @property {boolean} stream whether the answer was asked for piece by piece
 * @property {OfferedTool[]} tools
 * @property {string[]} results what the tools have answered so far
 * @property {any} body as it came
 */

/**
 * @typedef {object} ChatModel
 * @property {string} url the base URL of an OpenAI credential
 * @property {ModelRequest[]} requests all that came, in order
 * @property {(turns: Turn[]) => void} play forgets what came, and plays these turns from now on
 * @property {() => Promise<void>} close
 */

const MODEL = 'stand-in';

/** @returns {Promise<ChatModel>} */
async function startChatModel() {
	/** @type {ModelRequest[]} */
	const requests = [];
	/** @type {Turn[]} */
	let turns = [];

	const server = http.createServer((request, response) => {
		/** @type {Buffer[]} */
		const parts = [];
		request.on('data', (part) => parts.push(part));
		request.on('end', () => {
			const path = request.url ?? '';
			const form = FORMS[path];
			if (request.method !== 'POST' || !form) {
				response.writeHead(404).end();
				return;
			}
			const body = JSON.parse(Buffer.concat(parts).toString('utf8'));
			const asked = { path, stream: body.stream === true, ...form.read(body), body };
			requests.push(asked);
			const calls = nextCalls(turns, asked.results);
			const text = asked.results.join('\n');
			const number = requests.length;
			if (asked.stream) {
				response.writeHead(200, { 'content-type': 'text/event-stream' });
				for (const event of form.events(number, calls, text)) response.write(`${event}\n\n`);
				response.end();
			} else {
				response.writeHead(200, { 'content-type': 'application/json' });
				response.end(JSON.stringify(form.answer(number, calls, text)));
			}
		});
	});
	await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
	const address = server.address();
	const port = typeof address === 'object' && address ? address.port : 0;
	return {
		url: `http://127.0.0.1:${port}/v1`,
		requests,
		play(next) {
			requests.length = 0;
			turns = next;
		},
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/**
 * The first turn whose calls have no results yet. Told by the conversation alone, so that a request
 * that n8n repeats gets the same answer.
 * @param {Turn[]} turns
 * @param {string[]} results
 * @returns {ToolCall[]} none when all turns are over
 */
function nextCalls(turns, results) {
	let used = 0;
	for (const turn of turns) {
		const calls = turn(results.slice(0, used));
		if (results.length < used + calls.length) return calls;
		used += calls.length;
	}
	return [];
}

/** @param {unknown} content a text, or a list of its parts */
function textOf(content) {
	if (typeof content === 'string') return content;
	return [content]
		.flat()
		.map((part) => String(Object(part).text ?? ''))
		.join('');
}

/**
 * The two forms of OpenAI's API.
 * @type {Record<string, {
 *   read: (body: any) => { tools: OfferedTool[], results: string[] },
 *   answer: (number: number, calls: ToolCall[], text: string) => object,
 *   events: (number: number, calls: ToolCall[], text: string) => string[],
 * }>}
 */
const FORMS = {
	'/v1/chat/completions': {
		read({ tools = [], messages }) {
			return {
				tools: tools.map((/** @type {any} */ tool) => tool.function),
				results: messages
					.filter((/** @type {any} */ { role }) => role === 'tool')
					.map((/** @type {any} */ { content }) => textOf(content)),
			};
		},
		answer(number, calls, text) {
			const reason = calls.length > 0 ? 'tool_calls' : 'stop';
			const message = chatMessage(number, calls, text);
			return {
				...chatHead(number, 'chat.completion'),
				choices: [{ index: 0, message, finish_reason: reason, logprobs: null }],
				usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
			};
		},
		events(number, calls, text) {
			const head = chatHead(number, 'chat.completion.chunk');
			const reason = calls.length > 0 ? 'tool_calls' : 'stop';
			const delta = chatMessage(number, calls, text);
			const chunks = [
				{ ...head, choices: [{ index: 0, delta, finish_reason: null }] },
				{ ...head, choices: [{ index: 0, delta: {}, finish_reason: reason }] },
			];
			return [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}`), 'data: [DONE]'];
		},
	},
	'/v1/responses': {
		read({ tools = [], input }) {
			const items = typeof input === 'string' ? [] : input;
			return {
				tools,
				results: items
					.filter((/** @type {any} */ { type }) => type === 'function_call_output')
					.map((/** @type {any} */ { output }) => textOf(output)),
			};
		},
		answer: responseOf,
		events(number, calls, text) {
			const response = responseOf(number, calls, text);
			const event = { type: 'response.completed', sequence_number: 0, response };
			return [`event: response.completed\ndata: ${JSON.stringify(event)}`];
		},
	},
};

/**
 * @param {number} number
 * @param {string} object
 */
function chatHead(number, object) {
	return { id: `chatcmpl-${number}`, object, created: 1_750_000_000, model: MODEL };
}

/**
 * @param {number} number
 * @param {ToolCall[]} calls
 * @param {string} text
 */
function chatMessage(number, calls, text) {
	if (calls.length === 0) return { role: 'assistant', content: text };
	return {
		role: 'assistant',
		content: null,
		tool_calls: calls.map((call, index) => ({
			index,
			id: `call_${number}_${index}`,
			type: 'function',
			function: { name: call.name, arguments: JSON.stringify(call.arguments) },
		})),
	};
}

/**
 * @param {number} number
 * @param {ToolCall[]} calls
 * @param {string} text
 */
function responseOf(number, calls, text) {
	const content = [{ type: 'output_text', text, annotations: [] }];
	const said = { type: 'message', id: `msg_${number}`, role: 'assistant', content };
	const asked = calls.map((call, index) => ({
		type: 'function_call',
		id: `fc_${number}_${index}`,
		call_id: `call_${number}_${index}`,
		name: call.name,
		arguments: JSON.stringify(call.arguments),
		status: 'completed',
	}));
	return {
		id: `resp_${number}`,
		object: 'response',
		created_at: 1_750_000_000,
		status: 'completed',
		model: MODEL,
		output: asked.length > 0 ? asked : [{ ...said, status: 'completed' }],
		parallel_tool_calls: true,
		error: null,
		incomplete_details: null,
		instructions: null,
		metadata: {},
		usage: {
			input_tokens: 1,
			input_tokens_details: { cached_tokens: 0 },
			output_tokens: 1,
			output_tokens_details: { reasoning_tokens: 0 },
			total_tokens: 2,
		},
	};
}

module.exports = { startChatModel };
