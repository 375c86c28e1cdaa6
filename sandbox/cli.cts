import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';

import type { Sandbox, SandboxOptions } from './server';
import { createSandbox } from './server';
import type { RateLimit } from './types';

const HELP = `Starts a stand-in for the Capillary API on this machine.

Usage: npm run sandbox -- [options]

  --port <number>            port to listen on (default 4010, 0 for any free one)
  --listen <address>         address to listen on (default 127.0.0.1; 0.0.0.0 for n8n in a container)
  --https                    listen with TLS, with a certificate of its own
  --timezone <zone>          zone of the server: UTC (default) or an offset like +05:30
  --latency <ms>             delay before every answer
  --rate-limit <n>           calls per minute and key; 429 beyond
  --rate-window <ms>         length of the rate limit's window (default 60000)
  --rate-mode <mode>         fixed (default) or sliding window
  --retry-after <form>       seconds (default), date, none, or any text
  --token-life <seconds>     how long an OAuth token lives (default 300)
  --no-any-customer          mobile numbers 9199######## are not made customers at first sight
  --refuse-concurrent        answer 521 when a customer has two issue calls open at a time
  --object-for-one           v1.1: a list with one element is sent as that element
  --ignore-offset            customer coupons: act as if offset did not exist
  --set <name=value>         any other setting of README.md; can be repeated, value as JSON or text
  --quiet                    print the address only
  --help                     this text
`;

function readArguments() {
	return parseArgs({
		options: {
			port: { type: 'string', default: '4010' },
			listen: { type: 'string', default: '127.0.0.1' },
			https: { type: 'boolean', default: false },
			timezone: { type: 'string' },
			latency: { type: 'string' },
			'rate-limit': { type: 'string' },
			'rate-window': { type: 'string', default: '60000' },
			'rate-mode': { type: 'string', default: 'fixed' },
			'retry-after': { type: 'string', default: 'seconds' },
			'token-life': { type: 'string' },
			'no-any-customer': { type: 'boolean', default: false },
			'refuse-concurrent': { type: 'boolean', default: false },
			'object-for-one': { type: 'boolean', default: false },
			'ignore-offset': { type: 'boolean', default: false },
			set: { type: 'string', multiple: true, default: [] },
			quiet: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	}).values;
}

type Arguments = ReturnType<typeof readArguments>;

async function main(): Promise<void> {
	const values = readArguments();
	if (values.help) {
		console.log(HELP);
		return;
	}
	const sandbox = await createSandbox(optionsOf(values));
	console.log(values.quiet ? sandbox.url : welcome(sandbox));

	// Nothing keeps the process once the sandbox is closed.
	const stop = () => void sandbox.close();
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
}

function optionsOf(values: Arguments): SandboxOptions {
	const settings: Record<string, unknown> = Object.fromEntries(values.set.map(settingOf));
	return {
		port: numberOf(values.port, 'port'),
		host: values.listen,
		https: values.https,
		timezone: values.timezone,
		latencyMs: numberOf(values.latency, 'latency'),
		tokenLifeSeconds: numberOf(values['token-life'], 'token-life'),
		rateLimit: rateLimitOf(values),
		anyCustomer: !values['no-any-customer'],
		refuseConcurrentCustomer: values['refuse-concurrent'],
		objectForOne: values['object-for-one'],
		ignoreOffset: values['ignore-offset'],
		...settings,
	};
}

function rateLimitOf(values: Arguments): RateLimit | undefined {
	const calls = numberOf(values['rate-limit'], 'rate-limit');
	const window = values['rate-mode'];
	if (window !== 'fixed' && window !== 'sliding') {
		throw new Error('--rate-mode takes fixed or sliding');
	}
	const windowMs = numberOf(values['rate-window'], 'rate-window') ?? 60_000;
	if (calls === undefined) return undefined;
	return { calls, windowMs, window, retryAfter: values['retry-after'] };
}

function numberOf(text: string | undefined, option: string): number | undefined {
	if (text === undefined) return undefined;
	const number = Number(text);
	if (text.trim() === '' || !Number.isInteger(number) || number < 0) {
		throw new Error(`--${option} takes a whole number, not "${text}"`);
	}
	return number;
}

function settingOf(text: string): [name: string, value: unknown] {
	const at = text.indexOf('=');
	if (at < 1) throw new Error(`--set takes name=value, not "${text}"`);
	const value = text.slice(at + 1);
	try {
		return [text.slice(0, at), JSON.parse(value)];
	} catch {
		return [text.slice(0, at), value];
	}
}

function welcome(sandbox: Sandbox): string {
	const { basic, oauth } = sandbox.credentials;
	const hash = createHash('md5').update(basic.password, 'utf8').digest('hex');
	const series = sandbox.series.map(
		({ id, description, note }) => `  ${String(id).padEnd(7)} ${description} - ${note}`,
	);
	const customers = sandbox.customers.map(({ id, mobile, email, externalId, note }) => {
		const keys = [
			mobile && `mobile ${mobile}`,
			email && `email ${email}`,
			externalId && `externalId ${externalId}`,
		];
		return `  ${String(id).padEnd(10)} ${keys.filter(Boolean).join(', ')}${note ? ` - ${note}` : ''}`;
	});
	const anybody = sandbox.settings.anyCustomer
		? '\n  Any mobile number 9199######## becomes a customer at first sight.'
		: '';
	return `Capillary sandbox: ${sandbox.url}  (time zone ${sandbox.settings.timezone})
Nothing here reaches the real API. Use this address as the host of the credential.

Basic   username ${basic.username}   password ${basic.password}
OAuth   client key ${oauth.clientKey}   client secret ${oauth.clientSecret}

Series
${series.join('\n')}

Customers
${customers.join('\n')}${anybody}

Try it
  curl '${sandbox.url}/v2/coupon/issue' \\
    --user '${basic.username}:${hash}' \\
    --header 'Content-Type: application/json' \\
    --data '{"seriesId": 868760, "customer": {"mobile": "1234512345"}}'

What was issued:  curl ${sandbox.url}/__sandbox/ledger
Faults and other switches: sandbox/README.md. Ctrl+C ends it.`;
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	console.error('Try: npm run sandbox -- --help');
	process.exitCode = 1;
});
