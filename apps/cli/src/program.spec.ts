import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inspectSettings, loadCommandLineSettings, loadSettings } from '@tollgate/config';
import { createTestDatabase, type TestDatabase } from '@tollgate/database/testing';
import { runCommandLine } from './program.js';

describe('runCommandLine', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it.each([
    {
      args: ['tenant', 'create', 'zoe', '--budget-cents', '1.5'],
      code: 2,
      says: 'whole number from 0 to 900000000',
    },
    { args: ['tenant', 'create', 'zoe', '--budget-cents', '-1'], code: 2, says: 'whole number' },
    { args: ['tenant', 'create', 'Zoe!'], code: 2, says: 'id: Must be 1 to 63' },
    { args: ['tenant', 'create'], code: 2, says: "missing required argument 'id'" },
    { args: ['tenant', 'create', 'zoe', '--colour', 'red'], code: 2, says: "unknown option '--colour'" },
    { args: ['tenant', 'create', 'zoe', 'zack'], code: 2, says: 'too many arguments' },
    {
      args: ['tenant', 'create', 'zoe', '--model-aliases', 'fast'],
      code: 2,
      says: 'It must be name:model pairs',
    },
    {
      args: ['tenant', 'create', 'zoe', '--model-aliases', 'auto:o3'],
      code: 2,
      says: 'May not name an alias auto or none',
    },
    { args: ['tenant'], code: 2, says: 'Usage: tollgate tenant' },
    { args: ['usage', 'zoe', '--month', '2026-13'], code: 2, says: 'a month such as 2026-11' },
    { args: ['doctor', '--timeout', '0'], code: 2, says: 'from 1 to 600' },
    { args: ['key', 'create', 'zoe', '--expires-in-days', '0'], code: 2, says: 'from 1 to' },
    { args: ['key', 'create', 'zoe'], code: 1, says: 'There is no tenant with this id.' },
    { args: ['key', 'revoke', 'tg_nope'], code: 1, says: 'There is no key with this id.' },
    { args: ['tenant', 'show', 'zoe'], code: 1, says: 'There is no tenant with this id.' },
  ])('answers $code and says why: $args', async ({ args, code, says }) => {
    const [out, err] = [[] as string[], [] as string[]];
    const streams = {
      out: { write: (text: string) => out.push(text) },
      err: { write: (text: string) => err.push(text) },
    };
    const env = { DATABASE_URL: database.url };
    const surroundings = {
      streams,
      loadSettings: () => loadCommandLineSettings(env),
      loadGatewaySettings: () => loadSettings(env),
      inspectSettings: () => inspectSettings(env),
    };
    expect(await runCommandLine(args, surroundings)).toBe(code);
    expect(out).toEqual([]);
    expect(err.join('')).toContain(says);
    expect(err.join('')).not.toContain('    at ');
  });
});
