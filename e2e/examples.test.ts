import { createHash } from 'node:crypto';

import type { INode } from 'n8n-workflow';

import { startChatModel } from './lib/chatModel.cts';
import { exampleFiles, outputOf, readExample, withWorkflow } from './lib/runs.cts';
import { series } from './lib/workflow.cts';
import { world } from './lib/world.cts';

type Box = { left: number; top: number; right: number; bottom: number };
type Row = Record<string, unknown>;

const { client, credentials, sandbox } = world();
const { basic } = credentials;

const ASHA = { name: 'Asha', email: 'asha@example.com', mobile: '918028464628' };
const ISSUE = '/v2/coupon/issue';
const STICKY = 'n8n-nodes-base.stickyNote';

beforeEach(sandbox.reset);

/** Calls the example's webhook; with what the caller gets, and the execution. */
async function call(file: string, path: string, body?: Row) {
	return await withWorkflow(client, readExample(file), [basic], async (workflow) => {
		await client.activate(workflow);
		const method = body ? 'POST' : 'GET';
		const { status, body: answer } = await client.webhook(path, body, { method });
		return { status, answer, execution: await client.lastExecution(workflow) };
	});
}

describe('every example', () => {
	const files = exampleFiles();

	it('there are at least six, with names of their own', () => {
		expect(files.length).toBeGreaterThanOrEqual(6);
		expect(new Set(files.map((file) => readExample(file).name)).size).toBe(files.length);
	});

	it.each(files)('%s is tidy on the canvas', (file) => {
		const { nodes } = readExample(file);
		const notes = nodes.filter(({ type }) => type === STICKY);
		const steps = nodes.filter(({ type }) => type !== STICKY);
		const boxes = [...notes.map(noteBox), ...steps.map(nodeBox)];

		expect(notes.length).toBeGreaterThan(0);
		for (const { position } of nodes) {
			expect(position.map((at: number) => Math.abs(at % 16))).toEqual([0, 0]);
		}
		const overlaps = boxes.flatMap((box, at) =>
			boxes
				.slice(at + 1)
				.filter((other) => overlap(box, other))
				.map((other) => ({ box, other })),
		);
		expect(overlaps).toEqual([]);
	});

	it.each(files)('%s names its credentials without an ID', (file) => {
		const used = readExample(file).nodes.flatMap(({ credentials: own = {} }) => Object.values(own));

		expect(used.length).toBeGreaterThan(0);
		expect(used).toEqual(used.map(() => ({ id: '', name: expect.stringMatching(/ account$/) })));
	});

	it.each(files)('%s connects all its nodes', (file) => {
		const { nodes, connections } = readExample(file);
		const names = nodes.filter(({ type }) => type !== STICKY).map(({ name }) => name);
		const targets = Object.values(connections).flatMap((kinds) =>
			Object.values(kinds).flatMap((outputs) =>
				outputs.flatMap((links) => links?.map(({ node }) => node)),
			),
		);
		const linked = new Set([...Object.keys(connections), ...targets]);

		expect([...linked].sort()).toEqual([...names].sort());
	});
});

describe('issue-coupon-on-webhook.json', () => {
	const run = async (body: Row) => await call('issue-coupon-on-webhook.json', 'issue-coupon', body);

	it('answers with the coupon', async () => {
		const { status, answer } = await run({ mobile: ASHA.mobile });

		const issued = await sandbox.ledger();
		expect(issued).toHaveLength(1);
		expect(status).toBe(200);
		expect(answer).toEqual({
			code: issued[0]?.code,
			description: 'Gold star coupons',
			validTill: expect.any(String),
		});
	});

	it('answers with the sentence when Capillary refuses', async () => {
		const { status, answer } = await run({ mobile: '910000000000' });

		expect(await sandbox.ledger()).toEqual([]);
		expect(status).toBe(422);
		expect(answer).toEqual({ error: expect.stringContaining('701') });
	});
});

describe('bulk-issue-from-table.json', () => {
	const run = async () =>
		await withWorkflow(
			client,
			readExample('bulk-issue-from-table.json'),
			[basic],
			async (workflow) => {
				const execution = await client.runFrom(workflow, 'Start');
				expect(execution.status).toBe('success');
				return {
					asked: outputOf(execution, 'Customers'),
					rows: outputOf(execution, 'All rows'),
				};
			},
		);

	it('gives each row back once, with its own code or with what went wrong', async () => {
		const { asked, rows } = await run();

		const issued = await sandbox.ledger();
		const codeOf = (id: number) => issued.find(({ customerId }) => customerId === id)?.code;
		expect(issued).toHaveLength(3);
		expect(rows.map(({ row }) => row).sort()).toEqual(asked.map(({ row }) => row));
		const done = rows.filter(({ status }) => status === 'issued');
		expect(done.map(({ row, mobile, code }) => ({ row, mobile, code }))).toEqual([
			{ row: 1, mobile: '918028464628', code: codeOf(374658850) },
			{ row: 2, mobile: '11223569865', code: codeOf(555567088) },
			{ row: 5, mobile: '9988776655', code: codeOf(98662653) },
		]);
		expect(rows.filter(({ status }) => status === 'not issued')).toMatchObject([
			{ row: 3, name: 'Nobody knows', note: expect.stringContaining('701') },
			{ row: 4, name: 'Number forgotten', note: expect.stringContaining('Mobile Number') },
		]);
	});

	it('keeps apart the row whose coupon may have been issued', async () => {
		await sandbox.fault({ kind: 'lostAfter' }, { path: ISSUE, customer: '11223569865' });
		const { asked, rows } = await run();

		expect(await sandbox.ledger()).toHaveLength(3);
		expect(rows).toHaveLength(asked.length);
		expect(rows.filter(({ status }) => status === 'check first')).toMatchObject([
			{ row: 2, code: '', note: expect.stringContaining('may have been issued') },
		]);
		expect(rows.filter(({ status }) => status === 'issued')).toHaveLength(2);
	});
});

describe('look-up-coupon-at-the-till.json', () => {
	const run = async (query: string) =>
		await call('look-up-coupon-at-the-till.json', `check-coupon${query}`);

	it.each([
		['5875447216353555', false],
		['vmqvzcvymt', true],
	])('tells what coupon %s is worth and whether it has run out', async (code, hasRunOut) => {
		const { status, answer } = await run(`?code=${code}`);

		expect(status).toBe(200);
		expect(answer).toEqual({
			code,
			description: expect.any(String),
			discountType: 'ABS',
			discountValue: expect.any(Number),
			discountOn: 'BILL',
			validTill: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
			hasRunOut,
		});
		expect(await sandbox.ledger()).toEqual([]);
	});

	it('answers 404 for a code that does not exist', async () => {
		const { status, answer } = await run('?code=NOSUCHCODE');

		expect(status).toBe(404);
		expect(answer?.['error']).toContain('780');
	});

	it('answers 400 without a code, and asks nothing', async () => {
		const { status, answer } = await run('');

		expect(status).toBe(400);
		expect(answer?.['error']).toContain('Lookup Values');
		expect(await sandbox.calls()).toEqual([]);
	});

	it('answers 502 when Capillary cannot tell', async () => {
		await sandbox.fault({ kind: 'status', status: 500, body: 'html' }, {});

		expect((await run('?code=5875447216353555')).status).toBe(502);
	});
});

describe('remind-of-coupons-that-run-out.json', () => {
	const SAWYER = '9988776655';

	/** The sandbox's own answer, in which some coupons run out after so many days. */
	async function lettingRunOut(daysByCode: Record<string, number>) {
		const { username, password } = (await sandbox.control('GET', '')).credentials.basic;
		const login = Buffer.from(
			`${username}:${createHash('md5').update(password).digest('hex')}`,
		).toString('base64');
		const response = await fetch(`${sandbox.url}/v1.1/customer/coupons?mobile=${SAWYER}`, {
			headers: { authorization: `Basic ${login}` },
		});
		const body = (await response.json()) as {
			response: { customers: { customer: [{ coupons: { coupon: Row[] } }] } };
		};
		const { coupon } = body.response.customers.customer[0].coupons;
		for (const one of coupon) {
			const days = daysByCode[String(one.code)];
			if (days !== undefined) one.valid_till = inDays(days);
		}
		await sandbox.fault({ kind: 'raw', status: 200, body }, { customer: SAWYER });
	}

	it('writes one e-mail for each customer, with all the coupons that run out', async () => {
		await lettingRunOut({ abAB123: 3, '6WRNA5UM': 6, vmqvzcvymt: -1 });
		const file = readExample('remind-of-coupons-that-run-out.json');
		const execution = await withWorkflow(
			client,
			file,
			[basic],
			async (workflow) => await client.runFrom(workflow, 'Start by hand'),
		);

		expect(execution.status).toBe('success');
		expect(outputOf(execution, 'Get Customer Coupons').length).toBeGreaterThan(250);
		expect(outputOf(execution, 'Write the e-mail')).toEqual([
			{
				to: 'tom.sawyer@example.com',
				subject: 'Your coupons run out this week',
				text: expect.stringContaining('Hello Tom Sawyer,'),
			},
		]);
		const [{ text } = { text: '' }] = outputOf(execution, 'Write the e-mail');
		expect(text).toContain(`abAB123: Festival coupon, until ${inDays(3).slice(0, 10)}\n`);
		expect(text).toContain(`6WRNA5UM: Gold star coupons, until ${inDays(6).slice(0, 10)}\n`);
		expect(text).not.toContain('vmqvzcvymt');
		expect(outputOf(execution, 'Could not be read')).toMatchObject([
			{ name: 'Nobody knows', error: expect.stringMatching(/customer/i) },
		]);
		expect(await sandbox.ledger()).toEqual([]);
	});
});

describe('reward-milestone-with-coupons.json', () => {
	const FILE = 'reward-milestone-with-coupons.json';
	const reached = { ...ASHA, milestone: 'Tenth purchase' };

	it('issues three coupons and writes one e-mail with all codes', async () => {
		const { status, execution } = await call(FILE, 'milestone-reached', reached);

		const issued = await sandbox.ledger();
		expect(status).toBe(200);
		expect(execution.status).toBe('success');
		expect(issued).toHaveLength(3);
		expect(issued[0]?.metadata).toEqual({
			reason: 'Tenth purchase',
			sourceActivity: 'Milestone',
			sourceId: execution.id,
			sourceType: 'n8n',
		});
		const [email, ...more] = outputOf(execution, 'Write the e-mail');
		expect(more).toEqual([]);
		expect(email).toMatchObject({
			to: ASHA.email,
			subject: 'Tenth purchase: 3 coupons for you',
			text: expect.stringContaining('Hello Asha,'),
		});
		expect(email?.['text']).toContain(issued.map(({ code }) => code).join('\n'));
		expect(outputOf(execution, 'Tell the team')).toEqual([]);
	});

	it('sends what there is of a partial success, and tells the team', async () => {
		const file = readExample(FILE);
		const node = file.nodes.find(({ name }) => name === 'Issue three coupons');
		Object.assign(node?.parameters ?? {}, { seriesId: series(318901), count: 5 });
		const execution = await withWorkflow(client, file, [basic], async (workflow) => {
			await client.activate(workflow);
			await client.webhook('milestone-reached', reached);
			return await client.lastExecution(workflow);
		});

		const codes = (await sandbox.ledger()).map(({ code }) => code);
		const [email] = outputOf(execution, 'Write the e-mail');
		expect(codes).toHaveLength(3);
		expect(email?.['text']).toContain(codes.join('\n'));
		expect(outputOf(execution, 'Tell the team')).toEqual([
			{
				subject: `Coupons for ${ASHA.mobile}: partial`,
				text: expect.stringContaining('3 of 5 coupons were issued'),
			},
		]);
	});

	it('writes no e-mail when nothing was issued', async () => {
		const stranger = { ...reached, mobile: '910000000000' };
		const { execution } = await call(FILE, 'milestone-reached', stranger);

		expect(await sandbox.ledger()).toEqual([]);
		expect(outputOf(execution, 'Write the e-mail')).toEqual([]);
		expect(outputOf(execution, 'Tell the team')).toMatchObject([
			{ subject: 'Coupons for 910000000000: refused' },
		]);
	});
});

describe('ai-agent-with-coupon-tools.json', () => {
	it('looks a coupon up and issues one, by a chat', async () => {
		const model = await startChatModel();
		const data = { apiKey: 'stand-in', url: model.url };
		const openAi = await client.createCredential({ name: 'Model', type: 'openAiApi', data });
		try {
			model.play([
				[{ name: 'Look_up_coupons', arguments: { codes: 'abAB123' } }],
				[{ name: 'Issue_one_coupon', arguments: { mobile: ASHA.mobile } }],
			]);
			const execution = await withWorkflow(
				client,
				readExample('ai-agent-with-coupon-tools.json'),
				[basic, openAi],
				async (workflow) =>
					await client.runFrom(workflow, 'When chat message received', {
						sessionId: 'examples',
						action: 'sendMessage',
						chatInput: `Give ${ASHA.mobile} a coupon like abAB123`,
					}),
			);

			const issued = await sandbox.ledger();
			expect(execution.status).toBe('success');
			expect(issued).toHaveLength(1);
			const [answer] = outputOf(execution, 'AI Agent');
			expect(answer?.['output']).toContain('Festival coupon');
			expect(answer?.['output']).toContain(issued[0]?.code);
		} finally {
			await client.deleteCredential(openAi.id);
			await model.close();
		}
	});
});

function inDays(days: number): string {
	const time = Date.now() + days * 24 * 60 * 60 * 1000;
	return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

function noteBox({ position: [left, top], parameters: { width, height } }: INode): Box {
	return { left, top, right: left + Number(width), bottom: top + Number(height) };
}

/** A node with the room that its name needs below it. */
function nodeBox({ type, position: [left, top] }: INode): Box {
	const width = type.endsWith('.agent') ? 256 : 96;
	return { left: left - 16, top, right: left + width + 16, bottom: top + 96 + 48 };
}

function overlap(a: Box, b: Box): boolean {
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
