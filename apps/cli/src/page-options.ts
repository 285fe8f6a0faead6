import type { Command } from 'commander';
import type { Page } from '@tollgate/tenant-config';
import { numberOption } from './number-option.js';
import type { Output } from './output.js';

/** The options of a list, as commander parses them. */
export interface PageOptions {
  readonly limit: number;
  readonly after?: string;
}

/** Adds `--limit` and `--after`. */
export function addPageOptions(command: Command): Command {
  const limit = numberOption('--limit <n>', 'how many to list', { min: 1, max: 1000 }).default(100);
  return command.addOption(limit).option('--after <id>', 'list those whose ids come after this one');
}

/** Says how to get the next page, if there is one. */
export function hintAtNextPage(page: Page<unknown>, output: Output): void {
  if (page.nextAfter !== undefined) output.hint(`There are more: --after ${page.nextAfter}`);
}
