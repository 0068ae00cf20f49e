/** My work: what a case asks of each person now, and the proof of when they were told. */
import { describe, expect, test } from 'vitest';
import { fold, hasCase } from '#schema/room.ts';
import { needsOf } from '#schema/work.ts';
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
  wren,
} from '../support/rules.ts';

/** Who is asked for what, by first name, once this has happened. */
function asked(...history: Parameters<typeof given>): Record<string, string[]> {
  const { state } = given(opened(), ...history);
  if (!hasCase(state)) throw new Error('No case was opened');
  const needs = admitted.map((person) => {
    const each = needsOf(state, person);
    // A stage of resolution ends before the last day to notify.
    for (const { due, place } of each) expect(due).toBe(place === 'resolution' ? '2026-11-25' : '2026-11-27');
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
    expect(needsOf(state, elsewhere)).toEqual([]);
  });

  test('each thing says where it is done', () => {
    const { state } = given(opened(), positionsDiffer(), dissentRecorded(priya), resolutionAsked());
    if (!hasCase(state)) throw new Error('No case was opened');
    expect(needsOf(state, denis).map(({ place }) => place)).toEqual(['decision', 'decision']);
    expect(needsOf(state, joan).map(({ place }) => place)).toEqual(['resolution']);
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
