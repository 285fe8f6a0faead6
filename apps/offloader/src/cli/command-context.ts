import type { Command } from 'commander';
import { createPostgresPool } from '@tollgate/database';
import type { OffloaderSettings } from '@tollgate/config';
import { openArchive, readArchiveId, type ArchiveStore } from '@tollgate/stores';
import type { Pool } from 'pg';
import { checkBucket, claimBucket } from '../bucket/marker.js';
import { CountingArchive } from '../metrics/counting-archive.js';
import { EarlyExit, EXIT } from './exit.js';
import { Progress, type OutputStream } from './progress.js';
import { CostMeter } from './r2-cost.js';

/** What every command is given by its surroundings. */
export interface CommandSurroundings {
  readonly streams: { readonly out: OutputStream; readonly err: OutputStream };
  /** @throws ConfigurationError */
  readonly loadSettings: () => OffloaderSettings;
  /** Aborted when the operator wants no more. */
  readonly signal: AbortSignal;
}

/** What a command works with while it runs. */
export interface CommandContext {
  readonly settings: OffloaderSettings;
  readonly pool: Pool;
  readonly archive: ArchiveStore;
  readonly cost: CostMeter;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** A command's result: names become snake case on their way out. */
export interface CommandResult {
  readonly result: Readonly<Record<string, unknown>>;
  /** Something failed, or waits for an operator: exit code 1. */
  readonly isBad: boolean;
}

/** How a command uses the archive: `writes` makes the bucket ours, `reads` only refuses a foreign one. */
export type ArchiveUse = 'writes' | 'reads' | 'none';

/** Runs a command's work with database and archive at hand, closes both whatever happens, and writes the result. */
export async function withArchive(
  command: Command,
  { streams, loadSettings, signal }: CommandSurroundings,
  use: ArchiveUse,
  work: (context: CommandContext) => Promise<CommandResult>,
): Promise<void> {
  const settings = loadSettings();
  const cost = new CostMeter();
  const store = openArchive(settings);
  if (!store) throw new Error('the settings name no archive');
  const archive = new CountingArchive(store, (operation) => cost.add(operation));
  const pool = createPostgresPool({
    url: settings.databaseUrl,
    maxConnections: 4,
    connectTimeoutMs: 5000,
    statementTimeoutMs: 60_000,
    namedStatements: settings.env.NAMED_STATEMENTS,
    onIdleError: () => undefined, // the next statement meets the same error and reports it
  });
  const { json, jsonProgress } = command.optsWithGlobals<{ json?: boolean; jsonProgress?: boolean }>();
  const progress = new Progress({
    command: command.name(),
    stream: streams.err,
    asJson: jsonProgress === true,
    cost,
  });
  try {
    if (use !== 'none') {
      const own = use === 'writes' ? claimBucket : checkBucket;
      await own(archive, await readArchiveId(pool));
    }
    const { result, isBad } = await work({ settings, pool, archive, cost, progress, signal });
    progress.stop();
    write(
      streams.out,
      { command: command.name(), ...result, ...(signal.aborted ? { interrupted: true } : {}) },
      json,
    );
    if (isBad || signal.aborted) throw new EarlyExit(EXIT.failed);
  } finally {
    progress.stop();
    await archive.close();
    await pool.end();
  }
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function toWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toWire);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [snake(name), toWire(part)]));
}

// For people a line for each fact; for programs all of them in one line of JSON.
function write(
  out: OutputStream,
  result: Readonly<Record<string, unknown>>,
  json: boolean | undefined,
): void {
  const wire = toWire(result) as Record<string, unknown>;
  if (json === true || out.isTTY !== true) {
    out.write(`${JSON.stringify(wire)}\n`);
    return;
  }
  for (const [name, value] of Object.entries(wire)) {
    const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
    out.write(`${name.replaceAll('_', ' ').padEnd(20)} ${text}\n`);
  }
}
