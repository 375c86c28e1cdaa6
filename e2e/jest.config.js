'use strict';

/** @type {import('jest').Config} */
module.exports = {
	rootDir: __dirname,
	testMatch: ['<rootDir>/*.test.ts', '<rootDir>/browser/*.test.ts'],
	testEnvironment: 'node',
	transform: {
		'^.+\\.ts$': [
			'ts-jest',
			{ tsconfig: { target: 'es2022', module: 'commonjs' }, diagnostics: false },
		],
	},
	globalSetup: '<rootDir>/lib/setup.js',
	globalTeardown: '<rootDir>/lib/teardown.js',
	// n8n's 3 GB are no concern of jest's; only its own walk leaves ignored folders out.
	modulePathIgnorePatterns: ['<rootDir>/node_modules/'],
	haste: { forceNodeFilesystemAPI: true },
	maxWorkers: 1,
	testTimeout: 120_000,
};
