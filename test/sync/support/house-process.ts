/** A room server in a process of its own: whoever floods it shares neither its thread nor its memory, and sees whether it ends. */
import { fork } from 'node:child_process';
import { pino } from 'pino';
import { openStore } from '#server/store.ts';
import type { Place } from '../../support/database.ts';
import { openHouse, type House, type Person } from './house.ts';

type Options = { forgives?: boolean; socketsPerRoom?: number };
type Told = Omit<Place, 'remove'> & { options: Options };

/** What it is asked, each with what it answers. */
type Questions = {
  person: (name: string) => Promise<Person>;
  room: (...people: Person[]) => Promise<string>;
  wires: () => Promise<number>;
  /** Bytes that it holds. */
  memory: () => Promise<number>;
  /** Milliseconds of the processor's time that it has used. */
  worked: () => Promise<number>;
};
type Asked = { n: number; what: keyof Questions; about: unknown[] };
type Answered = { n: number; answer: unknown } | { n: number; failed: string };

export type HouseProcess = Questions & {
  address: string;
  /** Whether it has not ended, by an error nobody caught or otherwise. */
  isUp: () => boolean;
  /** Resolves with its exit code: 0 where all went well to the end. */
  close: () => Promise<number | null>;
};

export async function spawnHouse(place: Omit<Place, 'remove'>, options: Options = {}): Promise<HouseProcess> {
  const told = JSON.stringify({ databaseUrl: place.databaseUrl, folder: place.folder, options });
  const child = fork(import.meta.filename, [told]);
  const abandon = () => child.kill('SIGKILL');
  process.once('exit', abandon);
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  void gone.then(() => {
    process.off('exit', abandon);
    for (const { reject } of waiting.values()) reject(new Error('The room server has ended'));
  });
  const address = await new Promise<string>((resolve, reject) => {
    child.once('message', (first) => resolve(String(first)));
    void gone.then(() => reject(new Error('The room server ended before it was ready')));
  });
  child.on('message', (answered: Answered) => {
    const asked = waiting.get(answered.n);
    waiting.delete(answered.n);
    if ('failed' in answered) asked?.reject(new Error(answered.failed));
    else asked?.resolve(answered.answer);
  });
  let count = 0;
  const ask =
    <What extends keyof Questions>(what: What) =>
    (...about: Parameters<Questions[What]>): ReturnType<Questions[What]> => {
      const asked = Promise.withResolvers<unknown>();
      waiting.set(++count, asked);
      child.send({ n: count, what, about } satisfies Asked);
      return asked.promise as ReturnType<Questions[What]>;
    };
  return {
    address,
    person: ask('person'),
    room: ask('room'),
    wires: ask('wires'),
    memory: ask('memory'),
    worked: ask('worked'),
    isUp: () => child.connected,
    close() {
      if (child.connected) child.disconnect();
      return gone;
    },
  };
}

async function main({ options, ...place }: Told): Promise<void> {
  const store = await openStore({ ...place, log: pino({ level: 'warn' }) });
  const house: House = await openHouse(store, options);
  const answers: { [What in keyof Questions]: (...about: never[]) => ReturnType<Questions[What]> } = {
    person: (name: string) => house.person(name),
    room: (...people: Person[]) => house.room(...people),
    wires: () => house.wires(),
    memory: async () => process.memoryUsage.rss(),
    worked: async () => process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000,
  };
  process.on('message', ({ n, what, about }: Asked) => {
    answers[what](...(about as never[])).then(
      (answer) => process.send?.({ n, answer } satisfies Answered),
      (error: Error) => process.send?.({ n, failed: error.message } satisfies Answered),
    );
  });
  process.once('disconnect', () => void house.close());
  process.send?.(house.address);
}

if (import.meta.main) await main(JSON.parse(process.argv[2] ?? '') as Told);
