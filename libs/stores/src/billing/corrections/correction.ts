import { z } from 'zod';
import { actor, nanoUsd, reason } from '../input-shapes.js';
import { FINAL_ATTEMPT, MAX_TRIES } from '../../ledger/usage-event.js';

const count = z.int().min(0).max(1_000_000_000_000);

const isPart = (tokens: { [K in TokenField]: number }): boolean =>
  tokens.cachedInputTokens + tokens.cacheWriteTokens <= tokens.inputTokens &&
  tokens.inputAudioTokens <= tokens.inputTokens &&
  tokens.outputAudioTokens <= tokens.outputTokens;

/** The token counts of a call, whole and in parts. */
export const TOKEN_FIELDS = [
  'inputTokens',
  'cachedInputTokens',
  'cacheWriteTokens',
  'inputAudioTokens',
  'outputTokens',
  'outputAudioTokens',
] as const;
type TokenField = (typeof TOKEN_FIELDS)[number];

/** A correction to be made. */
export const correctionDraft = z.strictObject({
  requestId: z.uuid().toLowerCase(),
  attempt: z.int().min(0).max(MAX_TRIES).default(FINAL_ATTEMPT),
  status: z.enum(['completed', 'aborted', 'failed']),
  costNanoUsd: nanoUsd,
  tokens: z
    .strictObject({
      inputTokens: count,
      cachedInputTokens: count.default(0),
      cacheWriteTokens: count.default(0),
      inputAudioTokens: count.default(0),
      outputTokens: count,
      outputAudioTokens: count.default(0),
    })
    .refine(isPart, 'Its parts may not be more than the whole')
    .optional(),
  reason,
  actor,
});

/**
 * A correction to be made: how the call really ended and what it really cost, by proof that `reason` names. Without `tokens`
 * the counts stay as they were presumed.
 */
export type CorrectionDraft = z.input<typeof correctionDraft>;

/** What of an event a correction changes. */
export interface CorrectedPart extends Readonly<Record<TokenField, number>> {
  readonly status: string;
  readonly costNanoUsd: number;
}

/** A correction that was made. */
export interface Correction {
  readonly requestId: string;
  readonly attempt: number;
  readonly tenantId: string;
  readonly month: string;
  readonly agentId: string | null;
  readonly model: string;
  readonly presumed: CorrectedPart;
  readonly corrected: CorrectedPart;
  /** What the ledger rose by; most often below 0. */
  readonly differenceNanoUsd: number;
  readonly reason: string;
  readonly actor: string;
  /** ms since the epoch. */
  readonly correctedAtMs: number;
}
