/** What is next after an outcome that leaves something to be done elsewhere, for whom, and what closes it. */
import { describe, expect, test } from 'vitest';
import { tell } from '#lib/deliberation/tell.ts';
import { followUpOutcome, nextSteps } from '#schema/follow-up.ts';
import { fieldErrors } from '#schema/fields.ts';
import type { Outcome } from '#schema/outcome.ts';
import { hasCase, type RoomState } from '#schema/room.ts';
import { needsOf } from '#schema/work.ts';
import {
  admitted,
  amara,
  decisionSigned,
  denis,
  given,
  holidays,
  joan,
  opened,
  outcomeRecorded,
  positionFor,
  positionsDiffer,
  priya,
  resolutionAsked,
  resolutionOpened,
  today,
  tomas,
  type Happened,
} from '../support/rules.ts';

/** Views differ, and stage 3, begun by entry 8, came to this as entry 10. */
const cameTo = (outcome: Outcome): Happened[] => {
  const recorded = outcomeRecorded(outcome);
  const detailed =
    recorded.event.type === 'OutcomeRecorded' ? { ...recorded.event, detail: 'Southmoor Council' } : recorded.event;
  return [...opened(), ...positionsDiffer(), resolutionAsked(), resolutionOpened, { ...recorded, event: detailed }];
};
const inCase = (state: RoomState) => {
  if (!hasCase(state)) throw new Error('No case was opened');
  return state;
};
/** What is next, by whom. */
const next = (state: RoomState) => nextSteps(inCase(state)).map(({ who, what }) => `${who}: ${what}`);
const said = 'The Panel will not advise before a decision.';
const followUp = { type: 'FollowUpOutcome', stage: 8, said } as const;
const handOver = {
  type: 'HandOver',
  authority: 'Southmoor Council',
  spokenTo: 'Ada Flint',
  on: today,
  reference: '',
} as const;
const askPanel = {
  type: 'AskOutsideAdvice',
  of: 'panel-chair',
  body: '',
  person: '',
  facts: 'A broken arm, and two views of it.',
  question: 'Is it serious harm?',
  sentOn: today,
  replyBy: '2026-11-25',
} as const;

describe('[M28] what is next after an outcome of resolution', () => {
  test('referred to another authority: the local authority hands the case over, and then nothing', () => {
    const referred = given(cameTo('other-authority'));
    expect(next(referred.state)).toEqual([
      'The local authority: Hand the case over to the authority it was referred to (Southmoor Council)',
    ]);
    expect(next(referred.when(handOver, denis).recorded().state)).toEqual([]);
  });

  test("the Panel's advice: asked for, waited for, recorded, and what came of it said where views differ still", () => {
    const sought = given(cameTo('panel-advice'));
    expect(next(sought.state)).toEqual(["The Chair: Ask for the Panel's advice, and record what was asked"]);
    const asked = sought.when(askPanel, joan).recorded();
    expect(nextSteps(inCase(asked.state))).toMatchObject([
      { what: "See that the Panel's advice is recorded", due: '2026-11-25' },
    ]);
    const reply = { from: 'The Panel', receivedOn: today, reply: 'It may be.' };
    const answered = asked.when({ type: 'RecordOutsideAdvice', advice: asked.state.seq, ...reply }, joan).recorded();
    expect(next(answered.state)).toEqual(["The Chair: Say what came of the Panel's advice: views still differ"]);
    expect(next(answered.when(followUp, joan).recorded().state)).toEqual([]);
  });

  test('advice that was asked for before, and is still awaited, is the advice that is waited for', () => {
    const asked = given(opened(), positionsDiffer()).when(askPanel, joan).recorded();
    const history = [...asked.entries].map(({ actor, body }) => ({ by: actor, event: body })) as Happened[];
    const sought = given(history, [resolutionAsked(), resolutionOpened, outcomeRecorded('panel-advice')]);
    expect(next(sought.state)).toEqual(["The Chair: See that the Panel's advice is recorded"]);
  });

  test('withdrawn because of new facts: each partner looks at its position again, until views agree', () => {
    const withdrawn = given(cameTo('withdrawn'));
    const chair = 'The Chair: Say what came of the new facts: views still differ';
    expect(next(withdrawn.state)).toEqual([
      "Social care: See whether the new facts change Social care's position",
      "Health: See whether the new facts change Health's position",
      "Police: See whether the new facts change Police's position",
      chair,
    ]);
    const changed = (view: 'notify' | 'do-not-notify', ...partners: (typeof amara)[]) =>
      partners.reduce(
        (so, by) =>
          so.when({ type: 'SubmitPosition', content: positionFor(view), whatChanged: 'new-evidence' }, by).recorded(),
        withdrawn,
      );
    expect(next(changed('do-not-notify', tomas, priya).state)).toContain(chair);
    expect(next(changed('do-not-notify', amara, tomas, priya).state)).toEqual([]);
  });

  test('each is in the work of the person whose it is, by the last day to notify', () => {
    const asked = (outcome: Outcome) =>
      admitted.flatMap((person) =>
        needsOf(inCase(given(cameTo(outcome)).state), person, { holidays })
          .filter(({ what }) => /Hand the case|Panel's advice|new facts/.test(what))
          .map(({ due, place }) => `${person.name} ${place} ${due}`),
      );
    expect(asked('other-authority')).toEqual(['Denis Marsh criteria 2026-11-27']);
    expect(asked('panel-advice')).toEqual(['Joan Alder decision 2026-11-27']);
    expect(asked('withdrawn')).toHaveLength(4);
    expect(asked('not-agreed')).toEqual([]);
  });

  test('a decision ends it, and so does a further stage', () => {
    for (const outcome of ['other-authority', 'panel-advice', 'withdrawn'] as const) {
      expect(next(given(cameTo(outcome), decisionSigned()).state)).toEqual([]);
      expect(next(given(cameTo(outcome), resolutionAsked()).state)).toEqual([]);
    }
  });
});

describe('[M28] the Chair says what came of it, and differing views are kept', () => {
  const withdrawn = given(cameTo('withdrawn'));

  test('in words, once', () => {
    const done = withdrawn.when(followUp, joan);
    done.gives({ type: 'OutcomeFollowedUp', stage: 8, said });
    const after = done.recorded();
    expect(after.state.resolutions.at(-1)).toMatchObject({ status: 'recorded', followedUp: { by: joan, said } });
    expect(next(after.state)).toEqual([]);
    expect(after.state.positions).toEqual(withdrawn.state.positions);
    after.when(followUp, joan).isRefused('AlreadyFollowedUp', { at: `${today}T12:00:00.000000Z` });
    const last = after.entries.at(-1);
    expect(last && tell(last, after.entries)).toMatchObject({
      title: 'What came of stage 3, Resolution session',
      lines: [{ words: said }],
    });
  });

  test('nobody else does, nor where nothing is left, nor once it is decided', () => {
    for (const by of [amara, denis]) withdrawn.when(followUp, by).isRefused('OnlyTheChair');
    given(cameTo('not-agreed')).when(followUp, joan).isRefused('NothingToFollowUp');
    withdrawn.when({ ...followUp, stage: 7 }, joan).isRefused('NothingToFollowUp');
    given(cameTo('withdrawn'), decisionSigned()).when(followUp, joan).isRefused('AlreadyDecided');
    const { error } = followUpOutcome.safeParse({ type: 'FollowUpOutcome', stage: 8, said: '' });
    expect(error && fieldErrors(error)).toEqual({ said: 'Say what came of it' });
  });
});
