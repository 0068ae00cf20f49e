/** Bytes that are no frame, frames that are no message, requests that are no request: they end their sender and nobody else notices. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshStore } from '../support/database.ts';
import { openWriter } from '../support/writer.ts';
import { Chance } from './support/chance.ts';
import { openHouse, type House, type Person } from './support/house.ts';
import { frames, requests, sendMalformed } from './support/malformed.ts';
import { until } from './support/until.ts';

/** Of each kind here; the night run sends 10,000. */
const times = 12;

/** On one kind of database: nothing of this comes as far as a store. */
describe('what is malformed', () => {
  let house: House;
  let person: Person;
  let room: string;
  beforeAll(async () => {
    house = await openHouse(await freshStore('pglite'), { forgives: true });
    person = await house.person('Amara');
    room = await house.room(person);
  });
  afterAll(() => house.close());

  test.each([...Object.keys(frames), ...Object.keys(requests)])(
    `[R29] ${times} times %s: each ends its sender; somebody typing meanwhile loses nothing`,
    async (name) => {
      const client = (await house.rooms.lease(house.db, room, person.actor.person)) ?? 0;
      const healthy = openWriter({ address: house.address, room, cookie: person.cookie, client });
      let left = 0;
      healthy.provider.on('connection-close', () => (left += 1));
      let typed = 0;
      const typing = setInterval(() => healthy.type(`${name} ${typed++}`), 25);
      try {
        expect(await sendMalformed(name, times, { house, room, person, chance: new Chance(name.length) })).toBe(0);
      } finally {
        clearInterval(typing);
      }
      await healthy.settled();
      expect(healthy.saved()).toHaveLength(typed);
      expect(left).toBe(0);
      healthy.close();
      await until('no socket to be left', async () => (await house.rooms.peopleIn(room)).length === 0);
      await until('no wire to be left', async () => (await house.wires()) === 0);
    },
  );
});
