import type OpenAI from 'openai';
import { z } from 'zod';
import { formatDataUrl } from './data-url.js';
import { hint, nullsAbsent, onlyDefault } from './wire.js';

/** OpenAI demands a name for a file. */
const DOCUMENT_NAME = 'document.pdf';

/** What a block of Anthropic's wire is as a part of an OpenAI message. */
export type ContentPart =
  | OpenAI.ChatCompletionContentPartText
  | OpenAI.ChatCompletionContentPartImage
  | OpenAI.ChatCompletionContentPart.File;

/** A text block. */
export const textBlock = z
  .strictObject({
    type: z.literal('text'),
    text: z.string(),
    cache_control: hint,
    citations: onlyDefault([]),
  })
  .transform(({ type, text }): OpenAI.ChatCompletionContentPartText => ({ type, text }));

const imageBlock = z
  .strictObject({
    type: z.literal('image'),
    source: z.discriminatedUnion('type', [
      z
        .strictObject({ type: z.literal('base64'), media_type: z.string(), data: z.string() })
        .transform(({ media_type: mediaType, data: base64 }) => formatDataUrl({ mediaType, base64 })),
      z.strictObject({ type: z.literal('url'), url: z.string() }).transform(({ url }) => url),
    ]),
    cache_control: hint,
    transformations: onlyDefault({}, { oversized_image: 'downsize' }),
  })
  .transform(({ source: url }): OpenAI.ChatCompletionContentPartImage => ({
    type: 'image_url',
    image_url: { url },
  }));

const documentBlock = z
  .strictObject({
    type: z.literal('document'),
    source: z.discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('base64'),
        media_type: z.literal('application/pdf'),
        data: z.string(),
      }),
      z.strictObject({ type: z.literal('text'), media_type: z.literal('text/plain'), data: z.string() }),
    ]),
    title: z.string().optional(),
    context: onlyDefault(),
    citations: onlyDefault({}, { enabled: false }),
    cache_control: hint,
  })
  .transform(
    ({ source, title }): OpenAI.ChatCompletionContentPartText | OpenAI.ChatCompletionContentPart.File => {
      // Chat completions take no files but PDFs; a text document says the same as a text.
      if (source.type === 'text')
        return { type: 'text', text: title === undefined ? source.data : `${title}\n\n${source.data}` };
      const file_data = formatDataUrl({ mediaType: source.media_type, base64: source.data });
      return { type: 'file', file: { filename: title ?? DOCUMENT_NAME, file_data } };
    },
  );

/** The blocks that a user or a tool can send. */
export const contentBlocks = [textBlock, imageBlock, documentBlock] as const;

const text = z.string().transform((value) => [{ type: 'text' as const, text: value }]);

/** A system prompt: a string or text blocks. */
export const systemContent = z.union([text, z.array(nullsAbsent(z.discriminatedUnion('type', [textBlock])))]);

/** The content of a tool result. */
export const resultContent = z.union([
  text,
  z.array(nullsAbsent(z.discriminatedUnion('type', contentBlocks))),
]);
