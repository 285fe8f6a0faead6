import { z } from 'zod';
import { answer, type Answer } from './answer.js';
import type { FaultBook } from './fault-book.js';
import { faultRuleSchema } from './fault.js';
import type { ObjectShelf } from './object-shelf.js';
import type { OperationLog } from './operation-log.js';

/** What the control API works on. */
export interface ControlDeskOptions {
  readonly faults: FaultBook;
  readonly log: OperationLog;
  readonly shelf: ObjectShelf;
}

/** Paths of the control API; no bucket's name begins like this. */
export const CONTROL_PREFIX = '/_fake/';

const rotSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('flip-bit'), key: z.string(), bit: z.number().int().min(0) }),
  z.object({ kind: z.literal('truncate'), key: z.string(), keptBytes: z.number().int().min(0) }),
  z.object({ kind: z.literal('wipe'), key: z.string() }),
  z.object({ kind: z.literal('wipe-all') }),
]);

/**
 * Lets another process make trouble: `POST|DELETE /_fake/faults` (a FaultRule), `POST /_fake/rot` (damage at rest),
 * `GET|DELETE /_fake/counts`.
 */
export class ControlDesk {
  constructor(private readonly options: ControlDeskOptions) {}

  answer(method: string, path: string, body: Buffer): Answer {
    const { faults, log } = this.options;
    switch (`${method} ${path.slice(CONTROL_PREFIX.length)}`) {
      case 'POST faults':
        return accept(faultRuleSchema, body, (rule) => faults.add(rule));
      case 'DELETE faults':
        faults.clear();
        return answer(204);
      case 'POST rot':
        return accept(rotSchema, body, (rot) => this.#rot(rot));
      case 'GET counts':
        return json(200, log.counts);
      case 'DELETE counts':
        log.clear();
        return answer(204);
      default:
        return json(404, { error: 'There is no such path.' });
    }
  }

  #rot(rot: z.output<typeof rotSchema>): void {
    const { shelf } = this.options;
    if (rot.kind === 'flip-bit') shelf.flipBit(rot.key, rot.bit);
    else if (rot.kind === 'truncate') shelf.truncate(rot.key, rot.keptBytes);
    else if (rot.kind === 'wipe') shelf.delete(rot.key);
    else shelf.clear();
  }
}

function json(status: number, value: unknown): Answer {
  return answer(status, { 'content-type': 'application/json' }, Buffer.from(JSON.stringify(value)));
}

function accept<T>(schema: z.ZodType<T>, body: Buffer, act: (value: T) => void): Answer {
  try {
    act(schema.parse(JSON.parse(body.toString())));
    return answer(204);
  } catch (error) {
    return json(400, { error: String(error) });
  }
}
