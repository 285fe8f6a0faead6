import { formatAmount, formatTime } from '@tollgate/admin-contract';
import { timeOfUuidV7 } from '@tollgate/domain';
import type { CorrectedPart } from '@tollgate/stores';
import type { CorrectionRow, EventRow, LedgerEntry } from './ledger-entries.js';

const TEXTS = ['tenant_id', 'key_id', 'agent_id', 'run_id', 'task_type', 'month', 'model_asked', 'model'];
const MORE_TEXTS = ['model_provider', 'status', 'error_code', 'usage_source', 'price_version', 'config_hash'];
const COUNTS = [
  'attempt',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'input_audio_tokens',
  'output_tokens',
  'output_audio_tokens',
  'latency_ms',
];

const pick = (row: EventRow, names: readonly string[], read: (value: unknown) => unknown): object =>
  Object.fromEntries(names.map((name) => [name, read(row[name])]));

function formatEvent(requestId: string, row: EventRow): object {
  return {
    at: formatTime(timeOfUuidV7(requestId)),
    ...pick(row, [...TEXTS, ...MORE_TEXTS], (value) => value),
    ...pick(row, COUNTS, Number),
    ...formatAmount('cost', Number(row['cost_nano_usd'])),
    streamed: row['streamed'],
    first_token_ms: row['first_token_ms'] === null ? null : Number(row['first_token_ms']),
  };
}

function formatPart(part: CorrectedPart): object {
  return {
    status: part.status,
    input_tokens: part.inputTokens,
    cached_input_tokens: part.cachedInputTokens,
    cache_write_tokens: part.cacheWriteTokens,
    input_audio_tokens: part.inputAudioTokens,
    output_tokens: part.outputTokens,
    output_audio_tokens: part.outputAudioTokens,
    ...formatAmount('cost', part.costNanoUsd),
  };
}

function formatCorrection(row: CorrectionRow): object {
  return {
    attempt: row.attempt,
    presumed: formatPart(row.presumed),
    corrected: formatPart(row.corrected),
    ...formatAmount('difference', Number(row.difference_nano_usd)),
    reason: row.reason,
    corrected_by: row.actor,
    corrected_at: row.corrected_at.toISOString(),
  };
}

/** An entry as an answer has it. */
export function formatEntry({ requestId, events, corrections }: LedgerEntry): Record<string, unknown> {
  return {
    request_id: requestId,
    events: events.map((row) => formatEvent(requestId, row)),
    corrections: corrections.map(formatCorrection),
  };
}
