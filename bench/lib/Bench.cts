import { randomUUID } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { INode } from 'n8n-workflow';

import type { Case } from './cases.cts';
import { flow } from './flow.cts';
import {
	type Credential,
	installNode,
	type N8n,
	N8nClient,
	OWNER,
	PACKAGE,
	poll,
	type Sandbox,
	startN8n,
	temporaryFolder,
} from './n8n.cts';
import { md5 } from './prepare.cts';
import { cpuMs, forgetPeak, memoryMb } from './process.cts';

/** One run of a workflow. */
export interface Measured {
	/** What n8n notes as the run time of the steps. */
	nodeMs: number;
	/** What n8n's process computed: without waiting, and without what others did on the machine. */
	cpuMs: number;
	/** The most memory n8n's process held. */
	peakMb: number;
	/** How many items came out. */
	out: number;
	/** How many calls the API received. */
	calls: number;
	/** How many coupons were issued. */
	issued: number;
	/** The execution's. */
	status: string;
}

/** A workflow that is ready to be called. */
export interface Installed {
	path: string;
	id: string;
	steps: INode[];
	remove: () => Promise<void>;
}

export interface BenchOptions {
	tarball: string;
	sandbox: Sandbox;
	env?: NodeJS.ProcessEnv;
	/** A folder to use in place of the packed `dist`. */
	dist?: string;
}

/** Steps that only prepare the input of ours are not counted. */
const UNCOUNTED = ['First'];

/** One n8n and a sandbox, in processes of their own: runs a case's workflows, reads n8n's own clock. */
export class Bench {
	private constructor(
		readonly client: N8nClient,
		readonly sandbox: Sandbox,
		readonly n8n: N8n,
	) {}

	/** Starts an n8n with the packed node. */
	static async start({ tarball, sandbox, env, dist }: BenchOptions): Promise<Bench> {
		const userFolder = temporaryFolder('bench');
		installNode(userFolder, tarball);
		if (dist) {
			const target = join(packageFolder(userFolder), 'dist');
			rmSync(target, { recursive: true });
			cpSync(dist, target, { recursive: true });
		}
		const n8n = await startN8n({ userFolder, env });
		const client = new N8nClient(n8n.url);
		await client.signIn(OWNER);
		return new Bench(client, sandbox, n8n);
	}

	/** Where the node is installed. */
	get packageFolder(): string {
		return packageFolder(this.n8n.userFolder);
	}

	private shared?: Promise<Credential[]>;

	private runs = 0;

	/** The credentials of ours and of the HTTP Request node that all warm runs use. */
	async credentials(): Promise<Credential[]> {
		return await (this.shared ??= this.newCredentials());
	}

	/** New ones, about which the node has learnt nothing yet. */
	async newCredentials(): Promise<Credential[]> {
		const { basic } = this.sandbox.accounts;
		const user = { user: basic['username'], password: md5(basic['password']) };
		return [
			await this.client.createCredential({ name: 'Ours', type: 'capillaryApi', data: basic }),
			await this.client.createCredential({ name: 'Theirs', type: 'httpBasicAuth', data: user }),
		];
	}

	/** Imports the workflow of some steps. */
	async install(steps: INode[], credentials?: Credential[]): Promise<Installed> {
		const path = randomUUID();
		const { client } = this;
		const linked = credentials ?? (await this.credentials());
		const workflow = await client.importWorkflow(flow(path, steps), linked);
		await client.activate(workflow);
		const remove = async () => await client.deleteWorkflow(workflow);
		return { path, id: workflow.id, steps, remove };
	}

	/** Makes the sandbox answer as a case wants it. */
	async setSandbox({ issues, latencyMs, rateLimit }: Partial<Case>): Promise<void> {
		if (issues) await this.sandbox.control('POST', '/reset');
		await this.sandbox.control('POST', '/settings', { latencyMs, rateLimit: rateLimit ?? null });
	}

	/** The ID of a workflow's newest execution, if there is one. */
	private async newestOf(workflow: string): Promise<string | undefined> {
		const attempt = async () => {
			try {
				return { id: (await this.client.executions(workflow))[0]?.id };
			} catch (error) {
				// So n8n answers for a moment after 10,000 items have kept its thread busy.
				if (String(error).includes('Database is not ready')) return undefined;
				throw error;
			}
		};
		return (await poll(attempt, { what: "n8n's database does not get ready" })).id;
	}

	/** Runs an installed workflow once. */
	async run({ path, id, steps }: Installed, measured: Case): Promise<Measured> {
		const { client, sandbox, n8n } = this;
		await this.setSandbox(measured);
		const before = await sandbox.control('GET', '/stats');
		const known = await this.newestOf(id);
		forgetPeak(n8n.pid);

		const cpuBefore = cpuMs(n8n.pid);
		this.runs += 1;
		await client.webhook(path, { items: measured.itemsOf?.(this.runs) ?? measured.items });
		const cpu = cpuMs(n8n.pid) - cpuBefore;
		const peakMb = memoryMb(n8n.pid, 'VmHWM');

		const attempt = async () => {
			const newest = await this.newestOf(id);
			return newest === known ? undefined : newest;
		};
		const execution = await poll(attempt, { what: 'n8n shows no execution of the workflow' });
		const { data, status } = await client.execution(execution);
		const after = await sandbox.control('GET', '/stats');
		const runs: Record<string, StepRun[] | undefined> = data.resultData.runData;
		const counted = steps.filter(({ name }) => !UNCOUNTED.includes(name));
		const times = counted.map(({ name }) => runs[name]?.at(-1)?.executionTime ?? 0);
		const last = runs[steps.at(-1)?.name ?? '']?.at(-1);
		return {
			nodeMs: times.reduce((sum, ms) => sum + ms, 0),
			cpuMs: cpu,
			peakMb,
			out: last?.data?.main?.[0]?.length ?? 0,
			calls: after.calls - before.calls,
			issued: after.issued - before.issued,
			status,
		};
	}
}

interface StepRun {
	executionTime?: number;
	data?: { main?: Array<unknown[] | null> };
}

function packageFolder(userFolder: string): string {
	return join(userFolder, '.n8n', 'nodes', 'node_modules', PACKAGE);
}
