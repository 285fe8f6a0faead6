import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const MICROS_PER_SECOND = 1e6;

/** What `/proc/<pid>/stat` (proc_pid_stat(5)) says of a process and of those of its children that it has reaped. */
interface ProcessStat {
  readonly pid: number;
  readonly parentPid: number;
  readonly cpuTicks: number;
}

/** CPU time of a process with all its threads and descendants since their start, user and system, in µs. */
export function cpuMicrosOfTree(rootPid: number): number {
  let ticks = 0;
  for (const { cpuTicks } of treeOf(rootPid)) ticks += cpuTicks;
  return (ticks / ticksPerSecond()) * MICROS_PER_SECOND;
}

/** Resident memory of a process and its descendants, in KiB; memory that they share counts for each of them. */
export function residentKibOfTree(rootPid: number): number {
  let kib = 0;
  for (const { pid } of treeOf(rootPid)) {
    kib += Number(/^VmRSS:\s+(\d+) kB$/m.exec(readProc(`${pid}/status`))?.[1] ?? 0);
  }
  return kib;
}

/** Process ids of a process and its descendants. */
export function pidsOfTree(rootPid: number): readonly number[] {
  return treeOf(rootPid).map(({ pid }) => pid);
}

function treeOf(rootPid: number): readonly ProcessStat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(readStat)
    .filter((stat) => stat !== undefined);
  const tree = all.filter(({ pid }) => pid === rootPid);
  for (const parent of tree) tree.push(...all.filter(({ parentPid }) => parentPid === parent.pid));
  return tree;
}

function readStat(pid: string): ProcessStat | undefined {
  const stat = readProc(`${pid}/stat`);
  if (stat === '') return undefined;
  // The command name stands in brackets and may itself contain spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime, stime, cutime, cstime: fields 14 to 17 of the manual page, whose third is our first.
  const cpuTicks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid: Number(pid), parentPid: Number(fields[1]), cpuTicks };
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return ''; // gone already
  }
}

let knownTicksPerSecond: number | undefined;

function ticksPerSecond(): number {
  knownTicksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return knownTicksPerSecond;
}
