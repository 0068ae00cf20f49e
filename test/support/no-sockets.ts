/** A network that lets requests through and no sockets, as the proxies of some offices do. */
import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before the service at `service`; `turnedAway` counts the sockets that were asked for. */
export async function startNoSockets(service: string) {
  let turnedAway = 0;
  const server = createServer((request, response) => {
    const { method, headers, url } = request;
    const onward = ask(new URL(url ?? '/', service), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('upgrade', (_request, socket) => {
    turnedAway += 1;
    socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    turnedAway: () => turnedAway,
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
