import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Process ids of the direct children of a process. */
export function childrenOf(pid: number): readonly number[] {
  return process.platform === 'linux' ? childrenFromProc(pid) : childrenFromPgrep(pid);
}

/** Sends a signal and reports whether the process was there to take it. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false; // gone already
  }
}

/** Whether a process still runs; one that is dead but not yet reaped counts as gone. */
export function isRunning(pid: number): boolean {
  if (process.platform === 'linux') {
    const state = readStat(String(pid))?.state;
    return state !== undefined && state !== 'Z' && state !== 'X';
  }
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function childrenFromProc(pid: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && readStat(name)?.parentPid === pid)
    .map(Number);
}

/** Fields of `/proc/<pid>/stat` (proc_pid_stat(5)); undefined when the process is gone. */
function readStat(pid: string): { readonly state: string; readonly parentPid: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name stands in brackets and may itself contain spaces and brackets.
    const [state = '', parentPid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parentPid: Number(parentPid) };
  } catch {
    return undefined;
  }
}

function childrenFromPgrep(pid: number): readonly number[] {
  try {
    return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
      .split('\n')
      .filter(Boolean)
      .map(Number);
  } catch {
    return []; // pgrep exits with 1 when it finds none
  }
}
