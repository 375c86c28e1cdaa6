// What Linux tells of another process. Elsewhere everything is NaN.
import { readFileSync, writeFileSync } from 'node:fs';

/** Linux counts in hundredths of a second. */
const MS_PER_TICK = 10;

function read(pid: number | undefined, file: string): string {
	try {
		return readFileSync(`/proc/${pid}/${file}`, 'utf8');
	} catch {
		return '';
	}
}

/** Megabytes that a process holds now (`VmRSS`), or has held at most (`VmHWM`). */
export function memoryMb(pid: number | undefined, field: 'VmHWM' | 'VmRSS'): number {
	return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(read(pid, 'status'))?.[1]) / 1024;
}

/** Lets the kernel note the peak of memory anew; where it may not, the peak stays that of a life. */
export function forgetPeak(pid: number | undefined): void {
	try {
		writeFileSync(`/proc/${pid}/clear_refs`, '5');
	} catch {
		// Not Linux, or not allowed.
	}
}

/** Milliseconds that a process has computed so far, in user and system mode. */
export function cpuMs(pid: number | undefined): number {
	// The name in brackets may hold anything; the two times are the 12th and 13th field behind it.
	const fields = read(pid, 'stat')
		.replace(/^.*\) /s, '')
		.split(' ');
	return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}
