/** A thread for the tests of threads: says its priority, fails, or ends. */
import { getPriority } from 'node:os';
import { answerAll } from '#server/thread.ts';

export type ThreadQuestion = 'priority' | 'fail' | 'end';

answerAll((asked: ThreadQuestion): number => {
  if (asked === 'fail') throw new Error('It failed');
  if (asked === 'end') process.exit(1);
  return getPriority();
}, 'far');
