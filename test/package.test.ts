import { loadPackage } from './support/engine';
import { expectedFiles, pack, type Packed } from './support/pack.cts';
import type { Json } from './support/useServer';

/** In bytes. More would mean that something has slipped in that is not the node. */
const LARGEST_TARBALL = 64_000;

let packed: Packed;
let manifest: Json & { n8n: { nodes: string[]; credentials: string[] } };

beforeAll(() => {
	packed = pack();
	manifest = JSON.parse(packed.read('package.json'));
});
afterAll(() => packed.remove());

describe('what the tarball holds', () => {
	it('is all that a user needs, and nothing else', () => {
		const files = packed.files.filter((file) => file !== 'CHANGELOG.md');
		expect(files).toEqual(expectedFiles());
	});

	it('is the built code, without sources, tests and maps', () => {
		const surplus =
			/\.(ts|tsx|map|tsbuildinfo|tgz|log)$|(^|\/)(test|e2e|sandbox|bench|scripts|examples)\/|(^|\/)\./;
		expect(packed.files.filter((file) => surplus.test(file))).toEqual([]);
		for (const file of packed.files) expect(packed.read(file)).not.toMatch(/sourceMappingURL/);
	});

	it('is small', () => {
		expect(packed.size).toBeLessThan(LARGEST_TARBALL);
	});

	it('tells nothing of the machine it was packed on', () => {
		for (const file of packed.files) {
			const text = packed.read(file);
			expect(text).not.toContain(packed.source);
			expect(text).not.toMatch(/(^|["'\s])(\/home\/|\/root\/|\/Users\/|\/tmp\/|[A-Z]:\\)/m);
			expect(text).not.toMatch(/registry\.|_resolved|\.npmrc|_authToken/);
		}
	});
});

describe('what package.json says', () => {
	it('has no dependencies but n8n itself', () => {
		for (const key of ['dependencies', 'optionalDependencies', 'bundledDependencies']) {
			expect(manifest).not.toHaveProperty(key);
		}
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	it('runs nothing when it is installed', () => {
		const scripts = Object.keys((manifest.scripts ?? {}) as Json);
		for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) {
			expect(scripts).not.toContain(name);
		}
	});

	it('is a community node package under MIT', () => {
		expect(manifest).toMatchObject({
			name: 'n8n-nodes-capillary',
			license: 'MIT',
			keywords: expect.arrayContaining(['n8n-community-node-package']),
		});
		expect(manifest.n8n).toMatchObject({ n8nNodesApiVersion: 1, strict: true });
	});

	it('names files that are there', () => {
		const named = [...manifest.n8n.nodes, ...manifest.n8n.credentials];
		expect(named).toHaveLength(2);
		expect(packed.files).toEqual(expect.arrayContaining(named));
	});

	it('lets the code require nothing but n8n-workflow, crypto and its own files', () => {
		const code = packed.files.filter((file) => file.endsWith('.js'));
		expect(code.length).toBeGreaterThan(10);
		for (const file of code) {
			const required = [...packed.read(file).matchAll(/require\(\s*["']([^"']+)["']\s*\)/g)]
				.map(([, name]) => name ?? '')
				.filter((name) => !name.startsWith('.'));
			for (const name of required) expect(['n8n-workflow', 'node:crypto']).toContain(name);
		}
	});
});

describe('n8n loads the unpacked tarball', () => {
	const icons = { light: expect.stringMatching(/\.svg$/), dark: expect.stringMatching(/\.svg$/) };
	/** `icons/n8n-nodes-capillary/dist/...` is how n8n names a file of a package. */
	const fileOf = (iconUrl: string) => iconUrl.replace('icons/n8n-nodes-capillary/', '');

	it('with its node and its credential, which knows the node', async () => {
		const loader = await loadPackage(packed.folder);
		expect(Object.keys(loader.nodeTypes)).toEqual(['capillaryCoupons']);
		expect(Object.keys(loader.credentialTypes)).toEqual(['capillaryApi']);
		expect(loader.getCredential('capillaryApi').type.supportedNodes).toEqual(['capillaryCoupons']);
	});

	it('with the names that saved workflows hold', async () => {
		const loader = await loadPackage(packed.folder);
		const { description } = loader.getNode('capillaryCoupons').type as never as Json & {
			description: Json & { properties: Array<Json & { name: string }> };
		};
		expect(description).toMatchObject({
			displayName: 'Capillary Coupons',
			name: 'capillaryCoupons',
			version: 1,
			usableAsTool: true,
			credentials: [{ name: 'capillaryApi', required: true }],
		});
		const fields = description.properties.filter(({ type }) => type !== 'notice');
		const names = new Set(fields.map(({ name }) => name));
		expect([...names].sort()).toEqual([
			...['count', 'couponCodes', 'customerId', 'customerIdentifierType', 'email', 'externalId'],
			...['filters', 'heldCoupons', 'issueOnce', 'limit', 'lookupBy', 'lookupValues'],
			...['metadata', 'mobile'],
			...['operation', 'options'],
			...['requestOptions', 'resource', 'returnAll', 'revokeBy', 'seriesId', 'simplify'],
		]);
		const operation = description.properties.find(({ name }) => name === 'operation');
		expect((operation?.options as Json[]).map(({ value }) => value).sort()).toEqual([
			...['getCoupon', 'getCustomerCoupons', 'issue', 'issueMultiple', 'revoke'],
		]);
	});

	it('as a declarative node', async () => {
		const loader = await loadPackage(packed.folder);
		expect(loader.getNode('capillaryCoupons').type).not.toHaveProperty('execute');
	});

	it('with the fields of the credential', async () => {
		const loader = await loadPackage(packed.folder);
		const { type } = loader.getCredential('capillaryApi');
		const visible = type.properties.filter(({ type: kind }) => kind !== 'hidden');
		expect(visible.map(({ name }) => name)).toEqual([
			...['host', 'authentication', 'username', 'password', 'isMd5'],
			...['clientKey', 'clientSecret', 'attributionType', 'attributionCode'],
		]);
		const isPassword = Object.fromEntries(
			type.properties.map(({ name, typeOptions }) => [name, typeOptions?.password === true]),
		);
		expect(isPassword).toMatchObject({ password: true, clientSecret: true, accessToken: true });
		expect(type.displayName).toBe('Capillary API');
		expect(type.test).toBeDefined();
	});

	it('with icons for light and dark screens, for node and credential', async () => {
		const loader = await loadPackage(packed.folder);
		const node = (loader.getNode('capillaryCoupons').type as never as { description: Json })
			.description;
		const credential = loader.getCredential('capillaryApi').type as never as Json;
		for (const { iconUrl } of [node, credential]) {
			expect(iconUrl).toEqual(icons);
			const { light, dark } = iconUrl as { light: string; dark: string };
			const [lightFile, darkFile] = [fileOf(light), fileOf(dark)];
			expect(packed.files).toEqual(expect.arrayContaining([lightFile, darkFile]));
			expect(packed.read(lightFile)).toMatch(/<svg/);
			expect(packed.read(darkFile)).not.toBe(packed.read(lightFile));
		}
	});

	it('with its codex: categories, words to search for, links', async () => {
		const loader = await loadPackage(packed.folder);
		const { codex } = (
			loader.getNode('capillaryCoupons').type as never as {
				description: { codex?: Json };
			}
		).description;
		expect(codex).toMatchObject({
			categories: expect.arrayContaining(['Marketing & Content']),
			alias: expect.arrayContaining(['coupon', 'voucher']),
			resources: { primaryDocumentation: [{ url: expect.stringMatching(/^https:/) }] },
		});
	});
});
