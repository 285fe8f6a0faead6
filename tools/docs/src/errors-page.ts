import { ERROR_CATALOGUE, type ErrorKind } from '@tollgate/domain';
import type { GeneratedPage } from './generated-page.js';
import { code, markdownTable } from './markdown-table.js';

const INTRODUCTION = `
# Errors

Every error that a client can meet has a stable \`code\`. Its \`type\` is that of OpenAI's error envelope; on Anthropic
routes the envelope is Anthropic's, and the code is the same. Where the table says that trying again does not help, the
answer carries \`x-should-retry: false\`, which keeps the SDKs from doing so.

On the admin API an error is a problem of RFC 9457 (\`application/problem+json\`) with the same \`code\`; its \`type\` is
\`urn:tollgate:error:<code>\`, and \`errors\` names every member of the request that is not legal.

The last column is how loud one occurrence is in the gateway's log.
`;

function row([errorCode, kind]: [string, ErrorKind]): string[] {
  return [
    code(errorCode),
    kind.status.toString(),
    code(kind.type),
    kind.meaning,
    kind.retryable ? 'yes' : 'no',
    kind.logLevel,
  ];
}

function render(): string {
  const headings = ['Code', 'Status', 'Type', 'When, and what to do', 'Try again?', 'Log level'];
  const rows = Object.entries<ErrorKind>(ERROR_CATALOGUE).map(row);
  return `${INTRODUCTION}\n${markdownTable(headings, rows)}`;
}

/** Every error that a client can meet. */
export const errorsPage: GeneratedPage = { path: 'docs/errors.md', render };
