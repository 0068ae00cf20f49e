/** [R3] The acknowledgement leaves after the commit's fsync. */
import { describe, expect, test } from 'vitest';
import { watchAcknowledgements } from '../support/acknowledged.ts';
import { databaseKinds } from '../support/database.ts';
import { findTracer } from '../support/trace.ts';

const count = 20;
const mayTrace = await findTracer();

describe.skipIf(!mayTrace).each(databaseKinds())('on %s', (kind) => {
  test(
    `[R3] the system sees the log on disk before each of ${count} acknowledgements leaves`,
    { timeout: 240_000 },
    async () => {
      expect(await watchAcknowledgements(kind, count)).toEqual({ acknowledged: count, afterSync: count });
    },
  );
});
