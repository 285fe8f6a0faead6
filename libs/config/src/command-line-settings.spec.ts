import { describe, expect, it } from '@jest/globals';
import { loadCommandLineSettings } from './command-line-settings.js';

const DATABASE_URL = 'postgres://localhost/x';

describe('loadCommandLineSettings', () => {
  it('does not mind what else is wrong or missing in the environment', () => {
    expect(loadCommandLineSettings({ DATABASE_URL, PORT: 'many', ENV: 'prod', TENANT_X: '1' })).toEqual({
      databaseUrl: DATABASE_URL,
      tenantSource: 'env',
    });
  });

  it('takes the owner, where there is one beside the user of the gateways', () => {
    const MIGRATION_DATABASE_URL = 'postgres://owner@localhost/x';
    const settings = { databaseUrl: MIGRATION_DATABASE_URL, tenantSource: 'env' };
    expect(loadCommandLineSettings({ DATABASE_URL, MIGRATION_DATABASE_URL })).toEqual(settings);
    expect(loadCommandLineSettings({ MIGRATION_DATABASE_URL })).toEqual(settings);
  });

  it('names each problem of what it needs once', () => {
    expect(() => loadCommandLineSettings({ TENANT_LLM_CONFIG_SOURCE: 'oracle' })).toThrow(
      expect.objectContaining({
        problems: [
          expect.objectContaining({
            variable: 'TENANT_LLM_CONFIG_SOURCE',
            problem: 'the value is not legal',
          }),
          expect.objectContaining({ variable: 'DATABASE_URL', problem: 'the command has no database' }),
        ],
      }),
    );
  });
});
