/** How a measured server begins, says where it is, and gives back what it no longer needs. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on the port in `PORT` (0: any free one) and prints the address. */
export function listening(server: Server): void {
  server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    ready(`http://127.0.0.1:${port}`);
  });
}

/** Prints the address, and from then on collects garbage at SIGUSR2, so that memory can be compared. */
export function ready(address: string): void {
  process.on('SIGUSR2', () => globalThis.gc?.());
  console.log(`Listening at ${address}`);
}
