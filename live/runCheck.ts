import { baseUrl } from '../nodes/shared/auth/host';
import { Limits } from './Limits';
import { PROBES } from './probes';
import { type Asked, Reads } from './Reads';
import { type Finding, lineOf, reportOf } from './report';
import type { Safe } from './safe';
import { verdictOf } from './Verdict';
import { Wire } from './Wire.cts';
import { type Agreed, Writes } from './Writes';

/** Calls of one check, at most; a search of the rate limit comes beside them. */
const MOST_CALLS = 60;

/** What is to be checked, and how. */
export interface Check {
	host: string;
	asked: Asked;
	/** What may be issued and revoked; without series nothing is. */
	agreed: Agreed;
	/** So many calls at most look for the rate limit; 0 for no search. */
	burst: number;
	/** Only these probes, and what they need; all unless told. */
	only?: string[];
	/** Milliseconds between two calls. */
	paceMs?: number;
	print: (line: Safe) => void;
}

/**
 * Asks every probe, one after another.
 *
 * @returns the findings, and the report's text
 * @throws CredentialError when the host is none
 */
export async function runCheck(given: Check): Promise<{ findings: Finding[]; report: string }> {
	const { host, asked, agreed, burst, only, paceMs = 1_000, print } = given;
	const wire = await Wire.open({ target: baseUrl(host), most: MOST_CALLS, paceMs });
	const startedAt = new Date();
	try {
		const reads = new Reads(wire, asked);
		const sources = {
			reads,
			writes: new Writes(reads, agreed),
			limits: new Limits(reads, burst),
		};
		const findings: Finding[] = [];
		const probes = PROBES.filter(({ number }) => only === undefined || only.includes(number));
		for (const { number, question, answer } of probes) {
			const verdict = await verdictOf(async () => await answer(sources));
			const finding = { number, question, verdict };
			findings.push(finding);
			print(lineOf(finding));
		}
		return { findings, report: reportOf(findings, wire.exchanges, startedAt) };
	} finally {
		await wire.close();
	}
}
