/** A thread of its own for what takes a whole document: a long note takes as long as hundreds of commits. */
import { parentPort, Worker } from 'node:worker_threads';

/** Answers one question at a time, in the order they were asked. */
export type Thread<Question, Answer> = {
  /** Starts the thread when it is first needed. Rejects when answering fails or the thread ends. */
  ask: (question: Question) => Promise<Answer>;
  close: () => Promise<void>;
};

type Asked<Question> = { job: number; question: Question };
type Answered<Answer> = { job: number; answer: Answer } | { job: number; failed: string };

/** A thread that runs `file`, which calls `answerAll`. */
export function createThread<Question, Answer>(file: URL): Thread<Question, Answer> {
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  let worker: Worker | null = null;
  let jobs = 0;

  function failAll(error: Error): void {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    worker = null;
  }

  function start(): Worker {
    const started = new Worker(file);
    started.unref();
    started.on('message', (answered: Answered<Answer>) => {
      const asked = waiting.get(answered.job);
      waiting.delete(answered.job);
      if ('answer' in answered) asked?.resolve(answered.answer);
      else asked?.reject(new Error(answered.failed));
    });
    started.on('error', failAll);
    started.on('exit', () => {
      if (worker === started) failAll(new Error('The thread ended'));
    });
    return started;
  }

  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        worker ??= start();
        jobs += 1;
        waiting.set(jobs, { resolve, reject });
        worker.postMessage({ job: jobs, question } satisfies Asked<Question>);
      }),
    async close() {
      const ending = worker;
      failAll(new Error('The service is stopping'));
      await ending?.terminate();
    },
  };
}

/** In the thread's own file: answers whatever is asked of it. */
export function answerAll<Question, Answer>(answer: (question: Question) => Answer): void {
  if (!parentPort) throw new Error('This file is started as a thread');
  const port = parentPort;
  port.on('message', ({ job, question }: Asked<Question>) => {
    const reply = (answered: Answered<Answer>): void => port.postMessage(answered);
    try {
      reply({ job, answer: answer(question) });
    } catch (error) {
      reply({ job, failed: error instanceof Error ? error.message : String(error) });
    }
  });
}
