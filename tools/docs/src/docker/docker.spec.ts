import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { VARIABLES } from '@tollgate/config';
import { parse } from 'yaml';
import { lineageOf, parseDockerfile, type Stage } from './dockerfile.js';

const root = join(import.meta.dirname, '../../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

const stages = parseDockerfile(read('docker/Dockerfile'));
const targets = stages.filter(({ instructions }) =>
  instructions.some(({ keyword }) => keyword === 'ENTRYPOINT'),
);
const servers = targets.filter(({ name }) => name !== 'cli');

function lastOf(stage: Stage, keyword: string): string | undefined {
  const all = lineageOf(stage, stages).flatMap(({ instructions }) => instructions.toReversed());
  return all.find((instruction) => instruction.keyword === keyword)?.rest;
}

function entrypointOf(stage: Stage): string[] {
  return JSON.parse(lastOf(stage, 'ENTRYPOINT') ?? '[]') as string[];
}

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly target: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly stop_grace_period?: string;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}
const compose = parse(read('docker/compose.yaml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);

describe('docker/Dockerfile', () => {
  it('has a target for each process, the gateway last', () => {
    expect(targets.map(({ name }) => name)).toEqual([
      'cli',
      'all-in-one',
      'offloader',
      'admin-api',
      'gateway',
    ]);
    expect(stages.at(-1)?.name).toBe('gateway');
  });

  it.each(targets)('$name starts Node itself, as nobody special, with what the build made', (target) => {
    const [command, ...args] = entrypointOf(target);
    const main = args.at(-1) ?? '';
    expect(command).toBe('node');
    expect(existsSync(join(root, main.replace('/dist/', '/src/').replace(/\.js$/, '.ts')))).toBe(true);
    expect(lastOf(target, 'USER')).toBe('1000');
    const lineage = lineageOf(target, stages);
    expect(lineage.at(-1)?.base).toMatch(/^node:26-slim$/);
    const copied = lineage.flatMap(({ instructions }) => instructions.map(({ rest }) => rest));
    expect(copied).toContainEqual(expect.stringMatching(new RegExp(`/app/${main.split('/dist/')[0]} `)));
  });

  it.each(['gateway', 'offloader', 'admin-api'])(
    'starts the %s with the arguments of its npm script',
    (service) => {
      const target = targets.find(({ name }) => name === service);
      expect(target && entrypointOf(target).join(' ')).toBe(manifest.scripts[`start:${service}`]);
    },
  );

  it.each(servers)('$name is stopped in order and watched without further tools', (target) => {
    expect(lastOf(target, 'STOPSIGNAL')).toBe('SIGTERM');
    const check = lastOf(target, 'HEALTHCHECK') ?? '';
    const [program, flag, script] = JSON.parse(check.slice(check.indexOf('['))) as string[];
    expect([program, flag]).toEqual(['node', '-e']);
    expect(script).toContain("/health/live'");
  });

  it('copies what there is', () => {
    const sources = stages.flatMap(({ instructions }) =>
      instructions
        .filter(({ keyword }) => keyword === 'COPY')
        .flatMap(({ rest }) => rest.split(' ').slice(0, -1))
        .filter((word) => !word.startsWith('--')),
    );
    const missing = sources.filter((path) => !existsSync(join(root, path.replace(/^\/app\//, ''))));
    expect({ missing, count: sources.length }).toEqual({ missing: [], count: 14 });
  });

  it('is given neither secrets nor what it makes itself', () => {
    const ignored = read('.dockerignore').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.env*', '.data', '.git', '**/node_modules', '**/dist']));
  });
});

describe('docker/compose.yaml', () => {
  it('refers to files, volumes, services and targets that there are', () => {
    for (const [name, service] of services) {
      for (const volume of service.volumes ?? []) {
        const source = volume.split(':')[0] ?? '';
        const exists = source.startsWith('.')
          ? existsSync(join(root, 'docker', source))
          : Object.hasOwn(compose.volumes, source);
        expect({ name, volume, exists }).toEqual({ name, volume, exists: true });
      }
      for (const other of Object.keys(service.depends_on ?? {}))
        expect(compose.services).toHaveProperty(other);
      if (service.build) {
        const { context, dockerfile, target } = service.build;
        expect(existsSync(join(root, 'docker', context, dockerfile))).toBe(true);
        expect(targets.map((stage) => stage.name)).toContain(target);
      } else expect(service.image).toMatch(/^[\w./-]+:v?\d[\w.]*$/);
    }
  });

  it('sets variables that Tollgate knows, and legal values', () => {
    for (const name of ['gateway', 'offloader', 'admin-api', 'cli']) {
      const environment = Object.entries(compose.services[name]?.environment ?? {});
      expect(environment.length).toBeGreaterThan(5);
      for (const [variable, value] of environment) {
        const { schema } = VARIABLES[variable as keyof typeof VARIABLES] ?? {};
        const isLegal = value.startsWith('${') || schema?.safeParse(value).success === true;
        expect({ variable, isKnown: schema !== undefined, isLegal }).toEqual({
          variable,
          isKnown: true,
          isLegal: true,
        });
      }
    }
  });

  it('opens ports to this machine alone', () => {
    for (const port of services.flatMap(([, { ports = [] }]) => ports))
      expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it.each(['gateway', 'offloader', 'admin-api'])('lets the %s drain', (service) => {
    const seconds = Number.parseInt(compose.services[service]?.stop_grace_period ?? '', 10);
    expect(seconds).toBe(VARIABLES.DRAIN_TIMEOUT_SECONDS.fallback + 15);
  });

  it('gives Prometheus and Grafana files that lead to each other', () => {
    const prometheus = parse(read('docker/prometheus/prometheus.yml')) as {
      scrape_configs: { dns_sd_configs: { names: string[]; port: number }[] }[];
    };
    expect(prometheus.scrape_configs.flatMap((job) => job.dns_sd_configs)).toMatchObject([
      { names: ['gateway'], port: VARIABLES.PORT.fallback },
      { names: ['offloader'], port: VARIABLES.OFFLOADER_PORT.fallback },
      { names: ['admin-api'], port: VARIABLES.ADMIN_PORT.fallback },
    ]);
    const source = parse(read('docker/grafana/provisioning/datasources/prometheus.yaml')) as {
      datasources: { uid: string; url: string }[];
    };
    expect(source.datasources).toEqual([
      expect.objectContaining({ uid: 'prometheus', url: 'http://prometheus:9090' }),
    ]);
    const provider = parse(read('docker/grafana/provisioning/dashboards/tollgate.yaml')) as {
      providers: { options: { path: string } }[];
    };
    const folder = provider.providers[0]?.options.path ?? '';
    const mounted = compose.services['grafana']?.volumes?.map((volume) => volume.split(':')[1]);
    expect(mounted).toEqual([dirname(dirname('/etc/grafana/provisioning/datasources/x')), folder]);
  });
});
