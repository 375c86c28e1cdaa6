import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { code, headersOf, seconds, shape } from '../../live/safe';
import type { Exchange } from '../../live/Wire.cts';
import { type Shown, shownBy, type Wanted } from './support';

/** Stands before the sandbox and puts personal data into its answers; remembers all that it sent. */
class Gossip {
	/** Every text and number of every answer that could be somebody's. */
	readonly told = new Set<string>();

	private count = 0;

	private server?: Server;

	constructor(private readonly where: 'beside the data' | 'in every field') {}

	async open(target: string): Promise<string> {
		this.server = createServer((request, response) => {
			void this.answer(target, request.method, request.url, request.headers, request).then(
				({ status, headers, body }) => response.writeHead(status, headers).end(body),
			);
		});
		await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	async close(): Promise<void> {
		this.server?.closeAllConnections();
		await new Promise((resolve) => this.server?.close(resolve));
	}

	private async answer(
		target: string,
		method: string | undefined,
		url: string | undefined,
		headers: Record<string, string | string[] | undefined>,
		request: AsyncIterable<Buffer>,
	) {
		const parts: Buffer[] = [];
		for await (const part of request) parts.push(part);
		const ofConnection = ['host', 'connection', 'content-length'];
		const sent = Object.entries(headers).filter(([name]) => !ofConnection.includes(name));
		const reply = await fetch(target + String(url), {
			method,
			headers: Object.fromEntries(sent) as Record<string, string>,
			body: parts.length > 0 ? Buffer.concat(parts) : undefined,
		});
		const text = await reply.text();
		const body = text.startsWith('{') ? JSON.stringify(this.fill(JSON.parse(text))) : text;
		return {
			status: reply.status,
			headers: {
				'content-type': `${reply.headers.get('content-type')}; ${this.mark('name')}=${this.mark('name')}`,
				'x-cap-requestid': this.mark('asha.rao@example.com'),
				'x-ratelimit-limit': this.mark(''),
				[`x-${this.mark('lena')}`.toLowerCase()]: this.mark('token'),
				'set-cookie': `session=${this.mark('session')}`,
				location: `https://${this.mark('organization')}.example.com/`,
			},
			body: body.replace('<message>', `<message>${this.mark('Asha')}`),
		};
	}

	private fill(value: unknown): unknown {
		if (Array.isArray(value)) return value.map((one) => this.fill(one));
		if (typeof value === 'object' && value !== null) {
			const entries = Object.entries(value).map(([name, one]) => [name, this.fill(one)]);
			return Object.fromEntries([
				...entries,
				[this.mark('Asha Rao '), this.mark('918028')],
				[this.mark('customer'), { [this.mark('till')]: Number(this.mark('')) }],
			]);
		}
		if (this.where === 'in every field') {
			if (typeof value === 'string') return this.mark('Lena');
			return typeof value === 'number' ? Number(this.mark('')) : value;
		}
		// Codes, IDs and dates are somebody's too.
		const text = String(value);
		if (text === '320001') return value;
		if (/\d{5}/.test(text) || /^[A-Z]{4}.*\d|@|^\d{4}-/.test(text)) this.told.add(text);
		return value;
	}

	private mark(before: string): string {
		this.count += 1;
		const mark = `${before}${7_310_000_000 + this.count}`;
		this.told.add(mark);
		// The number alone must not come out either.
		this.told.add(String(7_310_000_000 + this.count));
		return mark;
	}
}

async function gossiped(where: Gossip['where'], wanted: Wanted): Promise<[Shown, Gossip]> {
	const gossip = new Gossip(where);
	try {
		const hostOf = async ({ url }: { url: string }) => await gossip.open(url);
		return [await shownBy({ ...wanted, hostOf }), gossip];
	} finally {
		await gossip.close();
	}
}

describe('the report, and the screen', () => {
	const everything: Wanted[] = [{}, { series: [868760, 960040, 239821], only: undefined }];

	it.each(['beside the data', 'in every field'] as const)(
		'hold nothing of personal data %s',
		async (where) => {
			for (const wanted of everything) {
				const [{ report, screen, sandbox }, { told }] = await gossiped(where, wanted);
				const given = sandbox.customers.flatMap(({ mobile, email, externalId }) => [
					mobile,
					email,
					externalId,
				]);
				const secrets = ['sandbox.till', 'loopback-only', 'sandbox-key', '127.0.0.1', sandbox.url];
				const shown = `${report}\n${screen}`;
				const leaks = [
					...told,
					...given,
					...secrets,
					...sandbox.ledger.map((one) => one.code),
				].filter((one) => one !== undefined && shown.toLowerCase().includes(one.toLowerCase()));
				expect(leaks).toEqual([]);
				expect(told.size).toBeGreaterThan(100);
			}
		},
		60_000,
	);

	it('hold nothing of a server that answers with other things than JSON', async () => {
		const bodies = [
			'<html>Asha Rao 7310000001</html>',
			'Asha 7310000001',
			'"7310000001"',
			'[7310000001]',
		];
		let calls = 0;
		const server = createServer((_, response) => {
			calls += 1;
			response.writeHead(200 + (calls % 3) * 100, { location: 'https://asha.example.com/' });
			response.end(bodies[calls % bodies.length]);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const hostOf = async () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const { report, screen } = await shownBy({ hostOf });
		server.closeAllConnections();
		server.close();
		expect(`${report}${screen}`).not.toMatch(/asha|7310000001/i);
	});
});

describe('what may stand in the report', () => {
	const exchange = (headers: Exchange['headers']) => ({ headers }) as Exchange;

	it('are codes that a page names, and no other number', () => {
		expect([701, '707', 566881933, 'Asha', null].map((one) => String(code(one)))).toEqual([
			'code 701',
			'code 707',
			'a code that no page names (9 digits)',
			'without a code',
			'without a code',
		]);
	});

	it('are durations up to a day', () => {
		expect([1_500, 9_180_284_646_280].map((ms) => String(seconds(ms)))).toEqual([
			'1.5 s',
			'more than a day',
		]);
	});

	it('are types of values, under names made of the words of the API', () => {
		const value = {
			code: 'ABC',
			couponIds: [1, 'a'],
			Asha: 1,
			till_Rao: { a: 1 },
			valid_till: null,
		};
		expect(String(shape(value))).toBe(
			'{ code: text, couponIds: [number | text], valid_till: null, 2 with other names }',
		);
	});

	it('are headers of a list, with numbers and media types alone', () => {
		const headers = {
			'retry-after': '30',
			'x-ratelimit-remaining': '918028464628',
			'x-cap-requestid': 'Asha',
			'content-type': 'text/html; charset=Asha',
			cookie: 'Asha',
		};
		expect(headersOf(exchange(headers)).map(String)).toEqual([
			'retry-after: 30',
			'x-ratelimit-remaining: a large number',
			'x-cap-requestid: text',
			'content-type: text/html',
		]);
	});
});
