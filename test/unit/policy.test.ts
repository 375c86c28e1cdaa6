import type { Fault } from '../../nodes/CapillaryCoupons/response/Problem';
import { ruleFor } from '../../nodes/CapillaryCoupons/transport/policy';

const FAULTS: Record<Fault, { issue: string[]; read: string[] }> = {
	badInput: { issue: ['no', 'notSent'], read: ['no', 'notSent'] },
	badCredential: { issue: ['no', 'notSent'], read: ['no', 'notSent'] },
	notReached: { issue: ['pauseAll', 'notSent'], read: ['pauseAll', 'notSent'] },
	limited: { issue: ['pauseAll', 'refused'], read: ['pauseAll', 'refused'] },
	loginRejected: { issue: ['newToken', 'refused'], read: ['newToken', 'refused'] },
	refused: { issue: ['no', 'refused'], read: ['no', 'refused'] },
	partial: { issue: ['no', 'partial'], read: ['no', 'partial'] },
	serverFault: { issue: ['no', 'unknown'], read: ['pause', 'refused'] },
	lost: { issue: ['no', 'unknown'], read: ['pause', 'refused'] },
	unreadable: { issue: ['no', 'unknown'], read: ['no', 'refused'] },
	stopped: { issue: ['no', 'notSent'], read: ['no', 'notSent'] },
};

describe('what follows from a fault', () => {
	it.each(Object.entries(FAULTS))('%s', (fault, { issue, read }) => {
		const issued = ruleFor(fault as Fault, true, 503);
		const looked = ruleFor(fault as Fault, false, 503);
		expect([issued.again, issued.outcome]).toEqual(issue);
		expect([looked.again, looked.outcome]).toEqual(read);
	});

	it('never repeats an issue call that may have been carried out', () => {
		for (const fault of Object.keys(FAULTS) as Fault[]) {
			const { again, outcome } = ruleFor(fault, true, 503);
			if (outcome === 'unknown' || outcome === 'partial') expect(again).toBe('no');
		}
	});

	it('never says of a lookup that it may have issued something', () => {
		for (const fault of Object.keys(FAULTS) as Fault[]) {
			expect(ruleFor(fault, false, 503).outcome).not.toBe('unknown');
		}
	});

	it.each([502, 503, 504])('repeats a lookup after HTTP %i', (status) => {
		expect(ruleFor('serverFault', false, status).again).toBe('pause');
	});

	it.each([500, 501, 505, 520, undefined])('does not after HTTP %p', (status) => {
		expect(ruleFor('serverFault', false, status).again).toBe('no');
	});
});
