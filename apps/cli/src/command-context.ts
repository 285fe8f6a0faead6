import type { Command } from 'commander';
import type { Pool } from 'pg';
import type { CommandLineSettings, Settings, SettingsInspection } from '@tollgate/config';
import { createPostgresPool } from '@tollgate/database';
import { Output, type OutputStream } from './output.js';

/** What every command is given by its surroundings. */
export interface CommandSurroundings {
  readonly streams: { readonly out: OutputStream; readonly err: OutputStream };
  /** @throws ConfigurationError */
  readonly loadSettings: () => CommandLineSettings;
  /** For commands that need all that a gateway needs. @throws ConfigurationError */
  readonly loadGatewaySettings: () => Settings;
  /** For commands that look at a configuration, whatever it is. */
  readonly inspectSettings: () => SettingsInspection;
}

/** What a command works with while it runs. */
export interface CommandContext {
  readonly pool: Pool;
  readonly output: Output;
  readonly settings: CommandLineSettings;
}

/** The output that a command's own and global options ask for. */
export function outputOf(command: Command, { streams }: CommandSurroundings): Output {
  return new Output(streams, command.optsWithGlobals<{ json?: boolean }>().json === true);
}

/** The one connection of a command; it is made when it is first needed. */
export function createCommandPool(url: string): Pool {
  return createPostgresPool({
    url,
    maxConnections: 1,
    connectTimeoutMs: 5000,
    statementTimeoutMs: 60_000,
    onIdleError: () => undefined, // the next statement meets the same error and reports it
  });
}

/** Runs a command's work with a database at hand, and closes it whatever happens. */
export async function withDatabase(
  command: Command,
  surroundings: CommandSurroundings,
  work: (context: CommandContext) => Promise<void>,
): Promise<void> {
  const settings = surroundings.loadSettings();
  const pool = createCommandPool(settings.databaseUrl);
  try {
    await work({ pool, output: outputOf(command, surroundings), settings });
  } finally {
    await pool.end();
  }
}
