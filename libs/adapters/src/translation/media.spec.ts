import { describe } from '@jest/globals';
import { itServesAnthropicClients, itServesOpenaiClients } from './testing/exchange.js';

const user = (...content: object[]): object => ({ role: 'user', content });
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const PNG = base64('a picture');
const PDF = base64('%PDF-1.7');
const NOTE = 'Grüße, “€”';

const imageUrl = (url: string, more: object = {}): object => ({
  type: 'image_url',
  image_url: { url, ...more },
});
const image = (source: object, more: object = {}): object => ({ type: 'image', source, ...more });
const pngSource = { type: 'base64', media_type: 'image/png', data: PNG };
const pdfSource = { type: 'base64', media_type: 'application/pdf', data: PDF };
const noteSource = { type: 'text', media_type: 'text/plain', data: NOTE };
const file = (filename: string, file_data: string): object => ({
  type: 'file',
  file: { filename, file_data },
});
const text = (value: string): object => ({ type: 'text', text: value });

describe('the translation of images and documents', () => {
  itServesOpenaiClients([
    {
      title: 'images by URL and as data',
      request: {
        model: 'm',
        messages: [
          user(
            text('What is this?'),
            imageUrl('https://x.test/a.jpg', { detail: 'auto' }),
            imageUrl(`data:image/png;base64,${PNG}`, { detail: 'high' }),
            imageUrl(`data:IMAGE/PNG;name=a;base64,${PNG}`, { detail: null }),
          ),
        ],
      },
      upstreamRequest: {
        model: 'm',
        max_tokens: 4096,
        messages: [
          user(
            text('What is this?'),
            image({ type: 'url', url: 'https://x.test/a.jpg' }),
            image(pngSource),
            image(pngSource),
          ),
        ],
      },
    },
    {
      title: 'PDFs and text files, and an image as the result of a tool',
      request: {
        model: 'm',
        messages: [
          user(
            file('a.pdf', `data:application/pdf;base64,${PDF}`),
            file('a.txt', `data:text/plain;charset=utf-8;base64,${base64(NOTE)}`),
            { type: 'file', file: { file_data: `data:application/pdf;base64,${PDF}`, file_id: null } },
          ),
          {
            role: 'assistant',
            tool_calls: [{ type: 'function', id: 'c1', function: { name: 'look', arguments: '{}' } }],
          },
          { role: 'tool', tool_call_id: 'c1', content: [imageUrl(`data:image/png;base64,${PNG}`)] },
        ],
      },
      upstreamRequest: {
        model: 'm',
        max_tokens: 4096,
        messages: [
          user(
            { type: 'document', source: pdfSource, title: 'a.pdf' },
            { type: 'document', source: noteSource, title: 'a.txt' },
            { type: 'document', source: pdfSource },
          ),
          { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'look', input: {} }] },
          user({ type: 'tool_result', tool_use_id: 'c1', content: [image(pngSource)] }),
        ],
      },
    },
  ]);

  itServesAnthropicClients([
    {
      title: 'images by URL and as data',
      request: {
        model: 'm',
        max_tokens: 9,
        messages: [
          user(
            image({ type: 'url', url: 'https://x.test/a.jpg' }, { cache_control: { type: 'ephemeral' } }),
            image(pngSource, { transformations: { oversized_image: 'downsize' } }),
          ),
        ],
      },
      upstreamRequest: {
        model: 'm',
        max_completion_tokens: 9,
        messages: [user(imageUrl('https://x.test/a.jpg'), imageUrl(`data:image/png;base64,${PNG}`))],
      },
    },
    {
      title: 'PDFs, and text documents, which can only be texts',
      request: {
        model: 'm',
        max_tokens: 9,
        messages: [
          user(
            { type: 'document', source: pdfSource, title: 'a.pdf', citations: { enabled: false } },
            { type: 'document', source: pdfSource },
            { type: 'document', source: noteSource, title: 'A note' },
            { type: 'document', source: noteSource, context: null },
          ),
        ],
      },
      upstreamRequest: {
        model: 'm',
        max_completion_tokens: 9,
        messages: [
          user(
            file('a.pdf', `data:application/pdf;base64,${PDF}`),
            file('document.pdf', `data:application/pdf;base64,${PDF}`),
            text(`A note\n\n${NOTE}`),
            text(NOTE),
          ),
        ],
      },
    },
  ]);
});
