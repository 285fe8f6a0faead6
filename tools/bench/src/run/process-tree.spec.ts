import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { cpuMicrosOfTree, pidsOfTree, residentKibOfTree } from './process-tree.js';

describe('the process tree', () => {
  it('counts the work and memory of grandchildren', async () => {
    const busy = 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo done; exec sleep 60';
    const parent = spawn('/bin/sh', ['-c', `/bin/sh -c '${busy}' & wait`], { detached: true });
    const { pid = 0 } = parent;
    try {
      await once(parent.stdout, 'data');
      expect(pidsOfTree(pid)).toHaveLength(2);
      expect(cpuMicrosOfTree(pid)).toBeGreaterThanOrEqual(10_000);
      expect(residentKibOfTree(pid)).toBeGreaterThan(0);
    } finally {
      const closed = once(parent, 'close');
      process.kill(-pid, 'SIGKILL');
      await closed;
    }
    expect(pidsOfTree(pid)).toEqual([]);
  });
});
