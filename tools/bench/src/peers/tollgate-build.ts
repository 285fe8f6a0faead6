import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { BenchContext } from '../run/bench-context.js';
import { workspaceRoot } from '../run/own-script.js';

const BUILD_TIMEOUT_MS = 600_000;
const SHOWN_LINES = 15;

const gatewayMain = join(workspaceRoot, 'apps/gateway/dist/main.js');

/** Arguments of `node` that start the gateway as production does: those of `npm run start:gateway`. */
export function gatewayArguments(): readonly string[] {
  const manifest = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const [, ...args] = (manifest.scripts['start:gateway'] ?? '').split(' ');
  return [...args.slice(0, -1), gatewayMain];
}

let built: Promise<void> | undefined;

/** Builds the workspace for production, once in a run of the bench. A failed build stops only Tollgate's figures. */
export function buildTollgate(context: BenchContext): Promise<void> {
  built ??= build(context);
  return built;
}

async function build({ say }: BenchContext): Promise<void> {
  say('building Tollgate (npm run build)');
  // npm and what it starts must find this very Node first.
  const PATH = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  const options = { cwd: workspaceRoot, timeout: BUILD_TIMEOUT_MS, maxBuffer: 1 << 26 };
  await promisify(execFile)('npm', ['run', 'build'], { ...options, env: { ...process.env, PATH } }).catch(
    (error: unknown) => {
      process.stderr.write(`npm run build failed:\n${lastLines(error)}\n`);
      throw new Error('npm run build failed, see above', { cause: error });
    },
  );
  if (!existsSync(gatewayMain)) throw new Error('npm run build made no apps/gateway/dist/main.js');
}

function lastLines(error: unknown): string {
  const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
  return `${stdout}\n${stderr}`.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
}
