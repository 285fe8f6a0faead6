import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { describeProblem, type Problem } from './configuration-error.js';
import { parseEnvironment, readText, type RawEnvironment } from './parse-environment.js';
import { loadSettings } from './settings.js';
import { TENANT_SETTINGS } from './tenant-variables.js';
import { VARIABLES, type Environment } from './variables.js';

function parse(env: RawEnvironment): { values: Environment; problems: Problem[] } {
  const problems: Problem[] = [];
  return { values: parseEnvironment(env, problems), problems };
}

describe('a number', () => {
  it.each([
    'abc',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    ' 1',
    '1 ',
    '99999999999999999999',
    'NaN',
    'Infinity',
    '10000001',
  ])('that is not a whole number within bounds is an error: %j', (raw) => {
    const { problems } = parse({ DEFAULT_TENANT_RATE_LIMIT: raw });
    expect(problems).toEqual([
      {
        kind: 'configuration',
        variable: 'DEFAULT_TENANT_RATE_LIMIT',
        problem: 'the value is not legal',
        remedy: 'Set it to: whole number, 0 to 10000000',
      },
    ]);
  });

  it('may be 0', () => {
    const env = {
      DEFAULT_TENANT_BUDGET_CENTS: '0',
      DEFAULT_TENANT_RATE_LIMIT: '0',
      OPENAI_MAX_COST_CENTS_PER_REQUEST: '0',
    };
    const { values, problems } = parse(env);
    expect(problems).toEqual([]);
    expect(values).toMatchObject({
      DEFAULT_TENANT_BUDGET_CENTS: 0,
      DEFAULT_TENANT_RATE_LIMIT: 0,
      OPENAI_MAX_COST_CENTS_PER_REQUEST: 0,
    });
  });

  it('may stand at either bound and not beyond', () => {
    expect(parse({ PORT: '65535' }).values.PORT).toBe(65_535);
    expect(parse({ PORT: '65536' }).problems).toHaveLength(1);
    expect(parse({ HEALTH_CHECK_TIMEOUT_SECONDS: '1' }).values.HEALTH_CHECK_TIMEOUT_SECONDS).toBe(1);
    expect(parse({ HEALTH_CHECK_TIMEOUT_SECONDS: '0' }).problems).toHaveLength(1);
  });
});

describe('the environment', () => {
  it('has the defaults of the reference when nothing is set', () => {
    expect(parse({})).toMatchObject({
      problems: [],
      values: {
        ENV: 'dev',
        PORT: 8080,
        TENANT_LLM_CONFIG_SOURCE: 'env',
        DEFAULT_LLM_MODEL: 'claude-sonnet-4-20250514',
        DEFAULT_LLM_FALLBACK_MODEL: 'gpt-4o-mini',
        DEFAULT_TENANT_RATE_LIMIT: 60,
        DEFAULT_TENANT_TOKENS_PER_MINUTE: 100_000,
        DEFAULT_TENANT_BUDGET_CENTS: 100_000,
        HEALTH_CHECK_TIMEOUT_SECONDS: 5,
        BUDGET_STORE: undefined,
        DATABASE_URL: undefined,
      },
    });
  });

  it('takes an empty value for an unset one, whatever the variable', () => {
    const empty = Object.fromEntries(
      Object.keys(VARIABLES).flatMap((name) => [
        [name, ''],
        [`${name}_FILE`, ''],
      ]),
    );
    expect(parse(empty)).toEqual(parse({}));
  });

  it.each<[keyof Environment, string]>([
    ['ENV', 'Production'],
    ['BUDGET_STORE', 'postgres'],
    ['BUDGET_FAILURE_MODE', 'OPEN'],
    ['MIGRATE_ON_START', 'yes'],
    ['REDIS_URL', 'http://cache'],
    ['DATABASE_URL', 'db:5432'],
    ['OPENAI_BASE_URL', 'api.openai.com'],
    ['DEFAULT_LLM_MODEL', 'gpt\n4o'],
  ])('refuses what %s cannot be', (variable, raw) => {
    expect(parse({ [variable]: raw }).problems).toEqual([
      expect.objectContaining({ variable, problem: 'the value is not legal' }),
    ]);
  });

  it('lists all problems at once', () => {
    expect(parse({ PORT: 'x', ENV: 'y', LOG_LEVEL: 'z' }).problems.map(({ variable }) => variable)).toEqual([
      'ENV',
      'PORT',
      'LOG_LEVEL',
    ]);
  });

  it('reads lists with blanks and empty words', () => {
    expect(parse({ OPENAI_ALLOWED_MODELS: ' gpt-4o , ,o3,' }).values.OPENAI_ALLOWED_MODELS).toEqual([
      'gpt-4o',
      'o3',
    ]);
  });
});

describe('a secret', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-config-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (content: string): string => {
    const path = join(folder, `${Math.random()}`);
    writeFileSync(path, content);
    return path;
  };

  it.each(['sk-1', 'sk-1\n', 'sk-1\r\n'])(
    'can come from a file, its last line break dropped: %j',
    (content) => {
      const { values, problems } = parse({ OPENAI_API_KEY_FILE: file(content) });
      expect({ key: values.OPENAI_API_KEY, problems }).toEqual({ key: 'sk-1', problems: [] });
    },
  );

  it('is unset when its file is empty', () => {
    expect(parse({ OPENAI_API_KEY_FILE: file('\n') })).toEqual(parse({}));
  });

  it('cannot stand in both places, but an empty variable does not count', () => {
    const path = file('sk-1');
    expect(parse({ OPENAI_API_KEY: 'sk-2', OPENAI_API_KEY_FILE: path }).problems).toEqual([
      {
        kind: 'configuration',
        variable: 'OPENAI_API_KEY',
        problem: 'both OPENAI_API_KEY and OPENAI_API_KEY_FILE are set',
        remedy: 'Keep one of them',
      },
    ]);
    expect(parse({ OPENAI_API_KEY: '', OPENAI_API_KEY_FILE: path }).values.OPENAI_API_KEY).toBe('sk-1');
  });

  it('whose file cannot be read is a problem that names no path', () => {
    for (const path of [join(folder, 'missing'), folder]) {
      const { problems } = parse({ REDIS_URL_FILE: path });
      expect(problems).toEqual([
        expect.objectContaining({ variable: 'REDIS_URL_FILE', problem: 'the file cannot be read' }),
      ]);
      expect(JSON.stringify(problems)).not.toContain(folder);
    }
  });

  it('is checked like any value when it comes from a file', () => {
    expect(parse({ DATABASE_URL_FILE: file('mysql://db') }).problems).toMatchObject([
      { variable: 'DATABASE_URL' },
    ]);
  });

  it('is the only kind of variable that is read from a file', () => {
    expect(parse({ DEFAULT_LLM_MODEL_FILE: file('x') })).toEqual(parse({}));
    expect(readText({ X: 'plain' }, 'X', [])).toBe('plain');
  });

  it('never stands in an error, nor does any other value', () => {
    const names = [
      ...Object.keys(VARIABLES),
      ...Object.keys(TENANT_SETTINGS).flatMap((suffix) => [`TENANT_ACME_${suffix}`, `TENANT_B_${suffix}`]),
      'TENANT_ACME_UNKNOWN',
    ];
    const word = fc.string({ minLength: 6, maxLength: 40 }).map((text) => `§${text.replaceAll(',', '.')}`);
    const shapes = fc.constantFrom(
      (text: string) => text,
      (text: string) => `sha256:${text}`,
      (text: string) => `redis://${text}`,
      (text: string) => `postgres://user:${text}@host/db`,
      (text: string) => `${text},${text}`,
    );
    const values = fc.dictionary(fc.constantFrom(...names), fc.tuple(word, shapes), { maxKeys: 12 });
    fc.assert(
      fc.property(values, fc.boolean(), (given, isStrict) => {
        const env: Record<string, string> = isStrict ? { ENV: 'prod' } : {};
        for (const [name, [secret, shape]] of Object.entries(given)) env[name] = shape(secret);
        const text = messageOf(env);
        for (const [secret] of Object.values(given)) expect(text).not.toContain(secret);
      }),
      { numRuns: 500 },
    );
  });

  it('never stands in an error when it comes from a file', () => {
    const secret = 'c0ntents-of-the-file';
    const secretVariables = Object.entries(VARIABLES).flatMap(([name, { secret: isSecret }]) =>
      isSecret ? [name] : [],
    );
    for (const name of [...secretVariables, 'TENANT_ACME_API_KEYS'])
      expect(messageOf({ ENV: 'prod', [`${name}_FILE`]: file(`\u0001${secret}`) })).not.toContain(secret);
  });

  function messageOf(env: RawEnvironment): string {
    try {
      return loadSettings(env).warnings.map(describeProblem).join();
    } catch (error) {
      return error instanceof Error ? `${error.message} ${error.stack} ${JSON.stringify(error)}` : '';
    }
  }
});
