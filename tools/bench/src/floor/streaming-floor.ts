import { Pool } from 'undici';
import { serveFloor } from './floor-server.js';

/** The least that a Node proxy does with a stream: each chunk is written on as it comes. */
const [upstream = ''] = process.argv.slice(2);
const pool = new Pool(upstream, { connections: 2_048 });

serveFloor((request, response, body) => {
  const { authorization = '' } = request.headers;
  const headers = { 'content-type': 'application/json', authorization };
  pool.dispatch(
    { path: request.url ?? '/', method: 'POST', headers, body },
    {
      onRequestStart: () => undefined, // undici insists on it
      onResponseStart: (controller, status, { 'content-type': type }) => {
        response.writeHead(status, { 'content-type': String(type) });
        response.once('close', () => {
          if (!response.writableFinished) controller.abort(new Error('the client is gone'));
        });
      },
      onResponseData: (controller, part) => {
        if (response.write(part)) return;
        controller.pause();
        response.once('drain', () => controller.resume());
      },
      onResponseEnd: () => response.end(),
      onResponseError: () => response.destroy(),
    },
  );
});
