/** Hints between processes, by Redis. It may be killed, paused or flushed: then each process finds out a second later. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { createClient } from 'redis';
import { z } from 'zod';
import { createListeners, hint, type Bus, type Hint } from './bus.ts';

const channel = 'candour:hints';
const message = z.object({ from: z.string(), hint });
/** Milliseconds at most between attempts to reach Redis again. */
const longestWait = 2_000;
/** Milliseconds between two questions whether it is there, and after which silence means that it is not: a paused machine closes nothing. */
const askEvery = 2_000;
const silentFor = 7_000;
/** Hints that wait for an answer; while they do, the next are lost. */
const waitingAtMost = 1_000;

/** Opens the bus. Does not wait for Redis: a service whose Redis is down starts, and is a second slower. */
export function createRedisBus(url: string, log: Logger): Bus {
  const self = randomUUID();
  const { tell, subscribe, clear } = createListeners();
  const client = createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: waitingAtMost,
    pingInterval: askEvery,
    socket: {
      reconnectStrategy: (tries) => Math.min(100 * 2 ** tries, longestWait),
      connectTimeout: longestWait,
      socketTimeout: silentFor,
    },
  });
  const subscriber = client.duplicate({ disableOfflineQueue: false });
  for (const each of [client, subscriber]) {
    each.on('error', (err: unknown) => log.debug({ err }, 'Redis is away'));
    each.on('ready', () => log.info('Redis is there'));
    each.connect().catch((err: unknown) => log.warn({ err }, 'Redis could not be reached'));
  }
  subscriber
    .subscribe(channel, (text) => {
      const parsed = message.safeParse(JSON.parse(text));
      if (!parsed.success) log.warn('a hint was not understood');
      else if (parsed.data.from !== self) tell(parsed.data.hint);
    })
    .catch((err: unknown) => log.warn({ err }, 'hints cannot be heard'));

  function publishElsewhere(given: Hint): void {
    if (!client.isReady) return;
    client
      .publish(channel, JSON.stringify({ from: self, hint: given }))
      .catch((err: unknown) => log.debug({ err }, 'a hint was lost'));
  }

  return {
    shared: true,
    publish(given) {
      tell(given);
      publishElsewhere(given);
    },
    publishElsewhere,
    subscribe,
    async close() {
      clear();
      client.destroy();
      subscriber.destroy();
    },
  };
}
