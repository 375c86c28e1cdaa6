import { createHash } from 'node:crypto';

import type { INode } from 'n8n-workflow';

import { startChatModel } from './lib/chatModel.cts';
import type { Execution } from './lib/client.cts';
import { poll } from './lib/log.cts';
import { exampleFiles, outputOf, readExample, readyExample, withWorkflow } from './lib/runs.cts';
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

/** Runs an example from its trigger to its end. */
async function runExample(file: string, trigger: string): Promise<Execution> {
	return await withWorkflow(client, readyExample(file), [basic], async (workflow) => {
		const execution = await client.runFrom(workflow, trigger);
		expect(execution.data.resultData.error).toBeUndefined();
		expect(execution.status).toBe('success');
		return execution;
	});
}

/** Calls the example's webhook; with what the caller gets, and the execution. */
async function call(file: string, path: string, body?: Row) {
	return await withWorkflow(client, readyExample(file), [basic], async (workflow) => {
		await client.activate(workflow);
		const method = body ? 'POST' : 'GET';
		const { status, body: answer } = await client.webhook(path, body, { method });
		return { status, answer, execution: await client.lastExecution(workflow) };
	});
}

describe('every example', () => {
	const files = exampleFiles();

	it('there are at least ten, with names of their own', () => {
		expect(files.length).toBeGreaterThanOrEqual(10);
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

	it.each(files)(
		'%s asks for a series, so that one click after the import issues nothing',
		(file) => {
			const { nodes } = readExample(file);
			const wanting = nodes.filter(({ parameters: { operation } }) =>
				['issue', 'issueMultiple', 'revoke'].includes(String(operation)),
			);

			expect(wanting.map(({ parameters }) => parameters['seriesId'])).toEqual(
				wanting.map(() => ({ __rl: true, mode: 'list', value: '' })),
			);
		},
	);

	it.each(files)(
		'%s says how to try it safely where it issues, in the words of the editor',
		(file) => {
			const { nodes } = readExample(file);
			const notes = nodes.map(({ parameters }) => String(parameters['content'] ?? '')).join('\n');
			const issues = nodes.some(({ parameters: { operation } }) =>
				String(operation).startsWith('issue'),
			);

			expect(notes.includes('Try it safely')).toBe(issues);
			expect(notes.includes('test organization')).toBe(issues);
			expect(notes).not.toMatch(/activate|run out|mend /i);
		},
	);

	it.each(files)('%s has its data in tables or in fields, not in code', (file) => {
		expect(readExample(file).nodes.map(({ type }) => type)).not.toContain('n8n-nodes-base.code');
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

	it('answers a repeated call with the same code', async () => {
		const first = await run({ mobile: ASHA.mobile });
		const second = await run({ mobile: ASHA.mobile });

		expect(await sandbox.ledger()).toHaveLength(1);
		expect(second.status).toBe(200);
		expect(second.answer).toEqual(first.answer);
	});

	it('issues nothing before a series was chosen', async () => {
		const example = readExample('issue-coupon-on-webhook.json');
		const answer = await withWorkflow(client, example, [basic], async (workflow) => {
			await client.activate(workflow);
			return await client.webhook('issue-coupon', { mobile: ASHA.mobile });
		});

		expect(await sandbox.calls()).toEqual([]);
		expect(answer.status).toBe(422);
		expect(answer.body?.['error']).toContain('Series');
	});

	it('answers with the sentence when Capillary refuses', async () => {
		const { status, answer } = await run({ mobile: '910000000000' });

		expect(await sandbox.ledger()).toEqual([]);
		expect(status).toBe(422);
		expect(answer).toEqual({ error: expect.stringContaining('701') });
	});
});

describe('bulk-issue-from-table.json', () => {
	const FILE = 'bulk-issue-from-table.json';
	const run = async () => outputOf(await runExample(FILE, 'Start'), 'All rows');

	beforeEach(async () => await client.deleteTables());

	it('writes into each row its own code, or what went wrong', async () => {
		const rows = await run();

		const issued = await sandbox.ledger();
		const codeOf = (id: number) => issued.find(({ customerId }) => customerId === id)?.code;
		expect(issued).toHaveLength(3);
		expect(rows).toMatchObject([
			{ name: 'Asha Rao', status: 'issued', code: codeOf(374658850) },
			{ name: 'Tom Hills', status: 'issued', code: codeOf(555567088) },
			{ name: 'Nobody knows', status: 'not issued', note: expect.stringContaining('701') },
			{ name: 'Number forgotten', status: 'not issued', note: expect.stringContaining('Mobile') },
			{ name: 'Tom Sawyer', status: 'issued', code: codeOf(98662653) },
		]);
	});

	it('issues no more when it is run again, and keeps the codes', async () => {
		const codes = (rows: Row[]) => rows.map(({ code }) => code);
		const first = await run();
		const second = await run();

		expect(await sandbox.ledger()).toHaveLength(3);
		expect(codes(second)).toEqual(codes(first));
	});

	it('finds the coupon whose answer was lost', async () => {
		await sandbox.fault({ kind: 'lostAfter' }, { path: ISSUE, customer: '11223569865', count: 1 });
		const rows = await run();

		const issued = await sandbox.ledger();
		expect(issued).toHaveLength(3);
		expect(rows.find(({ name }) => name === 'Tom Hills')).toMatchObject({
			status: 'issued',
			code: issued.find(({ customerId }) => customerId === 555567088)?.code,
		});
	});

	it('may be stopped in the middle and started again: everybody has one coupon', async () => {
		const COUNT = 120;
		const customers = Array.from({ length: COUNT }, (_, n) => ({
			name: `Customer ${n}`,
			mobile: String(919_900_000_000 + n),
		}));
		const example = readyExample(FILE);
		const sample = example.nodes.find(({ name }) => name === 'Sample customers');
		Object.assign(sample?.parameters ?? {}, { jsonOutput: JSON.stringify({ customers }) });
		await sandbox.control('POST', '/settings', { latencyMs: 200 });

		const rows = await withWorkflow(client, example, [basic], async (workflow) => {
			const first = await client.startFrom(workflow, 'Start');
			const isInTheMiddle = async () => (await sandbox.ledger()).length > COUNT / 2 || undefined;
			await poll(isInTheMiddle, { everyMs: 20, what: 'no coupons are issued' });
			expect((await client.stop(first)).status).toBe('canceled');
			expect((await sandbox.ledger()).length).toBeLessThan(COUNT);
			return outputOf(await client.runFrom(workflow, 'Start'), 'All rows');
		});

		const issued = await sandbox.ledger();
		expect(new Set(issued.map(({ customerId }) => customerId)).size).toBe(COUNT);
		expect(issued).toHaveLength(COUNT);
		expect(rows.map(({ code }) => code).sort()).toEqual(issued.map(({ code }) => code).sort());
	});
});

describe('take-back-a-campaign.json', () => {
	/** Issues to the sample rows, asks, and gives the answer. */
	async function takeBack(answer: 'Yes' | 'No') {
		await client.deleteTables();
		await runExample('bulk-issue-from-table.json', 'Start');
		const example = readyExample('take-back-a-campaign.json');
		return await withWorkflow(client, example, [basic], async (workflow) => {
			const id = await client.startFrom(workflow, 'Start');
			const [question] = outputOf(await client.waitingExecution(id), 'Ask a person');
			expect(question?.['subject']).toBe('Take back 3 coupons?');
			const link = /http\S+/.exec(String(question?.['text']))?.[0] ?? '';
			const form = new FormData();
			form.set('field-0', answer);
			await fetch(link, { method: 'POST', body: form });
			return await client.execution(id);
		});
	}

	it('takes all coupons of the campaign back when the person says yes', async () => {
		const execution = await takeBack('Yes');

		const issued = await sandbox.ledger();
		expect(execution.status).toBe('success');
		expect(issued).toHaveLength(3);
		expect(issued.every(({ revokedAt }) => revokedAt !== undefined)).toBe(true);
		// They were issued at the same time, so their order differs.
		const written = outputOf(execution, 'Write back').map(
			({ code, status }) => `${code} ${status}`,
		);
		expect(written.sort()).toEqual(issued.map(({ code }) => `${code} taken back`).sort());
	});

	it('takes nothing back when the person says no', async () => {
		const execution = await takeBack('No');

		expect(execution.status).toBe('success');
		expect(outputOf(execution, 'Nothing is taken back')).toHaveLength(1);
		expect((await sandbox.ledger()).some(({ revokedAt }) => revokedAt !== undefined)).toBe(false);
	});
});

describe('birthday-coupon.json', () => {
	it('gives one coupon a birthday, and tells the day on which it expires at the customer', async () => {
		const run = async () => await runExample('birthday-coupon.json', 'Start by hand');
		const first = await run();
		const second = await run();

		const issued = await sandbox.ledger();
		const [{ validTill } = { validTill: '' }] = outputOf(first, 'Issue Coupon');
		const day = new Intl.DateTimeFormat('en-GB', {
			timeZone: 'Asia/Kolkata',
			day: 'numeric',
			month: 'long',
			year: 'numeric',
		}).format(new Date(String(validTill)));
		expect(issued).toHaveLength(1);
		expect(outputOf(first, 'Write the e-mail')).toEqual([
			{
				to: 'asha.rao@example.com',
				subject: 'Happy birthday, Asha Rao!',
				text: expect.stringContaining(`Your code: ${issued[0]?.code}\nValid until ${day}\n`),
			},
		]);
		expect(outputOf(second, 'Write the e-mail')).toEqual(outputOf(first, 'Write the e-mail'));
		expect(outputOf(first, 'Tell the team')).toEqual([
			{
				subject: 'No birthday coupon for Nobody knows',
				text: expect.stringContaining('701'),
			},
		]);
	});
});

describe('coupon-for-those-without.json', () => {
	it('issues to a customer who holds none, and then no more', async () => {
		const run = async () => await runExample('coupon-for-those-without.json', 'Start');
		const first = await run();
		const second = await run();

		const issued = await sandbox.ledger();
		expect(issued).toHaveLength(1);
		expect(outputOf(first, 'Issued')).toEqual([
			{ name: 'Asha Rao', mobile: ASHA.mobile, code: issued[0]?.code },
		]);
		expect(outputOf(second, 'Issued')).toEqual([]);
		expect(outputOf(first, 'Not read or not issued')).toMatchObject([{ name: 'Nobody knows' }]);
	});
});

describe('stop-follow-up-when-redeemed.json', () => {
	const FILE = 'stop-follow-up-when-redeemed.json';
	const TOM = { name: 'Tom', email: 'tom.sawyer@example.com', mobile: '9988776655' };

	async function followUp(code: string): Promise<Execution> {
		const example = readExample(FILE);
		const wait = example.nodes.find(({ name }) => name === 'Three days later');
		Object.assign(wait?.parameters ?? {}, { amount: 0, unit: 'seconds' });
		return await withWorkflow(client, example, [basic], async (workflow) => {
			await client.activate(workflow);
			await client.webhook('coupon-was-sent', { ...TOM, code });
			return await client.lastExecution(workflow);
		});
	}

	it('reminds of a coupon that is unredeemed', async () => {
		const execution = await followUp('abAB123');

		expect(execution.status).toBe('success');
		expect(outputOf(execution, 'Write the e-mail')).toEqual([
			{
				to: TOM.email,
				subject: 'Your coupon is waiting for you',
				text: expect.stringContaining('abAB123'),
			},
		]);
	});

	it.each(['6WRNA5UM', 'NOSUCHCODE'])('sends nothing for %s', async (code) => {
		const execution = await followUp(code);

		expect(execution.status).toBe('success');
		expect(outputOf(execution, 'Write the e-mail')).toEqual([]);
		expect(outputOf(execution, 'Redeemed: no reminder')).toHaveLength(1);
	});
});

describe('look-up-coupon-at-the-till.json', () => {
	const run = async (query: string) =>
		await call('look-up-coupon-at-the-till.json', `check-coupon${query}`);

	it.each([
		['5875447216353555', false],
		['vmqvzcvymt', true],
	])('tells what coupon %s is worth and whether it has expired', async (code, isExpired) => {
		const { status, answer } = await run(`?code=${code}`);

		expect(status).toBe(200);
		expect(answer).toEqual({
			code,
			description: expect.any(String),
			discountType: 'ABS',
			discountValue: expect.any(Number),
			discountOn: 'BILL',
			validTill: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
			isExpired,
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

describe('remind-of-expiring-coupons.json', () => {
	const SAWYER = '9988776655';

	/** The sandbox's own answer, in which some coupons expire after so many days. */
	async function lettingExpire(daysByCode: Record<string, number>) {
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

	it('writes one e-mail for each customer, with all the coupons that expire', async () => {
		await lettingExpire({ abAB123: 3, '6WRNA5UM': 6, vmqvzcvymt: -1 });
		const execution = await runExample('remind-of-expiring-coupons.json', 'Start by hand');

		expect(outputOf(execution, 'Get Customer Coupons').length).toBeGreaterThan(250);
		expect(outputOf(execution, 'Write the e-mail')).toEqual([
			{
				to: 'tom.sawyer@example.com',
				subject: 'Your coupons expire this week',
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
			notes: `Execution ${execution.id}`,
			reason: 'Tenth purchase',
			sourceActivity: 'Milestone',
			sourceId: 'Tenth purchase',
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

	it('gives the same codes when it is called twice, and others for another milestone', async () => {
		const codesOf = async (milestone: string) => {
			const { execution } = await call(FILE, 'milestone-reached', { ...ASHA, milestone });
			return outputOf(execution, 'All codes')
				.flatMap(({ codes }) => codes as string[])
				.sort();
		};
		const first = await codesOf('Tenth purchase');

		expect(first).toHaveLength(3);
		expect(await codesOf('Tenth purchase')).toEqual(first);
		const other = await codesOf('Twentieth purchase');
		expect(other).toHaveLength(3);
		expect(other.filter((code) => first.includes(code))).toEqual([]);
		expect(await sandbox.ledger()).toHaveLength(6);
	});

	it('sends what there is of a partial success, and tells the team', async () => {
		const file = readyExample(FILE);
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
				// Once more, as a model sometimes does: the customer gets no second coupon.
				[{ name: 'Issue_one_coupon', arguments: { mobile: ASHA.mobile } }],
				[{ name: 'Issue_one_coupon', arguments: { mobile: ASHA.mobile } }],
			]);
			const execution = await withWorkflow(
				client,
				readyExample('ai-agent-with-coupon-tools.json'),
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
