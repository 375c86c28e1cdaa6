'use strict';

/**
 * @param {number[]} values
 * @returns {number}
 */
function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const high = sorted[middle] ?? NaN;
	return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? NaN) + high) / 2;
}

/**
 * @param {number[]} values
 * @returns {{ median: number, min: number, max: number }}
 */
function spread(values) {
	return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * The median of the rounds' own ratios: what slowed the machine down slowed both sides of a round.
 * @param {number[]} ours
 * @param {number[]} theirs
 */
function ratio(ours, theirs) {
	return median(ours.map((value, round) => value / (theirs[round] ?? NaN)));
}

module.exports = { median, ratio, spread };
