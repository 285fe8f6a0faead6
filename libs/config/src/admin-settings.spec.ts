import { describe, expect, it } from '@jest/globals';
import { DEFAULT_ADMIN_TOKEN, loadAdminSettings } from './admin-settings.js';
import { ConfigurationError } from './configuration-error.js';
import type { RawEnvironment } from './parse-environment.js';

const DATABASE = { DATABASE_URL: 'postgres://admin@db/tollgate' };
const TOKEN = { ADMIN_TOKEN: 'a'.repeat(32) };
const OIDC = {
  ADMIN_OIDC_ISSUER: 'https://issuer.example',
  ADMIN_OIDC_AUDIENCE: 'tollgate',
  ADMIN_OIDC_JWKS_URL: 'https://issuer.example/jwks',
};

/** Variables at fault. */
function refused(env: RawEnvironment): string[] {
  try {
    loadAdminSettings(env);
    return [];
  } catch (error) {
    return error instanceof ConfigurationError ? error.problems.map(({ variable }) => variable) : ['?'];
  }
}

describe('the settings of an admin API', () => {
  it('need a database in every mode', () => {
    expect(refused({ ENV: 'dev' })).toEqual(['DATABASE_URL']);
    expect(refused({ ENV: 'prod', ...TOKEN })).toEqual(['DATABASE_URL']);
    expect(refused({ ENV: 'prod', ...TOKEN, ...DATABASE })).toEqual([]);
  });

  it.each([
    ['missing', {}],
    ['empty', { ADMIN_TOKEN: '' }],
    ['short', { ADMIN_TOKEN: 'a'.repeat(31) }],
    ['the default', { ADMIN_TOKEN: DEFAULT_ADMIN_TOKEN }],
    ['in a file that is not there', { ADMIN_TOKEN_FILE: '/nowhere/token' }],
  ])('refuse an admin token in strict mode that is %s', (_, env) => {
    expect(refused({ ENV: 'prod', ...DATABASE, ...env })).toHaveLength(1);
  });

  it('let a developer in with the default token, and warn of it', () => {
    const { adminToken, warnings, host, oidc } = loadAdminSettings(DATABASE);
    expect([adminToken, host, oidc]).toEqual([DEFAULT_ADMIN_TOKEN, '127.0.0.1', undefined]);
    expect(warnings.map(({ variable }) => variable)).toEqual(['ADMIN_TOKEN']);
  });

  it('keep the default token on this machine', () => {
    expect(refused({ ...DATABASE, HOST: '0.0.0.0' })).toEqual(['ADMIN_TOKEN']);
    expect(refused({ ...DATABASE, HOST: '0.0.0.0', ...TOKEN })).toEqual([]);
    expect(refused({ ...DATABASE, HOST: '127.0.0.1' })).toEqual([]);
  });

  it('take OIDC as a whole or not at all, and over plain HTTP only where that was accepted', () => {
    const env = { ENV: 'prod', ...DATABASE, ...TOKEN };
    expect(loadAdminSettings({ ...env, ...OIDC }).oidc).toEqual({
      issuer: 'https://issuer.example',
      audience: 'tollgate',
      jwksUrl: 'https://issuer.example/jwks',
      roleClaim: 'tollgate_role',
    });
    expect(refused({ ...env, ADMIN_OIDC_AUDIENCE: 'tollgate' })).toEqual([
      'ADMIN_OIDC_ISSUER',
      'ADMIN_OIDC_JWKS_URL',
    ]);
    const plain = { ...env, ...OIDC, ADMIN_OIDC_JWKS_URL: 'http://issuer.example/jwks' };
    expect(refused(plain)).toEqual(['ADMIN_OIDC_JWKS_URL']);
    expect(refused({ ...plain, STRICT_ACKNOWLEDGE: 'plain-http' })).toEqual([]);
  });

  it('never say a value', () => {
    const secret = 'short-secret';
    expect(() => loadAdminSettings({ ENV: 'prod', ...DATABASE, ADMIN_TOKEN: secret })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(secret) }),
    );
  });
});
