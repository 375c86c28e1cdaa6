/** Ends n8n and the sandbox. */
export { stopAll as default } from './processes.cts';
