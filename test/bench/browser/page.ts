/** What a person at a screen would notice, measured in a real browser. */
import { setTimeout as pause } from 'node:timers/promises';
import type { CDPSession, Page } from '@playwright/test';
import { median, quantile } from '../load/quantile.ts';

/** Milliseconds between the keys of the one who types, and how many they press. */
const betweenKeys = 120;
const keys = 120;
/** Milliseconds that frames are counted for while the page is scrolled. */
const scrolling = 5_000;
/** Milliseconds: two frames at sixty a second. Later than that, somebody sees it. */
const late = 34;

export type Echo = { median: number; p95: number };
export type Frames = { median: number; p95: number; late: number };

type Watched = typeof globalThis & { echoes: number[]; deltas: number[]; following: boolean };

/** From a key going down to the frame that shows its letter being given to the screen, in milliseconds. Types into what has the focus. */
export async function echo(page: Page): Promise<Echo> {
  await page.evaluate(() => {
    const watched = globalThis as Watched;
    watched.echoes = [];
    addEventListener(
      'keydown',
      ({ timeStamp }) => {
        requestAnimationFrame(() => {
          // A message is handled after the frame has been drawn.
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => watched.echoes.push(performance.now() - timeStamp);
          port2.postMessage(null);
        });
      },
      true,
    );
  });
  for (let n = 0; n < keys; n += 1) {
    await page.keyboard.press(n % 6 === 5 ? 'Space' : 'e');
    await pause(betweenKeys);
  }
  const taken = await page.evaluate(() => (globalThis as Watched).echoes);
  return { median: median(taken), p95: quantile(taken, 0.95) };
}

/** Time between frames while the page is scrolled with the wheel; `late` is the share, in per cent, that took longer than two frames should. */
export async function frames(page: Page): Promise<Frames> {
  await page.evaluate(() => {
    const watched = globalThis as Watched;
    watched.deltas = [];
    watched.following = true;
    let before = performance.now();
    const follow = (now: number) => {
      watched.deltas.push(now - before);
      before = now;
      if (watched.following) requestAnimationFrame(follow);
    };
    requestAnimationFrame(follow);
  });
  const end = performance.now() + scrolling;
  for (let n = 0; performance.now() < end; n += 1) {
    await page.mouse.wheel(0, n % 40 < 20 ? 400 : -400);
    await pause(50);
  }
  const taken = await page.evaluate(() => {
    const watched = globalThis as Watched;
    watched.following = false;
    return watched.deltas.slice(1);
  });
  return {
    median: median(taken),
    p95: quantile(taken, 0.95),
    late: (100 * taken.filter((each) => each > late).length) / taken.length,
  };
}

/** Megabytes of the page's own heap that are in use after a collection, and nodes of its document. */
export async function weight(devtools: CDPSession): Promise<{ heap: number; nodes: number }> {
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('Performance.enable');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const of = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
  return { heap: of('JSHeapUsedSize') / 1e6, nodes: of('Nodes') };
}
