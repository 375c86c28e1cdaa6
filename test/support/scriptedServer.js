/**
 * A loopback server that answers word for word what a test tells it to, and records what it got.
 *
 * @typedef {object} Call one request, as it came over the wire
 * @property {string} method
 * @property {string} path without the query
 * @property {string} query as it was sent, still encoded
 * @property {Record<string, any>} headers names in lower case
 * @property {any} body parsed JSON, or the text when it is none
 *
 * @typedef {object} Answer
 * @property {number} [status] default 200
 * @property {Record<string, string>} [headers]
 * @property {unknown} [body] a text goes out as it is, everything else as JSON
 * @property {boolean} [hangUp] ends the connection without an answer
 *
 * @typedef {Answer[] | ((call: Call, index: number) => Answer | Promise<Answer>)} Script
 *   answers in turn, or one made for each call
 */
const { createServer } = require('node:http');

/**
 * @param {Script} [script] a list that is used up answers 599, which no test expects
 */
async function startServer(script = []) {
	let current = script;
	/** @type {Call[]} */
	const calls = [];

	/** @param {Call} call @returns {Promise<Answer>} */
	async function answerTo(call) {
		if (typeof current === 'function') return await current(call, calls.length - 1);
		return current[calls.length - 1] ?? { status: 599, body: 'no answer is left in the script' };
	}

	const server = createServer((request, response) => {
		/** @type {Buffer[]} */
		const parts = [];
		request.on('data', (part) => parts.push(part));
		request.on('end', async () => {
			const [path = '', query = ''] = (request.url ?? '').split('?');
			const text = Buffer.concat(parts).toString('utf8');
			const { method = '', headers } = request;
			const call = { method, path, query, headers, body: parsed(text) };
			calls.push(call);
			const { status = 200, headers: more, body = '', hangUp } = await answerTo(call);
			if (hangUp) {
				request.socket.destroy();
				return;
			}
			response.writeHead(status, { 'content-type': 'application/json', ...more });
			response.end(typeof body === 'string' ? body : JSON.stringify(body));
		});
	});
	await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());

	return {
		url: `http://127.0.0.1:${port}`,
		calls,
		/** Replaces the script and forgets the calls so far. @param {Script} next */
		answer(next) {
			current = next;
			calls.length = 0;
		},
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(() => resolve(undefined)));
		},
	};
}

/** @param {string} text */
function parsed(text) {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

module.exports = { startServer };
