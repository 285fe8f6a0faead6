import { loadProcessOffloaderCommandSettings } from '@tollgate/config';
import { runCommandLine } from './program.js';

const LINGER_MS = 500;

const interrupted = new AbortController();
// The first one lets the pack under way end; a second one kills.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());

process.exitCode = await runCommandLine(process.argv.slice(2), {
  streams: { out: process.stdout, err: process.stderr },
  loadSettings: loadProcessOffloaderCommandSettings,
  signal: interrupted.signal,
});

// What hangs all the same, such as a connection whose other end says nothing, is let go.
setTimeout(() => process.exit(), LINGER_MS).unref();
