/** My work: what a case asks of each person now, and the proof of when they were told. */
import { describe, expect, test } from 'vitest';
import { fold, hasCase } from '#schema/room.ts';
import { needsOf } from '#schema/work.ts';
import { serviceClock, type Actor } from '#schema/actor.ts';
import {
  admitted,
  amara,
  at,
  decisionSigned,
  denis,
  dissentAnswered,
  dissentRecorded,
  dissentReviewed,
  given,
  health,
  joan,
  opened,
  outcomeRecorded,
  positionGiven,
  positionsDiffer,
  priya,
  record,
  ref,
  resolutionAsked,
  resolutionOpened,
  room,
  notified,
  positionFor,
  positionsOpened,
  tomas,
  today,
  wren,
  holidays,
  type Happened,
} from '../support/rules.ts';

/** Who is asked for what, by first name, once this has happened. */
function asked(...history: Parameters<typeof given>): Record<string, string[]> {
  const { state } = given(opened(), ...history);
  if (!hasCase(state)) throw new Error('No case was opened');
  const needs = admitted.map((person) => {
    const each = needsOf(state, person, { holidays }).filter(({ from = today }) => from <= today);
    // The stages of positions and of resolution end before the last day to notify.
    const days: Partial<Record<string, string>> = { positions: '2026-11-24', resolution: '2026-11-25' };
    for (const { due, place } of each) expect(due).toBe(days[place] ?? '2026-11-27');
    return [person.name.split(' ')[0] ?? '', each.map(({ what }) => what)] as const;
  });
  return Object.fromEntries(needs.filter(([, what]) => what.length > 0));
}

describe('[M47] what a case asks of each person', () => {
  test('at first, a position of each statutory partner and of nobody else', () => {
    expect(asked()).toEqual({
      Amara: ["Give Health's position"],
      Tomas: ["Give Social care's position"],
      Priya: ["Give Police's position"],
    });
  });

  test('not of those who have given it', () => {
    expect(Object.keys(asked(positionGiven(amara)))).toEqual(['Tomas', 'Priya']);
  });

  test('once positions are open, the authority signs', () => {
    expect(asked(positionsDiffer())).toEqual({ Denis: ['Sign the decision'] });
  });

  test('[M22] a dissent asks for an answer, the answer asks whether it stands, and then nothing', () => {
    const history = [positionsDiffer(), dissentRecorded(priya)];
    expect(asked(...history)).toEqual({ Denis: ["Answer Police's disagreement", 'Sign the decision'] });
    expect(asked(...history, dissentAnswered(8))).toEqual({
      Denis: ['Sign the decision'],
      Priya: ['Say whether you still disagree'],
    });
    expect(asked(...history, dissentAnswered(8), dissentReviewed(priya, 8, 'maintained'))).toEqual({
      Denis: ['Sign the decision'],
    });
  });

  test('[M25] a resolution step asks the Chair to open it, then to record it, then nothing', () => {
    const history = [positionsDiffer(), resolutionAsked(wren)];
    expect(asked(...history).Joan).toEqual(['Open the resolution step']);
    expect(asked(...history, resolutionOpened).Joan).toEqual(['Record what the resolution step settled']);
    expect(asked(...history, resolutionOpened, outcomeRecorded()).Joan).toBeUndefined();
  });

  test('[M29] after the decision nobody is asked for a position, to sign, or to open a step', () => {
    const send = 'Send the notification in the national system, then record it here';
    const authority = { Tomas: [send], Denis: [send] };
    expect(asked(decisionSigned())).toEqual(authority);
    expect(asked(positionsDiffer(), resolutionAsked(), decisionSigned())).toEqual(authority);
    expect(asked(positionsDiffer(), decisionSigned(), dissentRecorded(priya))).toEqual({
      ...authority,
      Denis: ["Answer Police's disagreement", send],
    });
    expect(asked(positionsDiffer(), resolutionAsked(), resolutionOpened, decisionSigned())).toEqual({
      ...authority,
      Joan: ['Record what the resolution step settled'],
    });
  });

  test('[M29] a decision-maker of another agency is not asked to do what they may not', () => {
    const elsewhere = { ...denis, agency: health };
    const { state } = given(opened([amara, elsewhere]), positionsDiffer(), dissentRecorded(priya));
    if (!hasCase(state)) throw new Error('No case was opened');
    expect(needsOf(state, elsewhere, { holidays })).toEqual([]);
  });

  test('each thing says where it is done', () => {
    const { state } = given(opened(), positionsDiffer(), dissentRecorded(priya), resolutionAsked());
    if (!hasCase(state)) throw new Error('No case was opened');
    expect(needsOf(state, denis, { holidays }).map(({ place }) => place)).toEqual(['decision', 'decision', 'decision']);
    expect(needsOf(state, joan, { holidays }).map(({ place }) => place)).toEqual(['decision', 'resolution']);
  });
});

describe('[CK1] [CK8] what the clock asks of those who decide and of the Chair', () => {
  const asks = (history: Parameters<typeof given>, by: Actor) => {
    const { state } = given(opened(), ...history);
    return hasCase(state) ? needsOf(state, by, { holidays }) : [];
  };
  const pass = (limit: 'positions' | 'notify', day: string, silent?: string[]): Happened => ({
    by: serviceClock,
    event: { type: 'LimitPassed', limit, day, ...(silent ? { silent } : {}) },
  });

  test('from half of the time on, the decision is asked for without waiting for every position', () => {
    expect(asks([positionGiven(amara)], denis)).toMatchObject([
      { what: 'Sign the decision, with or without every position', from: '2026-11-25', due: '2026-11-27' },
    ]);
  });

  test('on the last day it is said that a partner’s "notify" is enough to act on: suspicion is', () => {
    const what = 'Health and Social care say notify: it is enough that abuse or neglect is suspected';
    expect(asks([positionsDiffer()], denis)).toContainEqual(
      expect.objectContaining({
        what: what.replace('Health and Social care', 'Social care and Health'),
        from: '2026-11-27',
      }),
    );
    const none = [amara, tomas, priya].map((by) => positionGiven(by, positionFor('do-not-notify')));
    const said = (history: Parameters<typeof given>) =>
      asks(history, denis)
        .map((need) => need.what)
        .join();
    expect(said([none, positionsOpened()])).not.toContain('say notify');
    expect(said([positionsDiffer(), decisionSigned()])).not.toContain('say notify');
    expect(
      asks([positionsDiffer()], joan)
        .map((need) => need.what)
        .join(),
    ).not.toContain('say notify');
  });

  test('the Chair is asked to open the positions once a partner has kept silent past their day, and no longer than that', () => {
    const silent = [positionGiven(amara), positionGiven(tomas), pass('positions', '2026-11-24', ['Police'])] as const;
    const open = { what: 'Open the positions: Police gave none by the day for them', place: 'positions' };
    expect(asks([...silent], joan)).toContainEqual(expect.objectContaining(open));
    expect(asks([...silent, positionsOpened('chair', joan)], joan)).not.toContainEqual(expect.objectContaining(open));
    expect(asks([pass('positions', '2026-11-24', ['Health', 'Police'])], joan)).toContainEqual(
      expect.objectContaining({ what: 'Ask after the positions: nobody gave one by the day for them' }),
    );
  });

  test('the Chair hears on the last morning of what was not decided or not sent, and of nothing that is done', () => {
    const last = { place: 'decision', from: '2026-11-27', clocks: ['notify'], alerts: ['last-morning'] };
    expect(asks([], joan)).toMatchObject([last]);
    expect(asks([decisionSigned()], joan)).toMatchObject([
      { ...last, what: 'Ask the local authority whether the notification has been sent' },
    ]);
    expect(asks([decisionSigned([], 'do-not-notify')], joan)).toEqual([]);
    expect(asks([notified()], joan).map((need) => need.what)).toEqual([
      'Read the decision and confirm that you have it',
    ]);
  });
});

test("[M7] a person's own room records when they were told of each case", () => {
  const told = (code: string, moment: string) =>
    at(moment, { by: amara, event: { type: 'ToldOfCase', ref: code, room } });
  const entries = record([told(ref, '2026-11-23T09:00:00Z'), told('SI-2026-9XYZ', '2026-11-24T09:00:00Z')]);
  const state = fold(entries);
  expect(state.work.told).toEqual([
    { ref, at: '2026-11-23T09:00:00Z' },
    { ref: 'SI-2026-9XYZ', at: '2026-11-24T09:00:00Z' },
  ]);
  expect(state.case).toBeNull();
});
