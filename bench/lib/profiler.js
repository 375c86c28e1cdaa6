'use strict';
// Loaded into n8n by `--require`: SIGUSR2 starts a CPU profile, the next one writes it.
const fs = require('node:fs');
const { Session } = require('node:inspector');

const file = process.env['CAPILLARY_PROFILE'];
const session = new Session();
let running = false;

// n8n's task runner inherits the option, but must not write the same file.
if (file && process.argv[1]?.endsWith('n8n')) {
	session.connect();
	session.post('Profiler.enable');
	session.post('Profiler.setSamplingInterval', { interval: 500 });
	process.on('SIGUSR2', () => {
		if (!running) session.post('Profiler.start');
		else {
			session.post('Profiler.stop', (error, result) => {
				if (!error) fs.writeFileSync(file, JSON.stringify(result.profile));
			});
		}
		running = !running;
	});
}
