/** A thread of its own for what takes long: a long note as long as hundreds of commits, a password a tenth of a second. */
import { setPriority } from 'node:os';
import { parentPort, Worker } from 'node:worker_threads';

/** Answers one question at a time, in the order they were asked. */
export type Thread<Question, Answer> = {
  /** Starts the thread when it is first needed. Rejects when answering fails, the thread ends or has been closed. */
  ask: (question: Question) => Promise<Answer>;
  close: () => Promise<void>;
};

type Asked<Question> = { job: number; question: Question };
type Answered<Answer> = { job: number; answer: Answer } | { job: number; failed: string };

/**
 * Megabytes of a thread's own for what is new. V8's default is twice as much, which a thread keeps once
 * it has taken in a long document, and merges little faster by: 13 ms and 16 for 8,000 keys, where
 * it held a hundred megabytes more.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 24 };

/** A thread that runs `file`, which calls `answerAll`. */
export function createThread<Question, Answer>(file: URL): Thread<Question, Answer> {
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  let worker: Worker | null = null;
  let jobs = 0;
  let isClosed = false;
  const stopping = () => new Error('The service is stopping');

  function failAll(error: Error): void {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    worker = null;
  }

  function start(): Worker {
    const started = new Worker(file, { resourceLimits });
    started.on('message', (answered: Answered<Answer>) => {
      const asked = waiting.get(answered.job);
      waiting.delete(answered.job);
      // A process ends though it has the thread, but not before the thread has answered.
      if (waiting.size === 0) started.unref();
      if ('answer' in answered) asked?.resolve(answered.answer);
      else asked?.reject(new Error(answered.failed));
    });
    started.on('error', (error: Error) => {
      if (worker === started) failAll(error);
    });
    started.on('exit', () => {
      if (worker === started) failAll(new Error('The thread ended'));
    });
    return started;
  }

  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (isClosed) throw stopping();
        worker ??= start();
        jobs += 1;
        waiting.set(jobs, { resolve, reject });
        worker.ref();
        worker.postMessage({ job: jobs, question } satisfies Asked<Question>);
      }),
    async close() {
      isClosed = true;
      const ending = worker;
      failAll(stopping());
      await ending?.terminate();
    },
  };
}

/** How far a thread stands back for the one that answers people: typing comes first. */
export const standsBack = { slightly: 5, far: 10 } as const;

/** In the thread's own file: answers whatever is asked of it. */
export function answerAll<Question, Answer>(
  answer: (question: Question) => Answer,
  back: keyof typeof standsBack,
): void {
  if (!parentPort) throw new Error('This file is started as a thread');
  const port = parentPort;
  standBack(standsBack[back]);
  port.on('message', ({ job, question }: Asked<Question>) => {
    const reply = (answered: Answered<Answer>): void => port.postMessage(answered);
    try {
      reply({ job, answer: answer(question) });
    } catch (error) {
      reply({ job, failed: error instanceof Error ? error.message : String(error) });
    }
  });
}

/**
 * Linux keeps a priority for each thread, and process 0 is the thread that asks (setpriority(2)). Elsewhere it
 * would be that of the whole process, typing and all, which stays as it is.
 */
function standBack(nice: number): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, nice);
  } catch {
    // Where a sandbox forbids it, the thread works like any other.
  }
}
