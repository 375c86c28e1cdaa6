import type { Customer } from '../../live/Reads';
import type { Finding } from '../../live/report';
import { runCheck } from '../../live/runCheck';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/server';

export interface Wanted {
	options?: SandboxOptions;
	series?: number[];
	rateLimit?: boolean;
	twoAtOnce?: boolean;
	tokenWaitMs?: number;
	only?: string[];
	/** Where the check goes, when not straight to the sandbox. */
	hostOf?: (sandbox: Sandbox) => Promise<string>;
}

/** What a run of the check has shown. */
export interface Shown {
	/** Findings by their number: the result, and how. */
	found: Map<string, Finding['verdict']>;
	report: string;
	screen: string;
	sandbox: Sandbox;
}

export const COLLECTOR: Customer = { type: 'externalId', value: 'COLLECTOR' };
const collector = { externalId: COLLECTOR.value };

/** Runs the check against a sandbox, without its pace. Its customer holds coupons of every kind. */
export async function shownBy(wanted: Wanted = {}): Promise<Shown> {
	const { options, series = [], rateLimit = false, twoAtOnce = false, tokenWaitMs = 0 } = wanted;
	const sandbox = await createSandbox({ tokenLifeSeconds: 3_600, ...options });
	try {
		const issuedAt = Date.parse('2025-01-01T10:00:00Z');
		sandbox.give({ customer: collector, seriesId: 544770, issuedAt, validTill: '2025-03-31' });
		const [used] = sandbox.give({ customer: collector, seriesId: 960041, issuedAt }) ?? [];
		sandbox.redeem(used?.code ?? '');
		const screen: string[] = [];
		const { findings, report } = await runCheck({
			host: (await wanted.hostOf?.(sandbox)) ?? sandbox.url,
			asked: {
				basic: { authentication: 'basic', ...sandbox.credentials.basic },
				oauth: { authentication: 'oauth', ...sandbox.credentials.oauth },
				customer: COLLECTOR,
				tokenWaitMs,
			},
			agreed: { series: series.map(String), twoAtOnce, revoke: series.length > 0 },
			burst: rateLimit ? 30 : 0,
			only: wanted.only,
			paceMs: 0,
			print: (line) => screen.push(String(line)),
		});
		return {
			found: new Map(findings.map(({ number, verdict }) => [number, verdict])),
			report,
			screen: screen.join('\n'),
			sandbox,
		};
	} finally {
		await sandbox.close();
	}
}

/** The numbers of a result, in order. */
export function numbersOf({ found }: Shown, result: string): string[] {
	return [...found]
		.filter(([, verdict]) => verdict.result === result)
		.map(([number]) => number)
		.sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
}
