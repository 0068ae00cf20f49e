/** What the service needs and does not find is told when it starts, with what to do. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyPlace, type Place } from '../support/database.ts';
import { startService } from '../support/service.ts';

let place: Place;
beforeAll(async () => {
  place = await emptyPlace('pglite');
});
afterAll(() => place.remove());

test('a machine that cannot work out passwords is told before anybody tries to sign in', async () => {
  const env = { CANDOUR_MODE: 'live', NAPI_RS_NATIVE_LIBRARY_PATH: '/not-here.node' };
  await expect(startService(place, env)).rejects.toThrow(
    /Passwords cannot be worked out: .* Run "npm ci" on this machine/,
  );
});
