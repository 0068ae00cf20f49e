/** Ports for services that a test starts again where they were. */
import { createServer } from 'node:net';

/**
 * A port that nobody has, below those that the system gives to connections: one of these would be taken
 * while the service that was there is stopped.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 20_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
