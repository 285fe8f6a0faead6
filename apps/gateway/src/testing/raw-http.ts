import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An answer as it stands on the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A chat completion request as it stands on the wire. */
export function chatRequestText(
  apiKey: string,
  body: object,
  headers: readonly string[] = [],
  version: '1.0' | '1.1' = '1.1',
): string {
  const content = JSON.stringify(body);
  const lines = [
    `POST /v1/chat/completions HTTP/${version}`,
    'host: gateway',
    `authorization: Bearer ${apiKey}`,
    'content-type: application/json',
    `content-length: ${content.length}`,
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${content}`;
}

/** Opens a socket to a server. */
export async function openSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes as they are, and reads the one answer until the server closes the connection. */
export async function exchangeRaw(url: string, request: string | Buffer): Promise<RawAnswer> {
  const socket = await openSocket(url);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(request);
  await once(socket, 'close');
  return parseAnswer(Buffer.concat(chunks).toString('latin1'));
}

function parseAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    ),
    body: text.slice(end + 4),
  };
}
