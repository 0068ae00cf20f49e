/** A wire that can be parted, so that nothing gets through and neither end is told, or cut, so that both are. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export type Wire = {
  port: number;
  /** From now on nothing passes, in either direction; what is sent meanwhile waits. */
  part: () => void;
  heal: () => void;
  /** Every connection breaks, and none opens until it is mended. */
  cut: () => void;
  mend: () => void;
  close: () => Promise<void>;
};

/** Stands before the port of a server of this machine, which need not listen yet. */
export async function standBefore(port: number): Promise<Wire> {
  const ends = new Set<Socket>();
  let parted = false;
  let isCut = false;
  const breakAll = () => {
    for (const end of ends) end.destroy();
  };
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from);
      from.setNoDelay(true);
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        ends.delete(from);
        to.destroy();
      });
      if (parted) from.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    part() {
      parted = true;
      for (const end of ends) end.pause();
    },
    heal() {
      parted = false;
      for (const end of ends) end.resume();
    },
    cut() {
      isCut = true;
      breakAll();
    },
    mend() {
      isCut = false;
    },
    async close() {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
