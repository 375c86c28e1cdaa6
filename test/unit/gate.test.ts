import { Gate } from '../../nodes/CapillaryCoupons/transport/Gate';

/** Asks for entry; `inside` lists the ones let in, in order. */
function visitors(gate: Gate) {
	const inside: number[] = [];
	return {
		inside,
		async come(...names: number[]) {
			for (const name of names) void gate.enter().then(() => inside.push(name));
			await settle();
		},
		async goOne(didWell = false) {
			gate.leave(didWell);
			await settle();
		},
	};
}

async function settle() {
	for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

describe('Gate', () => {
	it('lets as many in as there are places, and no more', async () => {
		const { inside, come } = visitors(new Gate(2));
		await come(1, 2, 3, 4);
		expect(inside).toEqual([1, 2]);
	});

	it('lets the next one in as one leaves, in the order they came', async () => {
		const { inside, come, goOne } = visitors(new Gate(1));
		await come(1, 2, 3);
		await goOne();
		expect(inside).toEqual([1, 2]);
		await come(4);
		await goOne();
		await goOne();
		expect(inside).toEqual([1, 2, 3, 4]);
	});

	it('has its places back when all have left', async () => {
		const { inside, come, goOne } = visitors(new Gate(2));
		await come(1, 2, 3);
		for (let left = 0; left < 3; left += 1) await goOne();
		await come(4, 5, 6);
		expect(inside).toEqual([1, 2, 3, 4, 5]);
	});

	it('lets 20 in at first, and four more for each that did well', async () => {
		const { inside, come, goOne } = visitors(new Gate(25));
		await come(...Array(60).keys());
		expect(inside).toHaveLength(20);
		await goOne(true);
		expect(inside).toHaveLength(20 + 5);
		await goOne(false);
		expect(inside).toHaveLength(20 + 5 + 1);
		// 24 may be inside now, and 25 at most.
		await goOne(true);
		await goOne(true);
		expect(inside).toHaveLength(20 + 5 + 1 + 2 + 1);
		expect(inside).toEqual([...Array(29).keys()]);
	});
});
