import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readPriceOverrides } from './price-overrides.js';

const ENTRY = { model_provider: 'openai', input_usd_per_million: 1, output_usd_per_million: 2 };

describe('readPriceOverrides', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-overrides-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (content: string): string => {
    const path = join(folder, 'overrides.json');
    writeFileSync(path, content);
    return path;
  };
  const messageOf = (path: string): string => {
    try {
      readPriceOverrides(path);
    } catch (error) {
      return error instanceof Error ? `${error.message} ${error.stack} ${String(error.cause)}` : '';
    }
    throw new Error('it was read');
  };

  it('reads prices by model, and names their version by the content', () => {
    const first = readPriceOverrides(file(JSON.stringify({ 'gpt-x': ENTRY })));
    expect(first).toEqual({
      overrides: { 'gpt-x': ENTRY },
      version: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
    expect(readPriceOverrides(file(JSON.stringify({ 'gpt-x': ENTRY }))).version).toBe(first.version);
    expect(readPriceOverrides(file(JSON.stringify({ 'gpt-y': ENTRY }))).version).not.toBe(first.version);
  });

  it.each<[object, string]>([
    [{ ...ENTRY, input_usd_per_million: -1 }, 'gpt-x.input_usd_per_million'],
    [{ ...ENTRY, input_usd_per_million: 1_000_001 }, 'gpt-x.input_usd_per_million'],
    [{ ...ENTRY, output_usd_per_million: 's3cret' }, 'gpt-x.output_usd_per_million'],
    [{ ...ENTRY, output_usd_per_million: undefined }, 'gpt-x.output_usd_per_million'],
    [{ ...ENTRY, context_window: 1.5 }, 'gpt-x.context_window'],
    [{ ...ENTRY, unknown: 's3cret' }, 'gpt-x'],
  ])('says where a file is wrong, and not with what: %j', (entry, place) => {
    const message = messageOf(file(JSON.stringify({ 'gpt-x': entry })));
    expect(message).toContain(`PRICE_OVERRIDES_FILE is not valid at: ${place}`);
    expect(message).not.toContain('s3cret');
  });

  it.each([
    ['not JSON', 's3cret', 'is not JSON'],
    ['half JSON', '{"s3cret": 5', 'is not JSON'],
    ['empty', '', 'is not JSON'],
    ['a list', '["s3cret"]', 'is not valid at: the file'],
  ])('quotes nothing of a file that is %s', (_, content, problem) => {
    const message = messageOf(file(content));
    expect(message).toContain(`PRICE_OVERRIDES_FILE ${problem}`);
    expect(message).not.toContain('s3cret');
  });

  it('does not name the path of a file that cannot be read', () => {
    const message = messageOf('/nowhere/s3cret.json');
    expect(message).toContain('PRICE_OVERRIDES_FILE cannot be read');
    expect(message).not.toContain('s3cret');
  });
});
