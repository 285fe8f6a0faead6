import { createHash } from 'node:crypto';
import { BASE_PATH, OPERATIONS, type Operation } from '@tollgate/admin-contract';

const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0 auto;max-width:60rem;padding:1rem}
code{font-family:ui-monospace,monospace}
section{border-top:1px solid #8884;padding:.25rem 0}
h3{font-size:1rem;margin:.5rem 0}
nav a{margin-right:1rem}`;

/** Lets the browser load nothing and run nothing: the page is text and its own style. */
export const REFERENCE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (mark) => ESCAPES[mark] ?? mark);
const code = (text: string): string => `<code>${escape(text)}</code>`;

function membersOf({ body, query }: Operation): string {
  const list = (title: string, names: readonly string[]): string =>
    names.length === 0 ? '' : `<p>${title}: ${names.map(code).join(', ')}</p>`;
  return list('Query', Object.keys(query.shape)) + list('Body', Object.keys(body?.shape ?? {}));
}

function sectionOf(operation: Operation): string {
  const { id, method, path, summary, description = '', role, status, changesEdition, errors } = operation;
  return `<section id="${id}"><h3>${code(`${method} ${BASE_PATH}${path.replaceAll(/:(\w+)/g, '{$1}')}`)}</h3>
<p>${escape(`${summary}. ${description}`)}</p>${membersOf(operation)}
<p>Role ${code(role)}; answers ${status}${changesEdition ? `; needs ${code('If-Match')}` : ''}.
${errors.length === 0 ? '' : `May be refused with ${errors.map(code).join(', ')}.`}</p></section>`;
}

/** The reference of the API as a page of its own: no scripts, nothing from elsewhere. */
export function renderReference(): string {
  const byTag = Map.groupBy(OPERATIONS, ({ tag }) => tag);
  const links = [...byTag.keys()].map((tag) => `<a href="#${tag}">${escape(tag)}</a>`).join('');
  const parts = [...byTag].map(
    ([tag, operations]) => `<h2 id="${tag}">${escape(tag)}</h2>${operations.map(sectionOf).join('')}`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Tollgate admin API</title>
<style>${STYLE}</style></head><body><h1>Tollgate admin API</h1>
<p>Every schema and every error is in the <a href="/admin/openapi.json">OpenAPI document</a>.</p>
<nav>${links}</nav>${parts.join('')}</body></html>`;
}
