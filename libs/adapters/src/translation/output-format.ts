import { z } from 'zod';
import { jsonObject, nullsAbsent } from './wire.js';

/** OpenAI demands a name, Anthropic has none: it is only a label. */
const SCHEMA_NAME = 'response';

const jsonSchema = nullsAbsent(
  z.strictObject({
    name: z.string().optional(),
    description: z.string().optional(),
    schema: jsonObject,
    strict: z.boolean().optional(),
  }),
).transform(({ description, schema }, context) => {
  if (description === undefined || schema['description'] === description) return schema;
  if (schema['description'] === undefined) return { ...schema, description };
  context.addIssue({
    code: 'custom',
    message: 'the schema has another description',
    path: ['description'],
  });
  return z.NEVER;
});

/** `response_format` of a chat request as `output_config.format`, which Claude always follows strictly. */
export const chatResponseFormat = nullsAbsent(
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('text') }).transform(() => undefined),
    z
      .strictObject({ type: z.literal('json_schema'), json_schema: jsonSchema })
      .transform(({ type, json_schema: schema }) => ({ type, schema })),
  ]),
);

/** `output_config.format` of a messages request as `response_format`. */
export const messagesOutputFormat = nullsAbsent(
  z.discriminatedUnion('type', [
    z
      .strictObject({ type: z.literal('json_schema'), schema: jsonObject })
      .transform(({ type, schema }) => ({ type, json_schema: { name: SCHEMA_NAME, schema, strict: true } })),
  ]),
);
