import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';

/** A page of the reference that is written from the code. */
export interface GeneratedPage {
  /** Path inside the repository. */
  readonly path: string;
  /** Its content in Markdown, not yet formatted. */
  readonly render: () => string;
}

const root = join(import.meta.dirname, '../../..');

/** Where a page stands on this machine. */
export function fileOf(page: GeneratedPage): string {
  return join(root, page.path);
}

/** The whole text of a page, formatted as Prettier would. */
export async function renderPage(page: GeneratedPage): Promise<string> {
  const file = fileOf(page);
  const notice = '<!-- Written by `npm run docs` from the code. Do not edit. -->';
  return format(`${notice}\n\n${page.render()}`, { ...(await resolveConfig(file)), filepath: file });
}
