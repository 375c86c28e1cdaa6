'use strict';
// Runs one command in a process group of its own and ends the whole group when its starter goes
// away, however that happens: `kill -9` of the starter leaves nothing running either.
const { spawn } = require('node:child_process');

const GRACE_MS = 8000;
const [command = '', ...args] = process.argv.slice(2);

const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.once('spawn', () => process.send?.({ pid: child.pid }));
child.once('error', (error) => {
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 127;
	process.disconnect?.();
});
child.once('exit', (code, signal) => {
	if (!process.connected) killGroup('SIGKILL');
	process.exit(signal ? 128 : (code ?? 1));
});

// The group's SIGTERM reaches the command directly; the leash outlives it to pass on its exit code.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});

process.once('disconnect', () => {
	killGroup('SIGTERM');
	setTimeout(() => killGroup('SIGKILL'), GRACE_MS);
});

/** @param {'SIGTERM' | 'SIGKILL'} signal */
function killGroup(signal) {
	try {
		process.kill(-process.pid, signal);
	} catch {
		// Nobody is left in the group.
	}
}
