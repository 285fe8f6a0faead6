import { styleText } from 'node:util';
import type { CheckReport } from './check.js';
import type { Finding } from './finding.js';

const COLOURS = { ok: 'green', warning: 'yellow', error: 'red' } as const;
const LEVEL_WIDTH = 'warning'.length;

/** How many findings of each level there are. */
export type Tally = Readonly<Record<Finding['level'], number>>;

/** Counts the findings of all checks. */
export function tally(reports: readonly CheckReport[]): Tally {
  const levels = reports.flatMap(({ findings }) => findings.map(({ level }) => level));
  const count = (level: Finding['level']): number => levels.filter((each) => each === level).length;
  return { ok: count('ok'), warning: count('warning'), error: count('error') };
}

function formatFinding(finding: Finding, isColoured: boolean): string[] {
  const word = finding.level.padEnd(LEVEL_WIDTH);
  const level = isColoured ? styleText(COLOURS[finding.level], word, { validateStream: false }) : word;
  const first = `  ${level}  ${finding.what}`;
  if (finding.level === 'ok') return [first];
  const indent = ' '.repeat(LEVEL_WIDTH + 4);
  return [first, `${indent}Why: ${finding.why}`, `${indent}Do:  ${finding.remedy}`];
}

/** The report for people: each check with its findings, and the sums. */
export function formatReport(reports: readonly CheckReport[], isColoured: boolean): string {
  const blocks = reports.map(({ check, findings }) =>
    [check, ...findings.flatMap((finding) => formatFinding(finding, isColoured))].join('\n'),
  );
  const { ok, warning, error } = tally(reports);
  return `${[...blocks, `${ok} ok, ${warning} warning(s), ${error} error(s)`].join('\n\n')}\n`;
}
