import { describe, expect, it } from '@jest/globals';
import { Probe } from './probe.js';

const NEVER_MS = 600_000;

describe('Probe', () => {
  it('is up when its check resolves, and down when it rejects', async () => {
    const up = await new Probe('redis', () => Promise.resolve('PONG'), NEVER_MS).run();
    expect(up).toEqual({ status: 'up', latencyMs: expect.any(Number) });
    expect(up.latencyMs).toBeGreaterThanOrEqual(0);
    const down = new Probe('redis', () => Promise.reject(new Error('gone')), NEVER_MS);
    expect(await down.run()).toMatchObject({ status: 'down' });
  });

  it('is down when its check throws before it waits for anything', async () => {
    const thrower = (): Promise<unknown> => {
      throw new Error('the pool has ended');
    };
    expect(await new Probe('database', thrower, NEVER_MS).run()).toMatchObject({ status: 'down' });
  });

  it('is down once its time is up, however long the check takes', async () => {
    const check = Promise.withResolvers<void>();
    const probe = new Probe('database', () => check.promise, 20);
    const result = await probe.run();
    expect(result.status).toBe('down');
    expect(result.latencyMs).toBeGreaterThanOrEqual(15);
    check.reject(new Error('too late to be noticed'));
    await expect(check.promise).rejects.toThrow();
  });

  it('looks once for all who ask at the same time, and again for the next', async () => {
    const checks: PromiseWithResolvers<void>[] = [];
    const probe = new Probe(
      'database',
      () => {
        const check = Promise.withResolvers<void>();
        checks.push(check);
        return check.promise;
      },
      NEVER_MS,
    );
    const asked = [probe.run(), probe.run(), probe.run()];
    expect(checks).toHaveLength(1);
    checks[0]?.resolve();
    const results = await Promise.all(asked);
    expect(new Set(results).size).toBe(1);
    const next = probe.run();
    expect(checks).toHaveLength(2);
    checks[1]?.reject(new Error('gone'));
    expect(await next).toMatchObject({ status: 'down' });
  });
});
