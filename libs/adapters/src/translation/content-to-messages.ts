import { isUtf8 } from 'node:buffer';
import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import { parseDataUrl } from './data-url.js';
import { defined, nullsAbsent, onlyDefault } from './wire.js';

const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const;

/** What a message of OpenAI's wire can hold, in Anthropic's words. */
export type ContentBlock =
  Anthropic.TextBlockParam | Anthropic.ImageBlockParam | Anthropic.DocumentBlockParam;

// Both wires mark the end of a prefix worth caching. The mark keeps Anthropic's usual lifetime: an hour has another price.
const cacheMark = nullsAbsent(z.strictObject({ mode: z.string().optional(), ttl: z.string().optional() }))
  .transform(() => ({ type: 'ephemeral' as const }))
  .optional();

const textPart = z
  .strictObject({ type: z.literal('text'), text: z.string(), prompt_cache_breakpoint: cacheMark })
  .transform(({ text, prompt_cache_breakpoint: cache_control }) =>
    defined({ type: 'text' as const, text, cache_control }),
  );

const refusalPart = z
  .strictObject({ type: z.literal('refusal'), refusal: z.string() })
  .transform(({ refusal: text }) => ({ type: 'text' as const, text }));

const imageSource = z.string().transform((url, context): Anthropic.ImageBlockParam['source'] => {
  if (url.startsWith('https://')) return { type: 'url', url };
  const data = parseDataUrl(url);
  const mediaType = IMAGE_TYPES.find((type) => type === data?.mediaType);
  if (data && mediaType) return { type: 'base64', media_type: mediaType, data: data.base64 };
  const message = `an image must be an https URL or a base64 data URL of ${IMAGE_TYPES.join(', ')}`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const imagePart = z
  .strictObject({
    type: z.literal('image_url'),
    // Claude always looks at the whole image, as `high` asks for.
    image_url: nullsAbsent(z.strictObject({ url: imageSource, detail: onlyDefault('auto', 'high') })),
    prompt_cache_breakpoint: cacheMark,
  })
  .transform(({ image_url: { url: source }, prompt_cache_breakpoint: cache_control }) =>
    defined({ type: 'image' as const, source, cache_control }),
  );

const documentSource = z.string().transform((url, context): Anthropic.DocumentBlockParam['source'] => {
  const data = parseDataUrl(url);
  if (data?.mediaType === 'application/pdf')
    return { type: 'base64', media_type: 'application/pdf', data: data.base64 };
  const bytes = Buffer.from(data?.base64 ?? '', 'base64');
  if (data?.mediaType === 'text/plain' && isUtf8(bytes))
    return { type: 'text', media_type: 'text/plain', data: bytes.toString('utf8') };
  const message = 'a file must be a base64 data URL of application/pdf or of text/plain in UTF-8';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const filePart = z
  .strictObject({
    type: z.literal('file'),
    file: nullsAbsent(
      z.strictObject({
        file_id: onlyDefault(),
        file_data: documentSource,
        filename: z.string().optional(),
      }),
    ),
    prompt_cache_breakpoint: cacheMark,
  })
  .transform(({ file: { file_data: source, filename: title }, prompt_cache_breakpoint: cache_control }) =>
    defined({ type: 'document' as const, source, title, cache_control }),
  );

// An empty text says nothing, and Anthropic refuses it.
function withoutEmpty<Block extends ContentBlock>(blocks: readonly Block[]): Block[] {
  return blocks.filter((block) => block.type !== 'text' || block.text !== '');
}

const text = z.string().transform((value) => [{ type: 'text' as const, text: value }]);

/** The text content of a system, developer or assistant message as blocks. */
export const textContent = z
  .union([text, z.array(nullsAbsent(z.discriminatedUnion('type', [textPart, refusalPart])))])
  .transform(withoutEmpty<Anthropic.TextBlockParam>);

/** The content of a user or tool message as blocks. */
export const content = z
  .union([text, z.array(nullsAbsent(z.discriminatedUnion('type', [textPart, imagePart, filePart])))])
  .transform(withoutEmpty<ContentBlock>);
