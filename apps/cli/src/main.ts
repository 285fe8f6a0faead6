import { loadProcessCommandLineSettings, loadProcessSettings } from '@tollgate/config';
import { runCommandLine } from './program.js';

process.exitCode = await runCommandLine(process.argv.slice(2), {
  streams: { out: process.stdout, err: process.stderr },
  loadSettings: loadProcessCommandLineSettings,
  loadGatewaySettings: () => loadProcessSettings(),
});
