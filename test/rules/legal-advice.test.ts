/** The legal lane: privileged, and on the open record only that advice was taken, and when. */
import { expect, test } from 'vitest';
import { admittedToLegalLane } from '#schema/side-room.ts';
import { amara, beth, denis, given, idris, joan, mina, onCase, opened, priya, tomas } from '../support/rules.ts';

const people = [joan, amara, tomas, priya, denis, idris, mina].map(onCase);
const onTheCase = () => given(opened([amara, tomas, priya, denis, idris, mina]));
const taken = { type: 'RecordLegalAdvice', on: '2026-11-20' } as const;

test('[M18] the lane is for the client: those who take advice and act on it, and their adviser; all of them write', () => {
  const inside = admittedToLegalLane(people, tomas.agency);
  expect(inside.map(({ person }) => person.name)).toEqual([tomas.name, denis.name, mina.name]);
  expect(inside.every(({ capability }) => capability === 'write')).toBe(true);
  expect(admittedToLegalLane(people, amara.agency).map(({ person }) => person.name)).toEqual([amara.name]);
});

test('[M18] the record says that advice was taken and on which day, and nothing more', () => {
  onTheCase().when(taken, mina).gives({ type: 'LegalAdviceTaken', on: '2026-11-20' });
  const after = onTheCase().when(taken, tomas).recorded();
  expect(after.state.legalAdvice).toMatchObject([{ on: '2026-11-20', by: tomas }]);
});

test('[M18] neither the Chair nor whoever does not act on advice records it', () => {
  for (const by of [joan, idris]) onTheCase().when(taken, by).isRefused('NotYourRole');
  onTheCase().when(taken, beth).isRefused('NotYourRole');
});

test('[M18] not for a day to come, and not twice for one day by one agency', () => {
  onTheCase()
    .when({ ...taken, on: '2026-11-24' }, mina)
    .isRefused('DateInTheFuture', { field: 'on' });
  const after = onTheCase().when(taken, mina).recorded();
  after.when(taken, denis).isRefused('AdviceAlreadyRecorded', { field: 'on' });
  after.when(taken, amara).gives({ type: 'LegalAdviceTaken', on: '2026-11-20' });
  after.when({ ...taken, on: '2026-11-21' }, denis).gives({ type: 'LegalAdviceTaken', on: '2026-11-21' });
});
