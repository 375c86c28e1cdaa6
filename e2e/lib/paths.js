'use strict';
const path = require('node:path');

/** The checkout. */
const ROOT = path.resolve(__dirname, '..', '..');

/** The folder with a real n8n and its own Node (own package.json, own lockfile). */
const E2E = path.join(ROOT, 'e2e');

/** Logs, tarballs and reports; git-ignored, safe to delete. */
const CACHE = path.join(ROOT, '.cache');

/** The name of the package this repository publishes. */
const PACKAGE = 'n8n-nodes-capillary';

module.exports = { CACHE, E2E, PACKAGE, ROOT };
