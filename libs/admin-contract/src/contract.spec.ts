import { describe, expect, it } from '@jest/globals';
import { createOpenapiDocument } from './openapi/openapi-document.js';
import { OPERATIONS } from './operations.js';
import { policyBody, tenantBody } from './tenants/tenant-schemas.js';
import { formatAmount, readAmount } from './wire/money.js';

describe('the contract of the admin API', () => {
  it('names every operation and every route once', () => {
    expect(new Set(OPERATIONS.map(({ id }) => id)).size).toBe(OPERATIONS.length);
    expect(new Set(OPERATIONS.map(({ method, path }) => `${method} ${path}`)).size).toBe(OPERATIONS.length);
  });

  it.each(OPERATIONS.map((operation) => [operation.id, operation] as const))(
    'is consistent about %s',
    (_, { tag, method, path, params, changesEdition, role, status, answer, body }) => {
      const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
      expect(Object.keys(params.shape)).toEqual(inPath);
      if (method === 'GET')
        expect([changesEdition, role === 'operator', body]).toEqual([false, false, undefined]);
      if ((method === 'PUT' || method === 'PATCH' || method === 'DELETE') && tag !== 'session')
        expect(changesEdition).toBe(true);
      if (changesEdition) expect(role).not.toBe('viewer');
      expect(status === 204).toBe(answer === undefined);
    },
  );

  it('is an OpenAPI document whose references all lead somewhere', () => {
    const document = createOpenapiDocument();
    const text = JSON.stringify(document);
    const { schemas } = document['components'] as { schemas: Record<string, object> };
    const references = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name = '']) => name);
    for (const name of references) expect(schemas).toHaveProperty(name);
    expect([...new Set(references)].sort()).toEqual(
      Object.keys(schemas)
        .filter((name) => references.includes(name))
        .sort(),
    );
    expect(text).not.toContain('$defs');
  });

  it('asks for an edition and an idempotency key where they are needed, and documents what is refused', () => {
    const { paths } = createOpenapiDocument() as {
      paths: Record<string, Record<string, { parameters: { name: string }[]; responses: object }>>;
    };
    const { parameters, responses } =
      paths['/admin/v1/tenants/{tenant_id}/keys/{key_id}/rotate']?.['post'] ?? {};
    expect(parameters?.map(({ name }) => name)).toEqual([
      'tenant_id',
      'key_id',
      'If-Match',
      'Idempotency-Key',
    ]);
    expect(Object.keys(responses ?? {})).toEqual([
      ...['201', '400', '401', '403', '404', '409', '412', '413', '415', '422', '428', '429', '500', '503'],
    ]);
  });
});

describe('an amount on the wire', () => {
  it('stands there twice, and may be sent either way', () => {
    expect(formatAmount('budget', 1_500_000_000)).toEqual({
      budget_usd: '1.5',
      budget_nano_usd: 1_500_000_000,
    });
    expect(formatAmount('budget', undefined)).toEqual({ budget_usd: null, budget_nano_usd: null });
    expect(readAmount({ budget_usd: '1.5' }, 'budget')).toBe(1_500_000_000);
    expect(readAmount({ budget_nano_usd: 0 }, 'budget')).toBe(0);
    expect(readAmount({ budget_usd: null }, 'budget')).toBeNull();
    expect(readAmount({}, 'budget')).toBeUndefined();
  });

  it.each([
    [{ budget_usd: '1.5', budget_nano_usd: 1 }, 'budget_usd'],
    [{ budget_usd: null, budget_nano_usd: 1 }, 'budget_usd'],
    [{ budget_usd: '-1' }, 'budget_usd'],
    [{ budget_usd: '1e3' }, 'budget_usd'],
    [{ budget_usd: '9007199.254740992' }, 'budget_usd'],
    [{ budget_nano_usd: 2 ** 63 }, 'budget_nano_usd'],
    [{ budget_nano_usd: -1 }, 'budget_nano_usd'],
    [{ budget_nano_usd: 0.5 }, 'budget_nano_usd'],
    [{ budget_nano_usd: '5' }, 'budget_nano_usd'],
  ])('is refused in %j', (body, path) => {
    const { error } = tenantBody.safeParse(body);
    expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });

  it('of a budget is no part of a policy', () => {
    expect(policyBody.safeParse({ budget_usd: '1' }).success).toBe(false);
    expect(policyBody.safeParse({ run_budget_usd: '1', run_budget_nano_usd: 1e9 }).success).toBe(true);
  });
});
