import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { makeN8nHome, removeN8nHome } from '../test/support/n8nHome.cts';
import type { Customer } from './Reads';
import type { Check } from './runCheck';
import { Terminal } from './Terminal.cts';

const REPORT = 'live-report.md';

const HELP = `Compares a live Capillary with the sandbox's guesses, and writes ${REPORT}.

Usage: npm run check:live -- [options]

It asks for the host and the login, or reads them from the environment: CAPILLARY_HOST,
CAPILLARY_USERNAME and CAPILLARY_PASSWORD, CAPILLARY_CLIENT_KEY and CAPILLARY_CLIENT_SECRET.
Without options it only reads: at most 60 calls, one a second.

  --customer <type>=<value>  whose coupons are read, and who gets those of --issue; the type is
                             mobile, email, externalId or id
  --issue <series>           issues coupons of this series; can be repeated
  --two-at-once              with --issue: two coupons at the same moment
  --revoke                   with --issue: takes the issued coupons back afterwards
  --rate-limit               searches for the rate limit, by up to 1000 reads without a pause
  --wait-for-token           waits until a token has expired, however long that takes
  --only <numbers>           only these probes, for example G21,G26
  --yes                      does not ask before it issues
  --help                     this text
`;

const TYPES: ReadonlyArray<Customer['type']> = ['mobile', 'email', 'externalId', 'id'];
const SHORT_TOKEN_WAIT_MS = 60_000;
/** Calls of a search for the rate limit. */
const BURST = 1_000;

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			customer: { type: 'string' },
			issue: { type: 'string', multiple: true, default: [] },
			'two-at-once': { type: 'boolean', default: false },
			revoke: { type: 'boolean', default: false },
			'rate-limit': { type: 'boolean', default: false },
			'wait-for-token': { type: 'boolean', default: false },
			only: { type: 'string' },
			yes: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	const terminal = new Terminal();
	if (values.help) {
		terminal.say(HELP);
		return 0;
	}
	const series = values.issue.flatMap((one) => one.split(',')).map((one) => one.trim());
	if (!series.every((one) => /^\d+$/.test(one)))
		throw new Usage('--issue needs the ID of a series.');
	const { env } = process;
	const host = env.CAPILLARY_HOST ?? (await terminal.ask('Host, such as eu.api.capillarytech.com'));
	const login = await loginOf(terminal, env);
	const customer = customerOf(
		values.customer ??
			(await terminal.askOrSkip('Customer to read, such as mobile=919876543210 (may be empty)')),
	);
	if (series.length > 0 && !customer) throw new Usage('--issue needs --customer.');

	const agreed = { series, twoAtOnce: values['two-at-once'], revoke: values.revoke };
	if (series.length > 0) {
		const isAgreed = values.yes || (await terminal.confirm(issueQuestion(agreed)));
		if (!isAgreed) agreed.series = [];
	}
	let rateLimit = values['rate-limit'];
	if (rateLimit) {
		rateLimit = values.yes || (await terminal.confirm(RATE_LIMIT_QUESTION));
	}
	const checked: Check = {
		host,
		asked: {
			...login,
			customer,
			tokenWaitMs: values['wait-for-token'] ? Infinity : SHORT_TOKEN_WAIT_MS,
		},
		agreed,
		burst: rateLimit ? BURST : 0,
		only: values.only?.split(',').map((one) => one.trim()),
		print: (line) => terminal.say(`${String(line)}\n`),
	};
	// n8n reads its home when it is loaded: only now.
	makeN8nHome();
	try {
		await import('reflect-metadata');
		const { runCheck } = await import('./runCheck');
		const { report } = await runCheck(checked);
		await writeFile(REPORT, `${report}\n`);
	} finally {
		removeN8nHome();
	}
	terminal.say(`\nWritten to ${REPORT}. Look through it before you send it.\n`);
	return 0;
}

async function loginOf(
	terminal: Terminal,
	env: NodeJS.ProcessEnv,
): Promise<Partial<Check['asked']>> {
	const fromEnv = Boolean(env.CAPILLARY_USERNAME ?? env.CAPILLARY_CLIENT_KEY);
	const ask = async (name: string, question: string) =>
		env[name] ?? (fromEnv ? '' : await terminal.askOrSkip(question));
	const username = await ask('CAPILLARY_USERNAME', 'User name of a till (may be empty)');
	const password = username && (env.CAPILLARY_PASSWORD ?? (await terminal.secret('Its password')));
	const clientKey = await ask('CAPILLARY_CLIENT_KEY', 'Client key (may be empty)');
	const clientSecret =
		clientKey && (env.CAPILLARY_CLIENT_SECRET ?? (await terminal.secret('Its client secret')));
	if (!username && !clientKey) throw new Usage('A user name or a client key is needed.');
	return {
		basic: username ? { authentication: 'basic', username, password } : undefined,
		oauth: clientKey ? { authentication: 'oauth', clientKey, clientSecret } : undefined,
	};
}

function customerOf(given: string): Customer | undefined {
	if (given === '') return undefined;
	const [, name, value] = /^(\w+)=(.+)$/.exec(given) ?? [];
	const type = TYPES.find((one) => one === name);
	if (!type || !value)
		throw new Usage(`--customer needs a type (${TYPES.join(', ')}) and a value.`);
	return { type, value };
}

function issueQuestion({ series, twoAtOnce, revoke }: Check['agreed']): string {
	const others = series.length > 1 ? `, and up to 6 of each of ${series.slice(1).join(', ')},` : '';
	const atOnce = twoAtOnce ? ' Two of them at the same moment.' : '';
	const back = revoke
		? ' Afterwards those that the check has issued are revoked.'
		: ' They are not taken back.';
	return (
		`This issues up to ${twoAtOnce ? 10 : 8} coupons of series ${series[0]}${others} to the customer that you have named.` +
		` The customer may get a message for each.${atOnce}${back} Go on?`
	);
}

const RATE_LIMIT_QUESTION =
	'At the end, this makes up to 1000 reads without a pause, ten at a time, until the API refuses one; then it waits as long as it is told to and tries again. Other users of this login may be refused meanwhile. Go on?';

/** What was given cannot be used. Its words hold none of it. */
class Usage extends Error {}

main().then(
	(code) => {
		process.exitCode = code;
	},
	(error: unknown) => {
		// Any other error's words may hold the host or an answer.
		const known = error instanceof Usage || (error as Error)?.name === 'CredentialError';
		const words = known ? (error as Error).message : 'The check ended before its time.';
		process.stderr.write(`${words}\n`);
		process.exitCode = 1;
	},
);
