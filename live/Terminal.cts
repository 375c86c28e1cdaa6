import type * as Prompts from '@inquirer/prompts';

/** Questions to the person at the terminal. What is typed for a secret does not show. */
export class Terminal {
	say(text: string): void {
		process.stdout.write(text);
	}

	async ask(message: string): Promise<string> {
		const { input } = await prompts();
		return (await input({ message, required: true })).trim();
	}

	async askOrSkip(message: string): Promise<string> {
		// Without a terminal nobody can answer: what may be empty stays so.
		if (!process.stdin.isTTY) return '';
		const { input } = await prompts();
		return (await input({ message })).trim();
	}

	async secret(message: string): Promise<string> {
		const { password } = await prompts();
		return await password({ message, mask: false });
	}

	async confirm(message: string): Promise<boolean> {
		// Nobody has agreed where nobody was asked.
		if (!process.stdin.isTTY) return false;
		const { confirm } = await prompts();
		return await confirm({ message, default: false });
	}
}

/** Loaded when there is a question: it is an ES module. */
async function prompts(): Promise<typeof Prompts> {
	return await import('@inquirer/prompts');
}
