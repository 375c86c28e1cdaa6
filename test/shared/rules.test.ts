import type { Fault } from '../../nodes/shared/problem/Problem';
import { CallError } from '../../nodes/shared/problem/Problem';
import { callError, failureOf, isForbidden, judge } from '../../nodes/shared/problem/rules';

const FAULTS: Record<Fault, { write: string[]; read: string[] }> = {
	badInput: { write: ['never', 'notSent'], read: ['never', 'notSent'] },
	badCredential: { write: ['never', 'notSent'], read: ['never', 'notSent'] },
	notReached: { write: ['afterPauseOfAll', 'notSent'], read: ['afterPauseOfAll', 'notSent'] },
	limited: { write: ['afterPauseOfAll', 'refused'], read: ['afterPauseOfAll', 'refused'] },
	loginRejected: { write: ['withNewToken', 'refused'], read: ['withNewToken', 'refused'] },
	refused: { write: ['never', 'refused'], read: ['never', 'refused'] },
	partial: { write: ['never', 'partial'], read: ['never', 'partial'] },
	serverFault: { write: ['never', 'unknown'], read: ['afterPause', 'refused'] },
	unclear: { write: ['never', 'unknown'], read: ['never', 'refused'] },
	lost: { write: ['never', 'unknown'], read: ['afterPause', 'refused'] },
	unreadable: { write: ['never', 'unknown'], read: ['never', 'refused'] },
	stopped: { write: ['never', 'notSent'], read: ['never', 'notSent'] },
};

const verdict = (fault: Fault, isWrite: boolean, httpStatus = 503) => {
	const { retry, failure } = judge({ fault, httpStatus }, isWrite);
	return [retry, failure.outcome];
};

describe('what follows from a fault', () => {
	it.each(Object.entries(FAULTS))('%s', (fault, { write, read }) => {
		expect(verdict(fault as Fault, true)).toEqual(write);
		expect(verdict(fault as Fault, false)).toEqual(read);
	});

	it('never repeats an issue call that may have been carried out', () => {
		for (const fault of Object.keys(FAULTS) as Fault[]) {
			const [retry, outcome] = verdict(fault, true);
			if (outcome === 'unknown' || outcome === 'partial') expect(retry).toBe('never');
		}
	});

	it('never says of a lookup that it may have issued something', () => {
		for (const fault of Object.keys(FAULTS) as Fault[]) {
			expect(verdict(fault, false)[1]).not.toBe('unknown');
		}
	});

	it.each([502, 503, 504])('repeats a lookup after HTTP %i', (status) => {
		expect(verdict('serverFault', false, status)[0]).toBe('afterPause');
	});

	it.each([500, 501, 505, 520])('does not after HTTP %p', (status) => {
		expect(verdict('serverFault', false, status)[0]).toBe('never');
	});
});

describe('a problem that ends an item', () => {
	it('carries what follows from it', () => {
		const error = callError({ fault: 'lost', httpStatus: 408 }, true);
		expect(error).toBeInstanceOf(CallError);
		expect(error.failure).toEqual({ fault: 'lost', httpStatus: 408, outcome: 'unknown' });
		expect(failureOf(error, 'badInput', false)).toBe(error.failure);
	});

	it('is what n8n says of a parameter, before a call', () => {
		const told = { fault: 'badInput', outcome: 'notSent' };
		expect(failureOf(new Error('no node "X"'), 'badInput', true)).toEqual({
			...told,
			sentence: 'no node "X"',
		});
		expect(failureOf('no node "X"', 'badInput', true)).toMatchObject({ sentence: 'no node "X"' });
	});

	it('is unknown after an issue call, whatever is thrown while its answer is read', () => {
		const thrown = new TypeError('cannot read x of undefined');
		expect(failureOf(thrown, 'unreadable', true)).toMatchObject({
			fault: 'unreadable',
			outcome: 'unknown',
			sentence: undefined,
		});
		expect(failureOf(thrown, 'unreadable', false)).toMatchObject({ outcome: 'refused' });
	});

	it.each([
		[{ httpStatus: 403 }, true],
		[{ httpStatus: 200, code: 403 }, true],
		[{ httpStatus: 503, code: 4000 }, true],
		[{ httpStatus: 404, code: 404 }, false],
		[{}, false],
	])('is a missing right: %j, %j', (problem, expected) => {
		expect(isForbidden({ fault: 'refused', ...problem })).toBe(expected);
	});
});
