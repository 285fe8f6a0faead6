import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';

/** A page of the reference that is written from the code. */
export interface GeneratedPage {
  /** Path inside the repository. */
  readonly path: string;
  /** Its content in Markdown, or in JSON or TypeScript for a path that ends so; not yet formatted. */
  readonly render: () => string | Promise<string>;
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
  const content = await page.render();
  if (!page.path.endsWith('.md')) return format(content, options);
  const notice = '<!-- Written by `npm run docs` from the code. Do not edit. -->';
  return format(`${notice}\n\n${content}`, options);
}
