import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { monthEndMs, monthStartMs } from '@tollgate/domain';
import { PostgresLedger } from '../../ledger/postgres-ledger.js';
import { fillLedger } from '../fill-ledger.js';
import { openBillingDatabase, type BillingDatabase } from '../testing/billing-database.js';
import { usageEventOf } from '../testing/usage-event-of.js';
import { exportUsageCsv, exportUsageJsonLines } from './export-usage.js';
import { UsageReader } from './usage-reader.js';

const NOON = Date.UTC(2026, 10, 23, 12);
const MONTH = { fromMs: monthStartMs('2026-11'), toMs: monthEndMs('2026-11') };

describe('exports of usage', () => {
  let database: BillingDatabase;
  let reader: UsageReader;

  beforeAll(async () => {
    database = await openBillingDatabase(NOON);
    reader = new UsageReader({ pool: database.admin });
    const hostile = { tenantId: 'hostile', agentId: '=cmd|" /C calc"!A0' };
    await new PostgresLedger(database.gateway).append([
      usageEventOf(NOON, hostile),
      usageEventOf(NOON, { ...hostile, agentId: null, status: 'aborted' }),
    ]);
  });
  afterAll(() => database.close());

  const query = {
    ...MONTH,
    bucket: 'day' as const,
    groupBy: ['agent' as const, 'taskType' as const],
    filters: { tenant: ['hostile'] },
  };
  const all = async (chunks: AsyncIterable<string>): Promise<string> =>
    (await Array.fromAsync(chunks)).join('');

  it('are CSV that no spreadsheet runs', async () => {
    const names =
      'calls,tries,input_tokens,cached_input_tokens,cache_write_tokens,input_audio_tokens,output_tokens,output_audio_tokens,cost_nano_usd,cost_usd';
    expect(await all(exportUsageCsv(reader, query))).toBe(
      `bucket,agent,task_type,${names}\r\n` +
        '2026-11-23T00:00:00.000Z,,,1,1,10,0,0,0,5,0,4500,0.0000045\r\n' +
        `2026-11-23T00:00:00.000Z,"'=cmd|"" /C calc""!A0",,1,1,10,0,0,0,5,0,4500,0.0000045\r\n`,
    );
  });

  it('are JSON lines with the same names', async () => {
    const lines = (await all(exportUsageJsonLines(reader, query))).trimEnd().split('\n');
    const counts = {
      calls: 1,
      tries: 1,
      input_tokens: 10,
      cached_input_tokens: 0,
      cache_write_tokens: 0,
      input_audio_tokens: 0,
    };
    const more = { output_tokens: 5, output_audio_tokens: 0, cost_nano_usd: 4500, cost_usd: '0.0000045' };
    const row = { bucket: '2026-11-23T00:00:00.000Z', task_type: null, ...counts, ...more };
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { ...row, agent: null },
      { ...row, agent: '=cmd|" /C calc"!A0' },
    ]);
  });

  it('have headings also when there is nothing else', async () => {
    const empty = exportUsageCsv(reader, { ...MONTH, groupBy: ['tenant'], filters: { tenant: ['nobody'] } });
    expect(await all(empty)).toMatch(/^tenant,calls,.*,cost_usd\r\n$/);
  });

  it('write nothing of a query that is refused', async () => {
    const refused = all(exportUsageCsv(reader, { ...MONTH, fromMs: 1 }));
    await expect(refused).rejects.toMatchObject({ code: 'invalid_input', param: 'fromMs' });
  });

  it('hold back one batch however many rows there are', async () => {
    await fillLedger(database.owner, { tenantId: 'large', month: '2026-11', count: 20_000 });
    let [chunks, longest, lines] = [0, 0, 0];
    const everything = {
      ...MONTH,
      bucket: 'hour' as const,
      groupBy: ['agent', 'key', 'model', 'taskType', 'status'] as ('agent' | 'key')[],
    };
    for await (const chunk of exportUsageCsv(reader, everything)) {
      chunks += 1;
      longest = Math.max(longest, chunk.length);
      lines += chunk.split('\r\n').length - 1;
    }
    expect(lines).toBeGreaterThan(10_000);
    expect(chunks).toBeGreaterThan(20);
    expect(longest).toBeLessThan(33_500);
  });
});
