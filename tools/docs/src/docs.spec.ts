import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { TENANT_SETTINGS, VARIABLES } from '@tollgate/config';
import { ERROR_CATALOGUE } from '@tollgate/domain';
import { METRICS } from '@tollgate/metrics';
import { configurationPage } from './configuration-page.js';
import { errorsPage } from './errors-page.js';
import { markdownTable } from './markdown-table.js';
import { metricsPage } from './metrics-page.js';
import { openapiPage } from './openapi/openapi-page.js';
import { findDifference } from './stale-page.js';

const root = join(import.meta.dirname, '../../..');

describe('the generated pages', () => {
  it('stand in docs/ as the code has them', async () => {
    const check = [
      '--conditions=@tollgate/source',
      '--import',
      './tools/swc-hooks.mjs',
      'tools/docs/src/check.ts',
    ];
    await promisify(execFile)(process.execPath, check, { cwd: root });
  });

  it('have a row for every variable, tenant setting, error code and metric', async () => {
    const configuration = await configurationPage.render();
    for (const name of Object.keys(VARIABLES)) expect(configuration).toContain(`| \`${name}\``);
    for (const suffix of Object.keys(TENANT_SETTINGS))
      expect(configuration).toContain(`| \`TENANT_<ID>_${suffix}\``);
    const [errors, metrics] = [await errorsPage.render(), await metricsPage.render()];
    for (const code of Object.keys(ERROR_CATALOGUE)) expect(errors).toContain(`| \`${code}\` |`);
    for (const name of Object.keys(METRICS)) expect(metrics).toContain(`| \`${name}\` |`);
  });

  it('describe the checkpoint API so that every reference leads somewhere', async () => {
    const text = await openapiPage.render();
    const { paths, components } = JSON.parse(text) as {
      paths: Record<string, Record<string, { responses: object }>>;
      components: { schemas: object };
    };
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(new Set(references)).toEqual(
      new Set(['CheckpointDocument', 'WrittenCheckpoint', 'Checkpoint', 'CheckpointList', 'Error']),
    );
    for (const name of references) expect(components.schemas).toHaveProperty(name ?? '');
    expect(text).not.toContain('$defs');
    const { put, get, delete: remove } = paths['/v1/checkpoints/{run_id}'] ?? {};
    expect(Object.keys(put?.responses ?? {})).toEqual([
      '200',
      '201',
      '400',
      '401',
      '403',
      '409',
      '412',
      '413',
      '415',
      '429',
      '500',
      '503',
    ]);
    expect(Object.keys(get?.responses ?? {})).toEqual(['200', '304', '400', '401', '404', '500', '503']);
    expect(Object.keys(remove?.responses ?? {})).toEqual([
      '204',
      '400',
      '401',
      '403',
      '404',
      '412',
      '500',
      '503',
    ]);
  });

  it('mark secrets, and nothing else', async () => {
    const marked = [...(await configurationPage.render()).matchAll(/^\| `(\S+)` 🔒/gm)].map(
      ([, name]) => name,
    );
    const secrets = Object.entries(VARIABLES).flatMap(([name, { secret }]) => (secret ? [name] : []));
    expect(marked).toEqual([...secrets, 'TENANT_<ID>_API_KEYS']);
  });
});

describe('markdownTable', () => {
  it('keeps a cell in its cell', () => {
    expect(markdownTable(['a', 'b'], [['x|y', 'two\nlines']])).toBe(
      '| a | b |\n| --- | --- |\n| x\\|y | two lines |\n',
    );
  });
});

describe('findDifference', () => {
  it('shows the first line that differs', () => {
    expect(findDifference('a\nb\nc\n', 'a\nB\nC\n')).toBe('line 2:\n- b\n+ B');
    expect(findDifference('', 'a\n')).toBe('line 1:\n- \n+ a');
    expect(findDifference('a', 'a\nb')).toBe('line 2:\n- (end of the page)\n+ b');
    expect(findDifference('a\nb', 'a')).toBe('line 2:\n- b\n+ (end of the page)');
    expect(findDifference('a', 'a')).toBeUndefined();
  });
});
