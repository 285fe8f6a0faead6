import { Controller } from '@nestjs/common';
import { BASE_PATH, usageOperations } from '@tollgate/admin-contract';
import { systemClock } from '@tollgate/domain';
import { UsageReader, exportUsageCsv, exportUsageJsonLines } from '@tollgate/stores';
import { Pool } from 'pg';
import { answerOf, type Answer, type StreamedAnswer } from '../operation/answer.js';
import { Call, Serves } from '../operation/operation.decorator.js';
import type { CallOf } from '../operation/operation-call.js';
import { startStream } from '../operation/started-stream.js';
import { ExportPool } from './export-pool.js';
import { formatUsage, readUsageQuery } from './usage-wire.js';

const FORMATS = {
  csv: { contentType: 'text/csv; charset=utf-8; header=present', write: exportUsageCsv },
  jsonl: { contentType: 'application/x-ndjson; charset=utf-8', write: exportUsageJsonLines },
};

/** What was used. */
@Controller(BASE_PATH)
export class UsageController {
  constructor(
    private readonly pool: Pool,
    private readonly exports: ExportPool,
  ) {}

  @Serves(usageOperations.read)
  async read(@Call() { query }: CallOf<typeof usageOperations.read>): Promise<Answer> {
    const { limit, cursor, ...question } = query;
    const { rows, nextCursor } = await new UsageReader({ pool: this.pool }).readPage({
      ...readUsageQuery(question, systemClock.now()),
      limit,
      ...(cursor === undefined ? {} : { cursor }),
    });
    return answerOf({ data: rows.map(formatUsage), next_cursor: nextCursor ?? null });
  }

  @Serves(usageOperations.export)
  async export(@Call() { query }: CallOf<typeof usageOperations.export>): Promise<StreamedAnswer> {
    const { format, ...question } = query;
    const { contentType, write } = FORMATS[format];
    const reader = new UsageReader({ pool: this.exports.pool });
    const chunks = write(reader, readUsageQuery(question, systemClock.now()));
    return {
      chunks: await startStream(chunks),
      contentType,
      headers: { 'content-disposition': `attachment; filename="usage.${format}"` },
    };
  }
}
