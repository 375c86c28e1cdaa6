'use strict';
// Loaded into n8n by `--require`: each SIGUSR2 collects the garbage and writes what is left of us.
const fs = require('node:fs');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');

/**
 * @typedef {object} Sample
 * @property {number} number counts up
 * @property {number} heapMb
 * @property {number} rssMb
 * @property {number} timers
 * @property {number} runs runs of the node that are still in memory
 * @property {number} lanes
 * @property {number} open calls that the lanes think are under way
 * @property {number} waiting calls that wait in the lanes
 */

const file = process.env['CAPILLARY_PROBE'];
let number = 0;

/** @param {string} name @returns {any} a module of the node, as n8n has loaded it */
function loaded(name) {
	const end = path.join('CapillaryCoupons', 'transport', name);
	const key = Object.keys(require.cache).find((one) => one.endsWith(end));
	return key && require.cache[key]?.exports;
}

/** @returns {Sample} */
function sample() {
	v8.setFlagsFromString('--expose-gc');
	vm.runInNewContext('gc')();
	const count = /** @type {any} */ (v8)['queryObjects'];
	const { Lane } = loaded('Lane.js') ?? {};
	const { Run } = loaded('Run.js') ?? {};
	/** @type {any[]} */
	const lanes = Lane ? everyLane(Lane) : [];
	const { heapUsed, rss } = process.memoryUsage();
	return {
		number: ++number,
		heapMb: heapUsed / 2 ** 20,
		rssMb: rss / 2 ** 20,
		timers: process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length,
		runs: Run ? count(Run, { format: 'count' }) : 0,
		lanes: lanes.length,
		open: lanes.reduce((sum, lane) => sum + lane.open, 0),
		waiting: lanes.reduce((sum, lane) => sum + lane.waiting.length, 0),
	};
}

/** @type {Set<any>} */
const seen = new Set();

/**
 * The lanes themselves are nobody's to list: note each one when it is used.
 * @param {any} Lane
 */
function everyLane(Lane) {
	const { prototype } = Lane;
	if (!prototype.isProbed) {
		prototype.isProbed = true;
		const { enter } = prototype;
		/** @this {any} @param {any[]} given */
		prototype.enter = function (...given) {
			seen.add(this);
			return enter.apply(this, given);
		};
	}
	return [...seen];
}

// n8n's task runner inherits the option, but not the job.
if (file && process.argv[1]?.endsWith('n8n')) {
	process.on('SIGUSR2', () => {
		fs.writeFileSync(`${file}.new`, JSON.stringify(sample()));
		fs.renameSync(`${file}.new`, file);
	});
}
