// What the measurements take from the end-to-end tests, in one place.
export type { Credential, Execution, N8nClient } from '../../e2e/lib/client';
export type { N8n } from '../../e2e/lib/n8n';
export type { Sandbox } from '../../e2e/lib/sandbox';

export { N8nClient as Client, OWNER } from '../../e2e/lib/client';
export { nodeForN8n } from '../../e2e/lib/install';
export { Failure, log, poll } from '../../e2e/lib/log';
export { startN8n } from '../../e2e/lib/n8n';
export { installNode, pack } from '../../e2e/lib/pack';
export { CACHE, E2E, PACKAGE, ROOT } from '../../e2e/lib/paths';
export { startSandbox } from '../../e2e/lib/sandbox';
export { inARow, node, split, webhook, type WorkflowFile } from '../../e2e/lib/workflow';
export { command, wholeNumber } from '../../scripts/cli';
