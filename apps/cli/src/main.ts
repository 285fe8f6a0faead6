import {
  inspectProcessSettings,
  loadProcessCommandLineSettings,
  loadProcessSettings,
} from '@tollgate/config';
import { runCommandLine } from './program.js';

const LINGER_MS = 500;

process.exitCode = await runCommandLine(process.argv.slice(2), {
  streams: { out: process.stdout, err: process.stderr },
  loadSettings: loadProcessCommandLineSettings,
  loadGatewaySettings: () => loadProcessSettings(),
  inspectSettings: inspectProcessSettings,
});

// What hangs all the same, such as a connection whose other end says nothing, is let go.
setTimeout(() => process.exit(), LINGER_MS).unref();
