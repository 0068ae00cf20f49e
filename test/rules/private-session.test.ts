/** Private sessions: on the open record that one was held, why and when; never what was said or who took part. */
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { Event } from '#schema/event.ts';
import type { openPrivateSession } from '#schema/private-session.ts';
import { amara, admitted, given, idris, joan, opened, priya, tomas } from '../support/rules.ts';

const room = 'd'.repeat(32);
const open: z.infer<typeof openPrivateSession> = {
  type: 'OpenPrivateSession',
  rules: ['10.4(1)', '10.4(2)'],
  reason: 'The discussion will name the child and a sibling.',
  publicInterest: 'Naming them would harm them, and nothing of public concern needs their names.',
  people: [amara.person, priya.person],
};
const asOpened: Event = {
  type: 'PrivateSessionOpened',
  room,
  rules: open.rules,
  reason: open.reason,
  publicInterest: open.publicInterest,
};
const facts = { newRoom: room };

describe('opening', () => {
  test('[M19] the Chair opens one: the rule, the reason and the public interest are on the open record', () => {
    given(opened()).when(open, joan, facts).gives(asOpened);
  });

  test('[M19] who takes part is not on the open record', () => {
    expect(JSON.stringify(asOpened)).not.toContain(amara.person);
  });

  test('[M19] nobody else may, whatever their part', () => {
    for (const by of admitted.filter(({ role }) => role !== 'chair')) {
      given(opened()).when(open, by, facts).isRefused('OnlyTheChair');
    }
  });

  test('[M19] only people on the case take part', () => {
    given(opened())
      .when({ ...open, people: [amara.person, idris.person] }, joan, facts)
      .isRefused('NotOnTheCase', { people: 1 });
  });

  test('[M19] one at a time', () => {
    given(opened()).when(open, joan, facts).recorded().when(open, joan, facts).isRefused('PrivateSessionStillOpen');
  });

  test('[M19] the rule, the reason and the public interest are each asked for', () => {
    const without = { rules: [], reason: ' ', publicInterest: '' };
    for (const [field, value] of Object.entries(without)) {
      expect(() => given(opened()).when({ ...open, [field]: value }, joan, facts)).toThrow();
    }
  });
});

describe('closing', () => {
  const during = () => given(opened()).when(open, joan, facts).recorded();
  const session = () => during().state.privateSessions[0]?.seq ?? 0;

  test('[M19] the Chair closes it, and the times of both stand in the record', () => {
    const after = during().when({ type: 'ClosePrivateSession', session: session() }, joan).recorded();
    const [held] = after.state.privateSessions;
    expect(held?.openedAt).toBeTruthy();
    expect(held?.closedAt).toBeTruthy();
    expect(held?.openedBy.person).toBe(joan.person);
  });

  test('[M19] twice is refused, and so is one that never was', () => {
    const close = { type: 'ClosePrivateSession', session: session() } as const;
    during().when(close, joan).recorded().when(close, joan).isRefused('PrivateSessionAlreadyClosed');
    during()
      .when({ ...close, session: 999 }, joan)
      .isRefused('NoSuchPrivateSession');
    during().when(close, tomas).isRefused('OnlyTheChair');
  });

  test('[M19] after one is closed another may be held', () => {
    during()
      .when({ type: 'ClosePrivateSession', session: session() }, joan)
      .recorded()
      .when(open, joan, facts)
      .gives(asOpened);
  });
});
