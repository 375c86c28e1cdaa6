import type { SandboxSettings } from './types';

/** The settings a sandbox has when nothing else is asked for. */
export function defaultSettings(): SandboxSettings {
	return {
		timezone: 'UTC',
		latencyMs: 0,
		rateLimit: null,
		tokenLifeSeconds: 300,
		announcedTokenLifeSeconds: null,
		newTokenRevokesOld: false,
		tokenErrorStatus: 200,
		expiredTokenAs: null,
		denySeriesList: ['noseries.till', 'noseries-key'],
		v11AuthStatus: 'http',
		v11FailureStatus: 200,
		couponErrorStatus: 200,
		partialCodes: 'sample',
		refuseConcurrentCustomer: false,
		anyCustomer: false,
		missingCoupons: 'error',
		getCouponOrder: 'asked',
		ignoreOffset: false,
		capLimit: null,
		objectForOne: false,
		emptyAs: '{}',
	};
}

/**
 * Copies known settings out of `changes` into `settings`. A name that does not exist is an error:
 * a misspelt switch would otherwise make a test pass for the wrong reason.
 */
export function applySettings(settings: SandboxSettings, changes: Record<string, unknown>): void {
	const known = Object.keys(defaultSettings());
	for (const name of Object.keys(changes)) {
		if (!known.includes(name)) {
			throw new Error(`Unknown setting "${name}". Known: ${known.join(', ')}`);
		}
	}
	const given = Object.entries(changes).filter(([, value]) => value !== undefined);
	Object.assign(settings, Object.fromEntries(given));
}
