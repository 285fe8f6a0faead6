import { z } from 'zod';
import { OPERATIONS } from './operation.js';
import { S3_ERRORS, type S3ErrorCode } from './s3-error.js';

const codes = Object.keys(S3_ERRORS) as [S3ErrorCode, ...S3ErrorCode[]];
const bytes = z.number().int().min(0);

/** What can go wrong with one operation. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** Only the first bytes are answered, as though they were all; of a PutObject, only they are kept. */
  z.object({ kind: z.literal('truncate'), keptBytes: bytes }),
  /** One bit of the body is another: of an answer on its way, of a PutObject for good. */
  z.object({ kind: z.literal('flip-bit'), bit: bytes }),
  /** The connection breaks after so many bytes of the answer's body. */
  z.object({ kind: z.literal('cut'), keptBytes: bytes }),
  /** The object is lost before the request is served. */
  z.object({ kind: z.literal('wipe') }),
  /** All objects are. */
  z.object({ kind: z.literal('wipe-all') }),
  /** An error is answered; with `isCommitted` after the request was served. */
  z.object({
    kind: z.literal('error'),
    code: z.enum(codes),
    retryAfterSeconds: z.number().int().min(0).optional(),
    isCommitted: z.boolean().optional(),
  }),
  /** Nothing is answered, ever; with `isCommitted` although the request was served. */
  z.object({ kind: z.literal('hang'), isCommitted: z.boolean().optional() }),
  /** The body goes out in pieces, each so much later. */
  z.object({
    kind: z.literal('slow'),
    pieces: z.number().int().min(1).max(1000),
    delayMs: z.number().min(0),
  }),
]);

/** When something goes wrong. */
export const faultRuleSchema = z.object({
  fault: faultSchema,
  /** Default: all. */
  on: z.array(z.enum(OPERATIONS)).min(1).optional(),
  /** Regular expression; default: all. */
  keyPattern: z
    .string()
    .refine((pattern) => isRegExp(pattern))
    .optional(),
  /** How many matching operations; default: all from now on. */
  times: z.number().int().min(1).optional(),
  /** Of each matching operation, by the server's seeded random; default 1. */
  probability: z.number().min(0).max(1).optional(),
});

/** One thing that goes wrong. */
export type Fault = z.output<typeof faultSchema>;
/** When what goes wrong. */
export type FaultRule = z.output<typeof faultRuleSchema>;

function isRegExp(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}
