/** All tests but the end-to-end ones, which have a configuration of their own in e2e/. @type {import('jest').Config} */
module.exports = {
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.{ts,cts}'],
	transform: { '^.+\\.c?ts$': ['ts-jest', { tsconfig: 'tsconfig.test.json', diagnostics: false }] },
	moduleFileExtensions: ['ts', 'cts', 'js', 'json', 'node'],
	globalSetup: '<rootDir>/test/support/globalSetup.ts',
	globalTeardown: '<rootDir>/test/support/globalTeardown.ts',
	setupFiles: ['reflect-metadata'],
	testTimeout: 60_000,
	// The tests of waiting mostly wait.
	maxWorkers: 4,
	// For `npm run coverage`: what is published.
	collectCoverageFrom: ['dist/**/*.js'],
	coverageReporters: ['text'],
	coverageThreshold: { global: { statements: 98, branches: 92, functions: 97, lines: 98 } },
};
