import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportSPKI, generateKeyPair } from 'jose';
import { operatorOperations, tenantOperations } from '@tollgate/admin-contract';
import { AdminWorld } from '../testing/admin-world.js';
import { Issuer } from '../testing/issuer.js';

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const nowSeconds = (): number => Math.floor(Date.now() / 1000);

describe('operators of an OIDC issuer', () => {
  let issuer: Issuer;
  let world: AdminWorld;

  beforeAll(async () => {
    issuer = await Issuer.start();
    world = await AdminWorld.create(issuer.env);
  });
  afterAll(async () => {
    await world.close();
    await issuer.stop();
  });

  const self = async (token: string): Promise<unknown> =>
    (await world.client.ask(operatorOperations.readSelf, { token })).body;
  const code = async (token: string): Promise<string> =>
    (await world.client.refusal(operatorOperations.readSelf, { token }))[1];

  it('are let in with the role of their claim, the highest when it is a list', async () => {
    expect(await self(await issuer.sign())).toEqual({ id: 'oidc:ada@example.com', role: 'operator' });
    const many = await issuer.sign({
      tollgate_role: ['viewer', 'admin', 'root'],
      aud: ['x', 'tollgate-admin'],
    });
    expect(await self(many)).toMatchObject({ role: 'admin' });
  });

  it('stand in the audit by their subject', async () => {
    const token = await issuer.sign();
    await world.client.as(token).ask(tenantOperations.create, { body: { id: 'by-oidc' } });
    const { rows } = await world.pool.query("SELECT actor FROM audit_log WHERE target_id = 'by-oidc'");
    expect(rows).toEqual([{ actor: 'oidc:ada@example.com' }]);
  });

  it('have their keys read once, not for each request', async () => {
    const before = issuer.reads;
    for (let i = 0; i < 5; i += 1) await self(await issuer.sign());
    expect(issuer.reads).toBe(before);
  });

  it.each<[string, Record<string, unknown>]>([
    ['has expired', { exp: nowSeconds() - 60 }],
    ['never expires', { exp: undefined }],
    ['is not valid yet', { nbf: nowSeconds() + 600 }],
    ['is of another issuer', { iss: 'https://elsewhere.example' }],
    ['is for another audience', { aud: 'another' }],
    ['is for nobody', { aud: undefined }],
    ['has no subject', { sub: undefined }],
    ['has a subject with a line break', { sub: 'ada\r\nx' }],
    ['has no role', { tollgate_role: undefined }],
    ['has a role that there is not', { tollgate_role: 'root' }],
    ['has an object for a role', { tollgate_role: { admin: true } }],
  ])('are refused when the token %s', async (_, claims) => {
    expect(await code(await issuer.sign(claims))).toBe('invalid_operator_token');
  });

  it('are refused when somebody else has signed the token, or nobody, or with the public key as a secret', async () => {
    const stranger = await generateKeyPair('RS256');
    expect(await code(await issuer.sign({}, { key: stranger.privateKey }))).toBe('invalid_operator_token');
    expect(await code(await issuer.sign({}, { kid: 'unknown' }))).toBe('invalid_operator_token');
    const [, payload = ''] = (await issuer.sign()).split('.');
    for (const alg of ['none', 'None', 'nOnE'])
      expect(await code(`${encode({ alg, kid: 'k1' })}.${payload}.`)).toBe('invalid_operator_token');
    const head = `${encode({ alg: 'HS256', kid: 'k1' })}.${payload}`;
    const mac = createHmac('sha256', await exportSPKI(issuer.keys.publicKey))
      .update(head)
      .digest('base64url');
    expect(await code(`${head}.${mac}`)).toBe('invalid_operator_token');
    const changed = encode({
      ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object),
      sub: 'eve',
    });
    const [header = '', , signature = ''] = (await issuer.sign()).split('.');
    expect(await code(`${header}.${changed}.${signature}`)).toBe('invalid_operator_token');
  });
});

describe('an OIDC issuer that does not answer', () => {
  it.each(['error', 'silent'] as const)('keeps out its own operators only (%s)', async (mode) => {
    const issuer = await Issuer.start();
    issuer.mode = mode;
    const world = await AdminWorld.create(issuer.env);
    const token = await issuer.sign();
    expect(await world.client.refusal(operatorOperations.readSelf, { token })).toEqual([
      503,
      'issuer_unavailable',
    ]);
    await world.client.ask(operatorOperations.readSelf);
    await world.close();
    await issuer.stop();
  });
});
