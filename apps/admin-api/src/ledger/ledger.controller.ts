import { Controller } from '@nestjs/common';
import { BASE_PATH, ledgerOperations, readAmount } from '@tollgate/admin-contract';
import { systemClock } from '@tollgate/domain';
import { Corrections, type CorrectionDraft } from '@tollgate/stores';
import { Pool } from 'pg';
import { Changes } from '../change/changes.js';
import { answerOf, type Answer } from '../operation/answer.js';
import { Call, Serves } from '../operation/operation.decorator.js';
import type { CallOf } from '../operation/operation-call.js';
import { readLedgerEntry } from './ledger-entries.js';
import { formatEntry } from './ledger-wire.js';

type Correcting = CallOf<typeof ledgerOperations.correct>;

function readDraft({ params, body, operator }: Correcting): CorrectionDraft {
  const { tokens } = body;
  return {
    requestId: params.request_id,
    ...(body.attempt === undefined ? {} : { attempt: body.attempt }),
    status: body.status,
    costNanoUsd: readAmount(body, 'cost') ?? 0,
    ...(tokens === undefined
      ? {}
      : {
          tokens: {
            inputTokens: tokens.input_tokens,
            cachedInputTokens: tokens.cached_input_tokens ?? 0,
            cacheWriteTokens: tokens.cache_write_tokens ?? 0,
            inputAudioTokens: tokens.input_audio_tokens ?? 0,
            outputTokens: tokens.output_tokens,
            outputAudioTokens: tokens.output_audio_tokens ?? 0,
          },
        }),
    reason: body.reason,
    actor: operator.id,
  };
}

/** Single calls as they are billed. */
@Controller(BASE_PATH)
export class LedgerController {
  constructor(
    private readonly pool: Pool,
    private readonly changes: Changes,
  ) {}

  @Serves(ledgerOperations.read)
  async read(@Call() { params }: CallOf<typeof ledgerOperations.read>): Promise<Answer> {
    return answerOf(formatEntry(await readLedgerEntry(this.pool, params.request_id.toLowerCase())));
  }

  @Serves(ledgerOperations.correct)
  correct(@Call() call: Correcting): Promise<Answer> {
    const requestId = call.params.request_id.toLowerCase();
    return this.changes.make(call, async (client) => {
      const before = formatEntry(await readLedgerEntry(client, requestId));
      await new Corrections({ pool: client, clock: systemClock }).correct(readDraft(call));
      const entry = await readLedgerEntry(client, requestId);
      const body = formatEntry(entry);
      const target = { targetType: 'ledger', targetId: requestId, tenantId: entry.tenantId };
      return { body, audit: { action: 'ledger.correct', ...target, before, after: body } };
    });
  }
}
