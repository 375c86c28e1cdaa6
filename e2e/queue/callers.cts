/** Who issues one coupon to a customer of its own, and what it knows in the end. */
export interface Caller {
	mobile: string;
	status: number;
	/** The coupon's; absent when it got none. */
	code?: string;
	text: string;
}

/** Longer than n8n takes to notice a dead worker. */
const PATIENCE_MS = 240_000;

const BURST = 50;

/** Numbers from this one on are customers of the sandbox, each with an ID of its own. */
const FIRST_MOBILE = 919_900_000_000;

const FIRST_CUSTOMER_ID = 900_000_000;

/** The mobile number behind a customer's ID in the sandbox. */
export function mobileOfCustomer(customerId: number): string {
	return String(FIRST_MOBILE + customerId - FIRST_CUSTOMER_ID);
}

/**
 * Calls a webhook: a third of the calls in bursts, one burst after the other; the rest by a fixed
 * number of callers.
 * @param options `parallel`: how many callers work side by side after the bursts; `onAnswer`: called
 *   after each answer
 */
export async function callAll({
	url,
	calls,
	parallel,
	onAnswer,
}: {
	url: string;
	calls: number;
	parallel: number;
	onAnswer: (done: number) => void;
}): Promise<Caller[]> {
	const callers: Caller[] = [];
	let next = 0;
	const one = async () => {
		callers.push(await call(url, String(FIRST_MOBILE + next++)));
		onAnswer(callers.length);
	};
	const inBursts = Math.floor(calls / 3);
	while (next < inBursts) {
		await Promise.all(Array.from({ length: Math.min(BURST, inBursts - next) }, one));
	}
	const caller = async () => {
		while (next < calls) await one();
	};
	await Promise.all(Array.from({ length: parallel }, caller));
	return callers;
}

/** Calls a webhook for one customer. */
export async function call(url: string, mobile: string): Promise<Caller> {
	try {
		const response = await fetch(url, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ mobile }),
			signal: AbortSignal.timeout(PATIENCE_MS),
		});
		const text = await response.text();
		const code = response.ok ? JSON.parse(text).code : undefined;
		return { mobile, status: response.status, code, text };
	} catch (error) {
		return { mobile, status: 0, text: String(error) };
	}
}
