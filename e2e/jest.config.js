'use strict';

/** @type {import('jest').Config} */
module.exports = {
	rootDir: __dirname,
	testMatch: ['<rootDir>/*.test.ts', '<rootDir>/browser/*.test.ts'],
	testEnvironment: 'node',
	transform: {
		'^.+\\.c?ts$': ['ts-jest', { tsconfig: 'tsconfig.test.json', diagnostics: false }],
	},
	moduleFileExtensions: ['ts', 'cts', 'js', 'json', 'node'],
	globalSetup: '<rootDir>/lib/setup.cts',
	globalTeardown: '<rootDir>/lib/teardown.cts',
	// n8n's 3 GB are no concern of jest's; only its own walk leaves ignored folders out.
	modulePathIgnorePatterns: ['<rootDir>/node_modules/'],
	haste: { forceNodeFilesystemAPI: true },
	maxWorkers: 1,
	testTimeout: 120_000,
};
