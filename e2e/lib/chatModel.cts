import { type ChatCompletionRequest, LLMock } from '@copilotkit/aimock';

/** A tool that the model asks for. */
export interface ToolCall {
	name: string;
	arguments: Record<string, unknown>;
}

/** What n8n asked of the model. */
export interface ModelRequest {
	/** `/v1/responses` or `/v1/chat/completions`. */
	path: string;
	/** The tools that the model is offered. */
	tools: Array<{ name: string; description?: string; parameters?: { properties?: object } }>;
	/** What the tools have answered so far. */
	results: string[];
}

/**
 * A stand-in for a chat model behind OpenAI's API, on loopback: it asks for the tool calls that a
 * test gives it, one turn after another, and in the end repeats what the tools answered.
 */
export async function startChatModel() {
	let turns: ToolCall[][] = [];
	const mock = new LLMock({ port: 0 });
	mock.on({}, (request) => {
		const results = resultsOf(request);
		const calls = nextCalls(turns, results.length);
		if (calls.length === 0) return { content: results.join('\n') || 'Done' };
		return {
			toolCalls: calls.map((call) => ({ ...call, arguments: JSON.stringify(call.arguments) })),
		};
	});
	await mock.start();
	return {
		/** The base URL of an OpenAI credential. */
		url: `${mock.url}/v1`,
		/** Forgets what came, and plays these turns from now on. */
		play(next: ToolCall[][]) {
			mock.clearRequests();
			turns = next;
		},
		/** All that came, in order. */
		requests: (): ModelRequest[] =>
			mock.getRequests().map(({ path, body }) => {
				const request = body as ChatCompletionRequest;
				const tools = (request.tools ?? []).map((tool) => tool.function);
				return { path, tools, results: resultsOf(request) };
			}),
		close: async () => await mock.stop(),
	};
}

function resultsOf({ messages }: ChatCompletionRequest): string[] {
	const answers = messages.filter(({ role }) => role === 'tool');
	return answers.map(({ content }) =>
		Array.isArray(content) ? content.map(({ text = '' }) => text).join('') : (content ?? ''),
	);
}

/**
 * The first turn whose calls have no results yet. Told by the conversation alone, so that a request
 * that n8n repeats gets the same answer.
 * @returns none when all turns are over
 */
function nextCalls(turns: ToolCall[][], results: number): ToolCall[] {
	let used = 0;
	for (const calls of turns) {
		used += calls.length;
		if (results < used) return calls;
	}
	return [];
}
