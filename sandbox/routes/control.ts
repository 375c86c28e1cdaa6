import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { FaultMatch, FaultRule } from '../faults';
import { customerOfBody, isObject, queryValue, toInteger } from '../requests';
import type { Query } from '../requests';
import type { Sandbox } from '../sandbox';
import type { GivenCoupons } from '../state';

const DEFAULT_PAGE = 1000;

/** A rule as JSON can carry it: an expression for the path comes as `pathPattern`. */
type JsonRule = FaultRule & { match?: FaultMatch & { pathPattern?: string } };

/**
 * The switches over HTTP, for tests in another process. They need no login, are not recorded and
 * meet no faults.
 */
export function registerControl(app: FastifyInstance, sandbox: Sandbox): void {
	app.get('/__sandbox', async () => ({
		url: sandbox.url,
		certificate: sandbox.certificate,
		credentials: sandbox.credentials,
		series: sandbox.series,
		customers: sandbox.customers,
		settings: sandbox.settings,
	}));

	app.get('/__sandbox/stats', async () => ({
		...sandbox.stats,
		issued: sandbox.ledger.length,
		redeemed: sandbox.redemptionCount,
		revoked: sandbox.state.revokedCount,
	}));

	app.get('/__sandbox/ledger', async (request) => {
		const { from, limit } = page(request, sandbox.ledger.length);
		const coupons = sandbox.ledger.slice(from, from + limit);
		return { total: sandbox.ledger.length, from, coupons };
	});

	// Headers make up most of a record, so they come only when asked for.
	app.get('/__sandbox/calls', async (request) => {
		const { from, limit } = page(request, sandbox.calls.length);
		const withHeaders = queryValue(request.query as Query, 'headers') === 'true';
		const calls = sandbox.calls
			.slice(from, from + limit)
			.map((call) => (withHeaders ? call : { ...call, headers: undefined }));
		return { total: sandbox.calls.length, from, calls };
	});

	app.get('/__sandbox/faults', async () => ({
		faults: sandbox.faults.rules.map((rule) => ({
			...rule,
			match: { ...rule.match, path: rule.match?.path?.toString() },
		})),
	}));

	app.post('/__sandbox/faults', (request, reply) => {
		answer(reply, () => {
			const rules = [request.body].flat() as JsonRule[];
			for (const rule of rules) sandbox.faults.add(fromJson(rule));
			return { added: rules.length };
		});
	});

	app.delete('/__sandbox/faults', async () => {
		sandbox.faults.clear();
		return { cleared: true };
	});

	app.post('/__sandbox/settings', (request, reply) => {
		answer(reply, () => {
			sandbox.configure(isObject(request.body) ? request.body : {});
			return sandbox.settings;
		});
	});

	app.post('/__sandbox/reset', async () => {
		sandbox.reset();
		return { reset: true };
	});

	app.post('/__sandbox/redeem', (request, reply) => {
		const { code, transactionNumber } = bodyOf(request);
		found(reply, sandbox.redeem(String(code ?? ''), textOrNothing(transactionNumber)));
	});

	app.post('/__sandbox/expire', (request, reply) => {
		const { code, lastDay } = bodyOf(request);
		found(reply, sandbox.expire(String(code ?? ''), textOrNothing(lastDay)));
	});

	app.post('/__sandbox/coupons', (request, reply) => {
		const given = bodyOf(request) as unknown as GivenCoupons;
		const coupons = sandbox.give({ ...given, customer: customerOfBody(request.body) });
		found(reply, coupons && { given: coupons.length, coupons: coupons.slice(0, DEFAULT_PAGE) });
	});

	app.post('/__sandbox/revoke-token', async (request) => {
		return { revoked: sandbox.revokeTokens(textOrNothing(bodyOf(request).clientKey)) };
	});
}

/** Mistakes in a request of a test are told to it, not hidden behind a 500. */
function answer(reply: FastifyReply, action: () => unknown): void {
	try {
		void reply.send(action());
	} catch (error) {
		void reply.code(400).send({ error: error instanceof Error ? error.message : String(error) });
	}
}

function found(reply: FastifyReply, result: object | undefined): void {
	if (result) void reply.send(result);
	else void reply.code(404).send({ error: 'No such coupon, customer or series' });
}

function textOrNothing(value: unknown): string | undefined {
	return value === undefined ? undefined : String(value);
}

function bodyOf(request: FastifyRequest): Record<string, unknown> {
	return isObject(request.body) ? request.body : {};
}

/** `?from=&limit=`; without `from` the newest ones. */
function page(request: FastifyRequest, total: number): { from: number; limit: number } {
	const query = request.query as Query;
	const limit = Math.max(0, toInteger(queryValue(query, 'limit')) ?? DEFAULT_PAGE);
	const from = toInteger(queryValue(query, 'from')) ?? total - limit;
	return { from: Math.max(0, from), limit };
}

function fromJson(rule: JsonRule): FaultRule {
	if (!isObject(rule)) throw new Error('A fault is an object with "fault" and maybe "match"');
	const { pathPattern, ...match } = rule.match ?? {};
	if (pathPattern === undefined) return { match, fault: rule.fault };
	return { match: { ...match, path: new RegExp(pathPattern) }, fault: rule.fault };
}
