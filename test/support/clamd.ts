/** A stand-in for ClamAV's daemon that speaks INSTREAM over TCP, and finds the EICAR test text. */
import { createServer, type AddressInfo } from 'node:net';

/** In two parts, so that no scanner takes this file for a virus. */
export const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');
const hello = 'zINSTREAM\0';

/** `size` is how many bytes it was given last. */
export async function startClamd() {
  let size = 0;
  const server = createServer((socket) => {
    let heard = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      heard = Buffer.concat([heard, Buffer.from(data)]);
      const stream = streamIn(heard);
      if (!stream) return;
      size = stream.length;
      socket.end(stream.includes(eicar) ? 'stream: Eicar-Test-Signature FOUND\0' : 'stream: OK\0');
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    port: (server.address() as AddressInfo).port,
    size: () => size,
    close: () => new Promise((closed) => server.close(closed)),
  };
}

/** What was streamed, once the piece of no length has come; null until then. */
function streamIn(heard: Buffer): Buffer | null {
  if (heard.subarray(0, hello.length).toString() !== hello) return null;
  const pieces: Buffer[] = [];
  for (let at = hello.length; at + 4 <= heard.length;) {
    const length = heard.readUInt32BE(at);
    if (length === 0) return Buffer.concat(pieces);
    pieces.push(heard.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return null;
}
