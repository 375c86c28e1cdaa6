import { hostOf } from '../../nodes/shared/client/credential';

beforeEach(() => jest.useFakeTimers({ now: 1_000_000 }));
afterEach(() => jest.useRealTimers());

/** A node whose credential can be read, or not. */
const contextOf = (id: string, getCredentials: () => Promise<object>) =>
	({
		getNode: () => ({ credentials: { capillaryApi: { id, name: '' } } }),
		getCredentials,
	}) as never;
const readable = async () => ({ host: 'eu.api.capillarytech.com' });
const unreadable = async () => {
	throw new Error('The database is locked');
};

describe('the host of a credential', () => {
	it('stays what it was when it cannot be read once: what was issued is noted under it', async () => {
		expect(await hostOf(contextOf('known', readable))).toBe('https://eu.api.capillarytech.com');
		jest.advanceTimersByTime(61_000);
		expect(await hostOf(contextOf('known', unreadable))).toBe('https://eu.api.capillarytech.com');
	});

	it('is read again after a read that failed', async () => {
		expect(await hostOf(contextOf('new', unreadable))).toBe('');
		expect(await hostOf(contextOf('new', readable))).toBe('https://eu.api.capillarytech.com');
	});
});
