/** How a connection is ended: with a word why, and without reading on for whoever goes on sending (T22). */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** Milliseconds for the other side to answer that it is closed. */
const within = 2_000;
/** Bytes that an honest client may still have under way: more is somebody who does not stop. */
const readAtMost = 256 * 1024;

/** Nothing that comes from now on is looked at but the answer that the other side closes too. */
export function end(ws: WebSocket, stream: Duplex, code: number, reason = ''): void {
  let read = 0;
  ws.removeAllListeners('message');
  stream.on('data', (chunk: Buffer) => {
    read += chunk.length;
    if (read > readAtMost) ws.terminate();
  });
  const late = setTimeout(() => ws.terminate(), within);
  ws.once('close', () => clearTimeout(late));
  ws.resume();
  ws.close(code, reason);
}
