import { join } from 'node:path';
import { workspaceRoot } from '../run/own-script.js';

/** Where peers from outside are unpacked; git ignores it. */
export const peersFolder = join(workspaceRoot, '.cache/bench-peers');
