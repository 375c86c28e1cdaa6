export { makeN8nHome as default } from './n8nHome.cts';
