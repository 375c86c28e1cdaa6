import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Caller } from './auth';
import { isCaller } from './auth';
import {
	codeAnswer,
	expiredToken,
	OTHER_ERRORS,
	plainAnswer,
	rateLimited,
	v2Error,
	v2Failure,
	wordsOf,
} from './errors';
import type { Fault } from './faults';
import { strikesAfterWork } from './faults';
import { retryAfterValue } from './limits';
import type { RequestContext } from './requests';
import { customerOfBody, customerOfQuery, isObject } from './requests';
import type { Sandbox } from './sandbox';
import type { Answer, CallRecord, Customer } from './types';
import type { Socket } from './wires';

/** One call of the API. */
export interface Endpoint {
	method: 'GET' | 'POST';
	path: string;
	/** The API version decides how a refused login looks; `open` endpoints need none. */
	access: 'v2' | 'v11' | 'open';
	/** Where the customer's identifiers stand. Default `body`. */
	customerIn?: 'query';
	/** Changes coupons, so that two calls for one customer can get in each other's way. */
	writes?: boolean;
	work: (context: RequestContext) => Answer;
}

/** What goes out at the end: an answer, whole or not, or none. */
type Delivery =
	| { how: 'whole' | 'literal' | 'half' | 'halfBody'; answer: Answer }
	| { how: 'cut' | 'reset' | 'hang' | 'garbage' };

/**
 * Takes one request from arrival to answer: delay, faults that come before the work, login, rate
 * limit, the work itself, faults that come after it.
 */
export async function serve(
	sandbox: Sandbox,
	endpoint: Endpoint,
	request: FastifyRequest,
	reply: FastifyReply,
	wire: Socket,
): Promise<void> {
	const { faults, log, settings, state } = sandbox;
	const call = log.open(recordOf(request, endpoint, sandbox.now()));
	const customer = state.findCustomer(call.customer);
	const customerKey = customer ? String(customer.id) : Object.values(call.customer)[0];
	const openForCustomer = customerKey === undefined ? 0 : log.openFor(customerKey);

	// A call counts as open until its answer is on its way or its connection has gone. Waiting for
	// the answer to be flushed instead could count a fast caller's next call as overlapping.
	let isOpen = true;
	const end = () => {
		if (isOpen) log.close(customerKey);
		isOpen = false;
	};
	reply.raw.once('close', () => {
		if (isOpen) call.callerGone = true;
		end();
	});

	const { delayMs, fault } = faults.take(call);
	await sandbox.pause(settings.latencyMs + delayMs);
	let delivery: Delivery;
	if (sandbox.isClosing) {
		delivery = { how: 'cut' };
	} else if (fault && !strikesAfterWork(fault)) {
		call.outcome = `fault:${fault.kind}`;
		delivery = struck(fault, call, sandbox);
	} else {
		const answer = await answerOf(sandbox, endpoint, call, customer, openForCustomer);
		const isStruck = fault !== undefined && call.workDone;
		call.outcome = isStruck ? `fault:${fault.kind}` : answer.outcome;
		delivery = isStruck ? struck(fault, call, sandbox, answer) : { how: 'whole', answer };
	}

	if ('answer' in delivery) {
		if (!call.callerGone) call.status = delivery.answer.status;
		if (delivery.answer.outcome === 'rateLimited') sandbox.limiter.hasRefused = true;
	}
	log.settle(call);
	if (delivery.how !== 'hang') end();
	deliver(delivery, call, reply, wire);
}

function recordOf(
	request: FastifyRequest,
	endpoint: Endpoint,
	at: number,
): Omit<CallRecord, 'index'> {
	const query = request.query as CallRecord['query'];
	return {
		at,
		method: request.method,
		url: request.url,
		path: request.url.split('?', 1)[0] ?? '',
		query,
		headers: request.headers,
		body: request.body,
		customer:
			endpoint.customerIn === 'query' ? customerOfQuery(query) : customerOfBody(request.body),
		status: null,
		outcome: 'open',
		workDone: false,
		callerGone: false,
	};
}

const ANYONE: Caller = { key: '', store: { till: '', code: '', name: '', externalId: '' } };

/** Login, rate limit and work, in this order: a limited call does nothing. */
async function answerOf(
	sandbox: Sandbox,
	endpoint: Endpoint,
	call: CallRecord,
	customer: Customer | undefined,
	openForCustomer: number,
): Promise<Answer> {
	const { auth, limiter, settings, state, now } = sandbox;
	const caller = endpoint.access === 'open' ? ANYONE : auth.check(call, endpoint.access);
	if (!isCaller(caller)) return caller;
	const limited = overLimit(sandbox, endpoint, keyOf(caller, call, sandbox));
	if (limited) return limited;
	if (limiter.hasRefused) {
		limiter.hasRefused = false;
		await sandbox.pause(settings.slowAfterLimitMs);
	}
	if (call.method === 'POST' && !/json/i.test(String(call.headers['content-type'] ?? ''))) {
		const message = 'Content-Type must be application/json';
		const body = { errors: [v2Error({ code: 415, message })] };
		return { status: 415, body, outcome: 'badRequest' };
	}
	if (endpoint.writes && settings.refuseConcurrentCustomer && openForCustomer > 1) {
		return v2Failure(OTHER_ERRORS.customerBusy, settings.couponErrorStatus);
	}
	const answer = endpoint.work({ call, caller, customer, state, auth, settings, now });
	call.workDone = true;
	return answer;
}

/** Whose rate limit a call counts for; undefined when it counts for nobody's. */
function keyOf(caller: Caller, call: CallRecord, { settings }: Sandbox): string | undefined {
	if (caller !== ANYONE) return caller.key;
	const body = isObject(call.body) ? call.body : {};
	return settings.rateLimitTokenCalls && typeof body.key === 'string' ? body.key : undefined;
}

function overLimit(
	{ settings, limiter, now }: Sandbox,
	{ access }: Endpoint,
	key: string | undefined,
): Answer | undefined {
	const limit = settings.rateLimit;
	if (!limit || key === undefined) return undefined;
	const at = now();
	const waitMs = limiter.take(key, limit, at, settings.rateLimitCountsRefused);
	if (waitMs === 0) return undefined;
	const form = access === 'v11' ? 'v11' : 'errors';
	const answer =
		settings.rateLimitAs === 'http'
			? plainAnswer(429, limit.body ?? 'json')
			: codeAnswer(200, form, { code: 429, message: 'Too Many Requests' });
	return rateLimited(answer, retryAfterValue(limit, waitMs, at));
}

/** What goes out instead of `worked`, the answer of the work, where that was done before. */
function struck(fault: Fault, call: CallRecord, sandbox: Sandbox, worked?: Answer): Delivery {
	switch (fault.kind) {
		case 'rateLimited': {
			const answer = plainAnswer(429, fault.body ?? 'json');
			return { how: 'whole', answer: rateLimited(answer, fault.retryAfter) };
		}
		case 'expiredToken': {
			const token = call.headers['x-cap-api-oauth-token'];
			if (fault.revoke && typeof token === 'string') sandbox.auth.revokeToken(token);
			return { how: 'whole', answer: expiredToken(fault.as, sandbox.now()) };
		}
		case 'status':
			return { how: 'whole', answer: statusAnswer(fault) };
		case 'code': {
			const { code, message = wordsOf(code), as = 'errors', status = 200 } = fault;
			return { how: 'whole', answer: codeAnswer(status, as, { code, message }) };
		}
		case 'echo':
			return { how: 'whole', answer: echo(fault.status ?? 400, call) };
		case 'raw': {
			const { status, headers, body = '' } = fault;
			return { how: 'literal', answer: { status, headers, body, outcome: 'refused' } };
		}
		case 'lostBefore':
		case 'lostAfter':
			return { how: fault.reset ? 'reset' : 'cut' };
		case 'hang':
		case 'hangAfter':
			return { how: 'hang' };
		case 'garbage':
			return { how: 'garbage' };
		case 'truncated':
			return { how: fault.cleanEnd ? 'halfBody' : 'half', answer: workOf(worked) };
		case 'altered':
			return { how: 'whole', answer: altered(workOf(worked), fault.set) };
		case 'latency':
			return { how: 'whole', answer: workOf(worked) };
	}
}

function workOf(worked: Answer | undefined): Answer {
	if (!worked) throw new Error('This fault strikes after the work');
	return worked;
}

function statusAnswer(fault: Extract<Fault, { kind: 'status' }>): Answer {
	const { status, body = 'json', headers } = fault;
	if (body === 'json' || body === 'xml' || body === 'html' || body === 'empty') {
		const answer = plainAnswer(status, body);
		return { ...answer, headers: { ...answer.headers, ...headers } };
	}
	return { status, headers, body, outcome: 'refused' };
}

/** An error that gives away all it was sent, in the forms of v2 and of the token call at once. */
function echo(status: number, { headers, body }: CallRecord): Answer {
	const message = `Cannot process ${JSON.stringify(body)} with ${JSON.stringify(headers)}`;
	const answer = { data: null, errors: [v2Error({ code: status, message })], message };
	return { status, body: answer, outcome: 'refused' };
}

/** The answer with other values at some paths; what lies on the way there is made. */
function altered(answer: Answer, set: Record<string, unknown>): Answer {
	const body = JSON.parse(textOf(answer.body)) as Record<string, unknown>;
	for (const [path, value] of Object.entries(set)) {
		const keys = path.split('.');
		const last = keys.pop() ?? '';
		let place = body;
		for (const key of keys) place = (place[key] ??= {}) as Record<string, unknown>;
		place[last] = value;
	}
	return { ...answer, body };
}

function textOf(body: unknown): string {
	return typeof body === 'string' ? body : JSON.stringify(body);
}

function deliver(delivery: Delivery, call: CallRecord, reply: FastifyReply, wire: Socket): void {
	if (delivery.how === 'whole') {
		const { status, headers = {}, body } = delivery.answer;
		void reply
			.code(status)
			.header('x-cap-requestid', `sandbox-${call.index}`)
			.headers(headers)
			.send(body);
		return;
	}
	// Past the library, which would otherwise put in order what is meant to be wrong.
	reply.hijack();
	switch (delivery.how) {
		case 'literal': {
			const { status, headers, body } = delivery.answer;
			reply.raw.writeHead(status, { 'content-type': 'application/json', ...headers });
			reply.raw.end(textOf(body));
			return;
		}
		case 'half':
		case 'halfBody': {
			const { status, body } = delivery.answer;
			const text = Buffer.from(textOf(body));
			const half = text.subarray(0, Math.floor(text.length / 2));
			reply.raw.writeHead(status, {
				'content-type': 'application/json; charset=utf-8',
				'content-length': delivery.how === 'halfBody' ? half.length : text.length,
			});
			if (delivery.how === 'halfBody') reply.raw.end(half);
			else reply.raw.write(half, () => wire.destroy());
			return;
		}
		case 'garbage':
			wire.write('\x00\xffneither HTTP nor TLS\r\n\r\n', () => wire.destroy());
			return;
		case 'reset':
			wire.resetAndDestroy();
			return;
		case 'cut':
			wire.destroy();
			return;
		case 'hang':
			return;
	}
}
