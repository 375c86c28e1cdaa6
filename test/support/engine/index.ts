/**
 * The real engine: the built package, loaded as n8n loads it, in a workflow Start -> Coupons run by
 * n8n-core over real HTTP. Only the credential store is ours, with n8n's rules.
 */
export { Credentials } from './Credentials';
export { loadPackage, PACKAGE } from './loadPackage.cts';
export { type NodeRun, type Output, runNode } from './runNode';
export { searchList } from './searchList';
export { testCredential } from './testCredential';
