/** Fails when a generated page differs from what the code says: `npm run docs:check`. */
import { readFile } from 'node:fs/promises';
import { fileOf, renderPage } from './generated-page.js';
import { PAGES } from './pages.js';
import { findDifference } from './stale-page.js';

for (const page of PAGES) {
  const committed = await readFile(fileOf(page), 'utf8').catch(() => ''); // a missing page is a stale one
  const difference = findDifference(committed, await renderPage(page));
  if (difference === undefined) continue;
  console.error(`${page.path} is stale, from ${difference}`);
  process.exitCode = 1;
}
if (process.exitCode === 1) console.error('Run "npm run docs" and commit the result.');
