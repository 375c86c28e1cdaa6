import { makeCode } from '../../sandbox/codes';
import { STORES } from '../../sandbox/data';
import { defaultSettings } from '../../sandbox/settings';
import { CouponStore } from '../../sandbox/state';
import { isoSeconds, localSeconds, offsetMinutes, startOfDay } from '../../sandbox/time';

describe('coupon store', () => {
	it('issues tens of thousands of coupons, every code once', () => {
		const settings = { ...defaultSettings(), anyCustomer: true };
		const store = new CouponStore(settings, Date.now, { series: [], customers: [] });
		const total = 50_000;
		const series = [868760, 415446, 544770];
		for (let n = 0; n < total; n++) {
			const mobile = `9199${String(n % 3000).padStart(8, '0')}`;
			const customer = store.findCustomer({ mobile });
			if (!customer) throw new Error(`No customer for ${mobile}`);
			store.issue({
				seriesId: series[n % 3] ?? 0,
				count: 1,
				customer,
				store: STORES[0],
				callIndex: n,
			});
		}
		expect(store.ledger).toHaveLength(total);
		// Without case, because lookups ignore it.
		expect(new Set(store.ledger.map(({ code }) => code.toUpperCase())).size).toBe(total);
		expect(new Set(store.ledger.map(({ couponId }) => couponId)).size).toBe(total);
	});

	it('starts anew as it started first', () => {
		const store = new CouponStore(defaultSettings(), Date.now, { series: [], customers: [] });
		const issueOne = () => {
			const customer = store.findCustomer({ id: '98662653' });
			if (!customer) throw new Error('The customer is missing');
			const request = { seriesId: 868760, count: 1, customer, store: STORES[0], callIndex: 0 };
			return store.issue(request).coupons[0]?.code;
		};
		const first = issueOne();
		expect(issueOne()).not.toBe(first);
		store.reset();
		expect(issueOne()).toBe(first);
	});
});

describe('codes', () => {
	it.each([
		[{ alphabet: 'digits', length: 16, prefix: '998754' }, /^998754\d{10}$/],
		[{ alphabet: 'upper', length: 10 }, /^[0-9A-Z]{10}$/],
		[{ alphabet: 'upper', length: 28 }, /^[0-9A-Z]{28}$/],
		[{ alphabet: 'mixed', length: 10 }, /^(?=.*[a-z])(?=.*[A-Z])[0-9A-Za-z]{10}$/],
	] as const)('have the form %j', (style, form) => {
		for (let n = 1; n < 50; n++) expect(makeCode(style, n)).toMatch(form);
	});
});

describe('time', () => {
	const at = Date.parse('2026-06-11T20:00:00Z');

	it('is shown in the zone of the server', () => {
		expect(isoSeconds(at, 'UTC')).toBe('2026-06-11T20:00:00Z');
		expect(isoSeconds(at, '+05:30')).toBe('2026-06-12T01:30:00+05:30');
		expect(localSeconds(at, '-03:00')).toBe('2026-06-11 17:00:00');
	});

	it('knows days, and what is none', () => {
		expect(startOfDay('2026-06-12', '+05:30')).toBe(Date.parse('2026-06-11T18:30:00Z'));
		expect(startOfDay('2026-13-01', 'UTC')).toBeUndefined();
		expect(startOfDay('11.06.2026', 'UTC')).toBeUndefined();
		expect(() => offsetMinutes('Asia/Kolkata')).toThrow(/offset/);
	});
});
