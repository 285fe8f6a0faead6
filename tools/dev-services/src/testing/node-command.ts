import { join } from 'node:path';

const root = join(import.meta.dirname, '../../../..');

/** Arguments after `node` that run a TypeScript source of this package. */
export function nodeArguments(source: string): readonly string[] {
  return [
    '--conditions=@tollgate/source',
    '--import',
    join(root, 'tools/swc-hooks.mjs'),
    join(root, 'tools/dev-services/src', source),
  ];
}
