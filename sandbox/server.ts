import type { FastifyInstance } from 'fastify';
import fastify from 'fastify';

import { LOGIN_PATH } from './calls';
import { CERTIFICATE, KEY } from './certificate';
import { v2Error } from './errors';
import type { Endpoint } from './pipeline';
import { serve } from './pipeline';
import { registerControl } from './routes/control';
import { customerCoupons } from './routes/customerCoupons';
import { getCoupon } from './routes/getCoupon';
import { issue } from './routes/issue';
import { issueMultiple } from './routes/issueMultiple';
import { revoke } from './routes/revoke';
import { seriesList } from './routes/series';
import { generateToken } from './routes/token';
import type { ListenOptions, SandboxOptions } from './sandbox';
import { Sandbox } from './sandbox';
import { Wires } from './wires';

export type { Sandbox, SandboxOptions };

const ENDPOINTS: Endpoint[] = [
	{ method: 'POST', path: '/v2/coupon/issue', access: 'v2', writes: true, work: issue },
	{
		method: 'POST',
		path: '/v2/coupon/issue/multiple',
		access: 'v2',
		writes: true,
		work: issueMultiple,
	},
	{ method: 'POST', path: '/v2/coupon/revoke', access: 'v2', writes: true, work: revoke },
	{ method: 'GET', path: '/v2/coupon', access: 'v2', work: getCoupon },
	{
		method: 'GET',
		path: '/v1.1/customer/coupons',
		access: 'v11',
		customerIn: 'query',
		work: customerCoupons,
	},
	{ method: 'GET', path: '/v1.1/coupon/series', access: 'v11', work: seriesList },
	{ method: 'POST', path: LOGIN_PATH, access: 'open', work: generateToken },
];

const UNKNOWN_PATH: Endpoint = {
	method: 'GET',
	path: '',
	access: 'open',
	work: () => ({
		status: 404,
		body: { errors: [v2Error({ code: 404, message: 'Resource not found' })] },
		outcome: 'notFound',
	}),
};

/** Starts a stand-in for the Capillary API, on loopback unless `host` says otherwise. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const { port, host, https, ...content } = options;
	const sandbox = new Sandbox(content);
	await listen(sandbox, { port, host, https });
	return sandbox;
}

/** Puts a server in front of a sandbox. */
export async function listen(
	sandbox: Sandbox,
	{ port = 0, host = '127.0.0.1', https = false }: ListenOptions,
): Promise<void> {
	// Without forceCloseConnections a hanging call would keep `close` from ever ending.
	const app: FastifyInstance = fastify({
		forceCloseConnections: true,
		https: https ? { key: KEY, cert: CERTIFICATE } : null,
	});
	sandbox.certificate = https ? CERTIFICATE : undefined;
	const wires = new Wires(app.server);
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
		done(null, parseBody(String(body)));
	});
	for (const endpoint of ENDPOINTS) {
		app.route({
			method: endpoint.method,
			url: endpoint.path,
			handler: async (request, reply) => {
				await serve(sandbox, endpoint, request, reply, wires.of(request));
				return reply;
			},
		});
	}
	app.setNotFoundHandler(async (request, reply) => {
		await serve(sandbox, UNKNOWN_PATH, request, reply, wires.of(request));
		return reply;
	});
	registerControl(app, sandbox);

	sandbox.stopListening = async () => await app.close();
	sandbox.url = await app.listen({ port, host });
	sandbox.port = Number(new URL(sandbox.url).port);
}

/** JSON where it is JSON; anything else stays text, and the route says what is wrong with it. */
function parseBody(text: string): unknown {
	if (text === '') return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
