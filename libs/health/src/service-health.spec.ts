import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Global, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { HealthModule } from './health.module.js';
import { Probe } from './probe.js';
import { ServiceHealth } from './service-health.js';

/** What the tests change of a service's fitness. */
interface Fitness {
  database: boolean;
  redis: boolean;
  refusalReason: string | undefined;
}

const answer = (isUp: boolean): Promise<void> =>
  isUp ? Promise.resolve() : Promise.reject(new Error('gone'));

function healthOf(fitness: Fitness): ServiceHealth {
  return new ServiceHealth({
    version: '1.2.3',
    probes: [
      new Probe('database', () => answer(fitness.database), 5000),
      new Probe('redis', () => answer(fitness.redis), 5000),
    ],
    refusalReason: () => fitness.refusalReason,
    required: (name) => name === 'redis',
  });
}

describe('a service', () => {
  let fitness: Fitness;
  let app: NestFastifyApplication;

  beforeEach(async () => {
    fitness = { database: true, redis: true, refusalReason: undefined };
    const health = healthOf(fitness);
    @Global()
    @Module({ providers: [{ provide: ServiceHealth, useValue: health }], exports: [ServiceHealth] })
    class FitnessModule {}
    const module = await Test.createTestingModule({
      imports: [FitnessModule, HealthModule.forRoot()],
    }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    await app.init();
  });
  afterEach(() => app.close());

  const get = async (url: string): Promise<{ status: number; body: Record<string, unknown> }> => {
    const response = await app.inject({ method: 'GET', url });
    return { status: response.statusCode, body: response.json() };
  };
  const component = (status: 'up' | 'down'): object => ({ status, latency_ms: expect.any(Number) });

  it('is healthy when all its dependencies are', async () => {
    const { status, body } = await get('/health');
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        status: 'healthy',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        version: '1.2.3',
        components: { database: component('up'), redis: component('up') },
      },
    });
    expect(await get('/health/ready')).toEqual({
      status: 200,
      body: {
        status: 'ok',
        info: { gateway: { status: 'up' } },
        error: {},
        details: { gateway: { status: 'up' } },
      },
    });
  });

  it('is degraded but ready when a dependency is down that it can do without', async () => {
    fitness.database = false;
    expect((await get('/health')).body).toMatchObject({
      status: 'degraded',
      components: { database: component('down'), redis: component('up') },
    });
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('is unhealthy and not ready when a dependency is down that it needs', async () => {
    fitness.redis = false;
    expect((await get('/health')).body).toMatchObject({ status: 'unhealthy' });
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      body: { status: 'error', error: { gateway: { status: 'down', reason: 'redis is down' } } },
    });
  });

  it('is unhealthy and not ready when it refuses requests for another reason', async () => {
    fitness.refusalReason = 'draining';
    expect((await get('/health')).body).toMatchObject({
      status: 'unhealthy',
      components: { redis: component('up') },
    });
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      body: { error: { gateway: { status: 'down', reason: 'draining' } } },
    });
  });

  it('lives whatever is down', async () => {
    Object.assign(fitness, { database: false, redis: false, refusalReason: 'draining' });
    expect(await get('/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('is not kept by caches', async () => {
    for (const url of ['/health', '/health/ready', '/health/live'])
      expect((await app.inject({ method: 'GET', url })).headers['cache-control']).toContain('no-store');
  });
});
