/** Checks bytes for viruses with ClamAV's daemon, where one is set up: its INSTREAM command over TCP or a socket. */
import { createConnection, type NetConnectOpts } from 'node:net';

/** What the check found. `unchecked` where the scanner did not answer or could not tell: `why` is for the log. */
export type Scan = { result: 'clean' } | { result: 'virus'; name: string } | { result: 'unchecked'; why: string };
export type Scanner = { scan: (bytes: Uint8Array) => Promise<Scan> };

/** Milliseconds without a sign of life before the scanner is given up. */
const patience = 60_000;
/** Bytes in one piece of the stream. */
const piece = 64 * 1024;

/** Where clamd listens: `tcp://host:3310` or `unix:/run/clamav/clamd.ctl`. Null where it is neither. */
export function scannerAddress(text: string): NetConnectOpts | null {
  if (text.startsWith('unix:/')) return { path: text.slice('unix:'.length) };
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'tcp:' || !url.hostname || !['', '/'].includes(url.pathname)) return null;
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 3310) };
}

export function createScanner(address: NetConnectOpts): Scanner {
  /** Each piece goes with its length before it, in four bytes, the first the highest; a length of nought ends it. */
  function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
    yield Buffer.from('zINSTREAM\0');
    for (let from = 0; from < bytes.length; from += piece) {
      const part = bytes.subarray(from, from + piece);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      yield length;
      yield part;
    }
    yield Buffer.alloc(4);
  }

  return {
    scan: (bytes) =>
      new Promise((resolve) => {
        const socket = createConnection(address);
        let answer = '';
        let settled = false;
        const settle = (scan: Scan) => {
          if (settled) return;
          settled = true;
          socket.destroy();
          resolve(scan);
        };
        const judge = () => {
          if (answer === '') return settle({ result: 'unchecked', why: 'clamd closed without an answer' });
          settle(readAnswer(answer));
        };
        socket.setTimeout(patience, () => settle({ result: 'unchecked', why: 'clamd took too long' }));
        // It may answer and close while the rest is still on its way: its limit was passed, or it has seen enough.
        socket.on('error', ({ message }) => (answer === '' ? settle({ result: 'unchecked', why: message }) : judge()));
        socket.setEncoding('utf8');
        socket.on('data', (text: unknown) => {
          answer += String(text);
          if (answer.endsWith('\0')) judge();
        });
        socket.on('close', judge);
        socket.on('connect', async () => {
          for (const part of pieces(bytes)) {
            if (settled) return;
            if (!socket.write(part)) await drained();
          }
        });
        const drained = () =>
          new Promise<void>((go) => {
            socket.once('drain', go);
            socket.once('close', () => go());
          });
      }),
  };
}

/** "stream: OK", "stream: Eicar-Signature FOUND", "INSTREAM size limit exceeded. ERROR". */
function readAnswer(text: string): Scan {
  const line = text.replace(/\0.*$/s, '').trim();
  if (line === 'stream: OK') return { result: 'clean' };
  const virus = /^stream: (.+) FOUND$/.exec(line)?.[1];
  return virus ? { result: 'virus', name: virus } : { result: 'unchecked', why: `clamd answered: ${line}` };
}
