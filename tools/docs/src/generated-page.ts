import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';

/** A page of the reference that is written from the code. */
export interface GeneratedPage {
  /** Path inside the repository. */
  readonly path: string;
  /** Its content in Markdown, or in JSON for a path that ends so; not yet formatted. */
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
  const options = { ...(await resolveConfig(file)), filepath: file };
  if (page.path.endsWith('.json')) return format(page.render(), options);
  const notice = '<!-- Written by `npm run docs` from the code. Do not edit. -->';
  return format(`${notice}\n\n${page.render()}`, options);
}
