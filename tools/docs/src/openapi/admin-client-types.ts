import openapiTypescript, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { createOpenapiDocument } from '@tollgate/admin-contract';
import type { GeneratedPage } from '../generated-page.js';

interface Described {
  readonly paths: Readonly<
    Record<string, Record<string, { readonly responses: Readonly<Record<string, unknown>> }>>
  >;
}

/** The admin API as types, for the console. Problems all have one type, so that they are left out. */
export const adminClientTypes: GeneratedPage = {
  path: 'apps/console/src/api/admin-api-schema.d.ts',
  render: async () => {
    const document = withoutProblems(JSON.parse(JSON.stringify(createOpenapiDocument())) as Described);
    const nodes = await openapiTypescript(document as unknown as OpenAPI3, { alphabetize: true });
    return `/** Written by \`npm run docs\` from the code. Do not edit. */\n${astToString(nodes)}`;
  },
};

function withoutProblems(document: Described): Described {
  const paths = Object.entries(document.paths).map(([path, methods]) => [
    path,
    Object.fromEntries(
      Object.entries(methods).map(([method, operation]) => {
        const good = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
        return [method, { ...operation, responses: Object.fromEntries(good) }];
      }),
    ),
  ]);
  return { ...document, paths: Object.fromEntries(paths) as Described['paths'] };
}
