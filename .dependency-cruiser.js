// `npm run structure`: an import only goes down (CONTRIBUTING.md, "The way of an item"), and never round.

const shared = '^nodes/shared/';
const node = '^nodes/CapillaryCoupons/';

/** From the lowest floor to the highest. */
const FLOORS = [
	`${shared}[^/]+\\.ts$`,
	`${shared}problem/`,
	`${shared}answer/`,
	`${shared}auth/`,
	`${shared}client/`,
	`${node}parameters/`,
	`${node}run/`,
	`${node}lookups/`,
	`${node}operations/`,
	`${node}(listSearch/|[^/]+\\.ts$)`,
];

const inwards = FLOORS.slice(0, -1).map((floor, index) => ({
	name: 'import-goes-up',
	severity: 'error',
	from: { path: floor },
	to: { path: FLOORS.slice(index + 1) },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
	forbidden: [
		...inwards,
		{
			name: 'credential-knows-only-shared',
			severity: 'error',
			from: { path: '^credentials/' },
			to: { path: '^(?!credentials/|nodes/shared/)[^.]', dependencyTypes: ['local'] },
		},
		{
			name: 'nodes-know-no-credential',
			severity: 'error',
			from: { path: '^nodes/' },
			to: { path: '^credentials/' },
		},
		{
			name: 'published-code-stands-alone',
			severity: 'error',
			from: { path: '^(nodes|credentials)/' },
			to: { path: '^(live|sandbox|e2e|bench|scripts|test)/' },
		},
		{ name: 'circle', severity: 'error', from: {}, to: { circular: true } },
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		exclude: { path: '(^|/)node_modules/|^e2e/node_modules' },
		tsConfig: { fileName: 'tsconfig.dev.json' },
		// Types count as well: they tell who knows whom.
		tsPreCompilationDeps: true,
	},
};
