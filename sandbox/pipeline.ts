import type { FastifyReply, FastifyRequest } from 'fastify';
import { sleep } from 'n8n-workflow';

import type { Auth, Caller } from './auth';
import { isCaller } from './auth';
import type { CallLog } from './calls';
import { expiredToken, OTHER_ERRORS, plainAnswer, rateLimited, v2Error, v2Failure } from './errors';
import type { Fault, Faults } from './faults';
import type { RateLimiter } from './limits';
import { retryAfterValue } from './limits';
import type { RequestContext } from './requests';
import { customerOfBody, customerOfQuery } from './requests';
import type { CouponStore } from './state';
import type { Answer, CallRecord, Customer, SandboxSettings } from './types';

/** The parts of one sandbox that a request meets on its way. */
export interface Parts {
	settings: SandboxSettings;
	state: CouponStore;
	auth: Auth;
	limiter: RateLimiter;
	faults: Faults;
	log: CallLog;
	now: () => number;
	/** One for every call that sleeps: aborted when the sandbox closes. */
	sleepers: Set<AbortController>;
}

/** One call of the API. */
export interface Endpoint {
	method: 'GET' | 'POST';
	path: string;
	/** The API version decides how a refused login looks; `open` endpoints need none. */
	access: 'v2' | 'v11' | 'open';
	/** Issues coupons, so that two calls for one customer can get in each other's way. */
	issues?: boolean;
	work: (context: RequestContext) => Answer;
}

/**
 * Takes one request from arrival to answer: faults that come before the work, delay, login, rate
 * limit, the work itself, faults that come after it.
 */
export async function serve(
	parts: Parts,
	endpoint: Endpoint,
	request: FastifyRequest,
	reply: FastifyReply,
): Promise<void> {
	const { faults, log, settings } = parts;
	const call = log.open(recordOf(request, endpoint, parts.now()));
	const customer = parts.state.findCustomer(call.customer);
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
	const awake = await pause(settings.latencyMs + delayMs, parts.sleepers);
	if (!awake) {
		cut(request, reply, end);
		return;
	}

	const early = fault && faultBeforeWork(fault, call, parts);
	const answer = early ?? answerOf(parts, endpoint, call, customer, openForCustomer);
	if (fault && (early || call.workDone)) {
		call.outcome = `fault:${fault.kind}`;
		finishWithFault(fault, answer, { parts, call, request, reply, end });
		return;
	}
	call.outcome = answer.outcome;
	finish(answer, { parts, call, reply, end });
}

/** Sleeps; false when the sandbox closes meanwhile, and nobody is left to answer to. */
async function pause(ms: number, sleepers: Set<AbortController>): Promise<boolean> {
	if (ms <= 0) return true;
	const sleeper = new AbortController();
	sleepers.add(sleeper);
	try {
		await sleep(ms, sleeper.signal);
		return true;
	} catch {
		return false;
	} finally {
		sleepers.delete(sleeper);
	}
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
			endpoint.path === '/v1.1/customer/coupons'
				? customerOfQuery(query)
				: customerOfBody(request.body),
		status: null,
		outcome: 'open',
		workDone: false,
		callerGone: false,
	};
}

/** Login, rate limit and work, in this order: a limited call does nothing. */
function answerOf(
	parts: Parts,
	endpoint: Endpoint,
	call: CallRecord,
	customer: Customer | undefined,
	openForCustomer: number,
): Answer {
	const { auth, settings, state, now } = parts;
	const anyone: Caller = { key: '', store: { till: '', code: '', name: '', externalId: '' } };
	const caller = endpoint.access === 'open' ? anyone : auth.check(call, endpoint.access);
	if (!isCaller(caller)) return caller;
	const limited = endpoint.access === 'open' ? undefined : overLimit(parts, caller.key);
	if (limited) return limited;
	if (call.method === 'POST' && !/json/i.test(String(call.headers['content-type'] ?? ''))) {
		const message = 'Content-Type must be application/json';
		const body = { errors: [v2Error({ code: 415, message })] };
		return { status: 415, body, outcome: 'badRequest' };
	}
	if (endpoint.issues && settings.refuseConcurrentCustomer && openForCustomer > 1) {
		return v2Failure(OTHER_ERRORS.customerBusy, settings.couponErrorStatus);
	}
	const answer = endpoint.work({ call, caller, customer, state, settings, now });
	call.workDone = true;
	return answer;
}

function overLimit({ settings, limiter, now }: Parts, key: string): Answer | undefined {
	const limit = settings.rateLimit;
	if (!limit) return undefined;
	const at = now();
	const waitMs = limiter.take(key, limit, at);
	if (waitMs === 0) return undefined;
	return rateLimited(limit.body ?? 'json', retryAfterValue(limit, waitMs, at));
}

/** The answer of a fault that strikes before the work; undefined when the work is to be done. */
function faultBeforeWork(fault: Fault, call: CallRecord, parts: Parts): Answer | undefined {
	switch (fault.kind) {
		case 'rateLimited':
			return rateLimited(fault.body ?? 'json', fault.retryAfter);
		case 'expiredToken': {
			const token = call.headers['x-cap-api-oauth-token'];
			if (fault.revoke && typeof token === 'string') parts.auth.revokeToken(token);
			return expiredToken(fault.as, parts.now());
		}
		case 'status':
		case 'raw':
			return fault.afterWork ? undefined : faultAnswer(fault);
		case 'lostBefore':
		case 'hang':
			// The answer is never sent: the connection is cut, or stays silent.
			return { status: 0, body: '', outcome: '' };
		default:
			return undefined;
	}
}

function faultAnswer(fault: Extract<Fault, { kind: 'status' | 'raw' }>): Answer {
	const { body = fault.kind === 'status' ? 'json' : '', headers, status } = fault;
	if (fault.kind === 'status') {
		if (body === 'json' || body === 'xml' || body === 'html' || body === 'empty') {
			return plainAnswer(status, body, headers);
		}
	}
	return { status, headers, body, outcome: 'refused' };
}

interface Ending {
	parts: Parts;
	call: CallRecord;
	reply: FastifyReply;
	end: () => void;
}

function finish(answer: Answer, { parts, call, reply, end }: Ending): void {
	if (!call.callerGone) call.status = answer.status;
	parts.log.settle(call);
	end();
	void reply
		.code(answer.status)
		.header('x-cap-requestid', `sandbox-${call.index}`)
		.headers(answer.headers ?? {})
		.send(answer.body);
}

function finishWithFault(
	fault: Fault,
	answer: Answer,
	ending: Ending & { request: FastifyRequest },
): void {
	const { parts, call, request, reply, end } = ending;
	switch (fault.kind) {
		case 'lostBefore':
		case 'lostAfter':
			parts.log.settle(call);
			cut(request, reply, end);
			return;
		case 'hang':
		case 'hangAfter':
			parts.log.settle(call);
			reply.hijack();
			return;
		case 'truncated':
			sendTruncated(answer, fault.cleanEnd === true, ending);
			return;
		case 'raw':
			sendRaw(faultAnswer(fault), ending);
			return;
		case 'status':
			finish(faultAnswer(fault), ending);
			return;
		default:
			finish(answer, ending);
	}
}

/** Ends the connection without an answer. */
function cut(request: FastifyRequest, reply: FastifyReply, end: () => void): void {
	end();
	reply.hijack();
	request.raw.socket.destroy();
}

function textOf(body: unknown): string {
	return typeof body === 'string' ? body : JSON.stringify(body);
}

/** Past the library, which would otherwise put headers in order that are meant to be wrong. */
function sendRaw(answer: Answer, { parts, call, reply, end }: Ending): void {
	if (!call.callerGone) call.status = answer.status;
	parts.log.settle(call);
	end();
	reply.hijack();
	reply.raw.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
	reply.raw.end(textOf(answer.body));
}

function sendTruncated(
	answer: Answer,
	cleanEnd: boolean,
	ending: Ending & { request: FastifyRequest },
): void {
	const text = Buffer.from(textOf(answer.body));
	const half = text.subarray(0, Math.floor(text.length / 2));
	const { parts, call, request, reply, end } = ending;
	if (!call.callerGone) call.status = answer.status;
	parts.log.settle(call);
	end();
	reply.hijack();
	reply.raw.writeHead(answer.status, {
		'content-type': 'application/json; charset=utf-8',
		'content-length': cleanEnd ? half.length : text.length,
	});
	if (cleanEnd) reply.raw.end(half);
	else reply.raw.write(half, () => request.raw.socket.destroy());
}
