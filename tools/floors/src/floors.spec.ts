import { execFile, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '../../..');
const nxRule = '@nx/enforce-module-boundaries';

const violations = {
  'an upward import by package name': {
    file: 'libs/stores/src/planted.ts',
    text: "import '@tollgate/http';",
    rules: [nxRule, 'house/imports'],
  },
  'an upward re-export from the lowest floor': {
    file: 'libs/domain/src/planted.ts',
    text: "export * from '@tollgate/config';",
    rules: [nxRule, 'house/imports'],
  },
  'an upward import at run time': {
    file: 'libs/stores/src/planted.ts',
    text: "await import('@tollgate/http');",
    rules: [nxRule, 'house/imports'],
  },
  'an upward import of a type': {
    file: 'libs/stores/src/planted.ts',
    text: "/** Planted. */\nexport type Planted = import('@tollgate/http').Planted;",
    rules: ['house/imports'],
  },
  'an import from the same floor': {
    file: 'libs/config/src/planted.ts',
    text: "import '@tollgate/database';",
    rules: [nxRule, 'house/imports'],
  },
  'a lib that imports an app by name': {
    file: 'libs/stores/src/planted.ts',
    text: "import '@tollgate/gateway';",
    rules: [nxRule, 'house/imports'],
  },
  'an app that imports an app': {
    file: 'apps/cli/src/planted.ts',
    text: "import '@tollgate/gateway';",
    rules: [nxRule, 'house/imports'],
  },
  'a deep import': {
    file: 'libs/http/src/planted.ts',
    text: "import '@tollgate/stores/src/planted';",
    rules: ['house/imports'],
  },
  'a relative import from another package': {
    file: 'libs/http/src/planted.ts',
    text: "import '../../stores/src/index.js';",
    rules: [nxRule, 'house/imports'],
  },
  'a tool outside test code': {
    file: 'libs/stores/src/planted.ts',
    text: "import '@tollgate/dev-services';",
    rules: [nxRule, 'house/imports'],
  },
  'Nest in a plain class file': {
    file: 'libs/stores/src/planted.ts',
    text: "import '@nestjs/common';",
    rules: ['no-restricted-imports'],
  },
  'the environment read outside config': {
    file: 'libs/stores/src/planted.ts',
    text: '/** Planted. */\nexport const planted = process.env.PLANTED;',
    rules: ['no-restricted-properties'],
  },
  'the environment read outside config by its key': {
    file: 'apps/gateway/src/planted.ts',
    text: "/** Planted. */\nexport const planted = process['env'];",
    rules: ['no-restricted-properties'],
  },
  'the environment imported outside config': {
    file: 'libs/stores/src/planted.ts',
    text: "export { env } from 'node:process';",
    rules: ['no-restricted-syntax'],
  },
  'a file name that says nothing': {
    file: 'libs/http/src/string-utils.ts',
    text: '',
    rules: ['house/file-name'],
  },
  'a folder name that says nothing': {
    file: 'libs/http/src/helpers/x.ts',
    text: '',
    rules: ['house/file-name'],
  },
  'a file name in camel case': {
    file: 'libs/http/src/planted.Filter.ts',
    text: '',
    rules: ['house/file-name'],
  },
  'an export without a comment': {
    file: 'libs/http/src/planted.ts',
    text: 'export class Planted {}',
    rules: ['house/documented-export'],
  },
  'a file of 301 lines': {
    file: 'libs/http/src/planted.ts',
    text: 'void 0;\n'.repeat(301),
    rules: ['max-lines'],
  },
  'a file of 401 lines': {
    file: 'libs/http/src/planted.ts',
    text: 'void 0;\n'.repeat(401),
    rules: ['house/max-lines', 'max-lines'],
  },
};

const legal = {
  'imports from below and from the own package': {
    file: 'libs/stores/src/planted.ts',
    text: "import '@tollgate/domain';\nimport '@tollgate/database';\nimport './index.js';",
  },
  'a tool in a spec': { file: 'libs/stores/src/planted.spec.ts', text: "import '@tollgate/dev-services';" },
  'a tool in a conformance suite': {
    file: 'libs/stores/src/budget-store/budget-store-conformance.ts',
    text: "import '@tollgate/dev-services';",
  },
  'a tool in a testing folder': {
    file: 'libs/tenant-config/src/testing/planted.ts',
    text: "import '@tollgate/dev-services';",
  },
  'a tool that imports a lib': { file: 'tools/bench/src/planted.ts', text: "import '@tollgate/domain';" },
  'Nest in a module': { file: 'libs/health/src/planted.module.ts', text: "import '@nestjs/common';" },
  'Nest in an app': { file: 'apps/gateway/src/planted.ts', text: "import '@nestjs/common';" },
  'the environment in config': {
    file: 'libs/config/src/planted.ts',
    text: '/** Planted. */\nexport const planted = process.env.PLANTED;',
  },
  'an export whose comment stands before the decorator': {
    file: 'libs/health/src/planted.module.ts',
    text: '/** Planted. */\n@Object.freeze\nexport class Planted {}',
  },
};

describe('the linter', () => {
  let fired: ReadonlyMap<object, readonly string[]>;

  beforeAll(async () => {
    // The rule of Nx does nothing until Nx has computed its project graph.
    const nx = createRequire(import.meta.url).resolve('nx/bin/nx.js');
    await promisify(execFile)(process.execPath, [nx, 'show', 'projects'], { cwd: root });
    fired = await lint([...Object.values(violations), ...Object.values(legal)]);
  }, 120_000);

  it.each(Object.entries(violations))('refuses %s', (_name, plant) => {
    expect(fired.get(plant)).toEqual(plant.rules);
  });

  it.each(Object.entries(legal))('allows %s', (_name, plant) => {
    expect(fired.get(plant)).toEqual([]);
  });
});

interface Plant {
  readonly file: string;
  readonly text: string;
}

async function lint(plants: readonly Plant[]): Promise<ReadonlyMap<object, readonly string[]>> {
  const program = resolve(import.meta.dirname, 'testing/lint-planted.ts');
  const child = spawn(process.execPath, ['--import', resolve(root, 'tools/swc-hooks.mjs'), program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(plants));
  const rules = JSON.parse(await text(child.stdout)) as string[][];
  return new Map(plants.map((plant, index) => [plant, rules[index] ?? []]));
}
