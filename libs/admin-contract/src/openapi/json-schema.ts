import { z } from 'zod';

/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

// Their patterns fill a screen each and say what `format` says.
function dropDatePattern({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.pattern?.includes('02-29') === true) delete jsonSchema.pattern;
}

/** What a schema lets in, as JSON Schema. */
export function inputSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', override: dropDatePattern });
  return rest;
}

/** The parameters that an object's members describe, in the path or in the query. */
export function parametersOf(schema: z.ZodObject, place: 'path' | 'query'): object[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', override: dropDatePattern });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = typeof property === 'boolean' ? {} : property;
    return {
      name,
      in: place,
      ...(place === 'path' ? { required: true } : {}),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    };
  });
}
