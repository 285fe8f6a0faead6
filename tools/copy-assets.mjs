// Copies what tsc leaves behind (Lua scripts, worker files) from a package's sources to its build.
import { cpSync, statSync } from 'node:fs';

cpSync('src', 'dist', {
  recursive: true,
  filter: (path) => statSync(path).isDirectory() || /\.(lua|mjs)$/.test(path),
});
