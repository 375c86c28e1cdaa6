// What the measurements take from the end-to-end tests, in one place.
export type { Credential } from '../../e2e/lib/client.cts';
export type { N8n } from '../../e2e/lib/n8n.cts';
export type { Claim } from '../../e2e/lib/log.cts';
export type { Sandbox } from '../../e2e/lib/sandbox.cts';

export { N8nClient, OWNER } from '../../e2e/lib/client.cts';
export { nodeForN8n } from '../../e2e/lib/install.cts';
export { Failure, log, poll } from '../../e2e/lib/log.cts';
export { startN8n } from '../../e2e/lib/n8n.cts';
export { installNode, pack } from '../../e2e/lib/pack.cts';
export { CACHE, E2E, PACKAGE, ROOT, temporaryFolder } from '../../e2e/lib/paths.cts';
export { startSandbox } from '../../e2e/lib/sandbox.cts';
export {
	coupons,
	inARow,
	node,
	series,
	split,
	webhook,
	type WorkflowFile,
} from '../../e2e/lib/workflow.cts';
export { runCommand, wholeNumber } from '../../scripts/cli.cts';
