/** Writes the generated pages of the reference: `npm run docs`. */
import { writeFile } from 'node:fs/promises';
import { fileOf, renderPage } from './generated-page.js';
import { PAGES } from './pages.js';

for (const page of PAGES) {
  await writeFile(fileOf(page), await renderPage(page));
  console.log(page.path);
}
