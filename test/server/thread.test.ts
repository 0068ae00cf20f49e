/** Threads of their own: what is asked is answered or refused whatever becomes of the thread, and they stand back for who types. */
import { getPriority } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createThread, standsBack, type Thread } from '#server/thread.ts';
import type { ThreadQuestion } from '../support/thread-worker.ts';

let thread: Thread<ThreadQuestion, number>;
beforeEach(() => {
  thread = createThread(new URL('../support/thread-worker.ts', import.meta.url));
});
afterEach(() => thread.close());

test('on Linux a thread stands back by itself, elsewhere none does: the process keeps its priority', async () => {
  const before = getPriority();
  expect(await thread.ask('priority')).toBe(process.platform === 'linux' ? standsBack.far : before);
  expect(getPriority()).toBe(before);
});

test('a question that fails fails alone', async () => {
  const [failed, next] = [thread.ask('fail'), thread.ask('priority')];
  await expect(failed).rejects.toThrow('It failed');
  expect(await next).toBeTypeOf('number');
});

test('a thread that ends leaves nobody waiting, and the next question starts another', async () => {
  const asked = [thread.ask('end'), thread.ask('priority'), thread.ask('priority')];
  expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(await thread.ask('priority')).toBeTypeOf('number');
});

test('one that is closed leaves nobody waiting, and starts no other', async () => {
  const asked = thread.ask('priority');
  const closing = thread.close();
  for (const each of [asked, thread.ask('priority')]) await expect(each).rejects.toThrow('The service is stopping');
  await closing;
});
