/** The life of a case, lived at random, step by step against a plain model of what should happen. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { serviceClock, type Actor } from '#schema/actor.ts';
import { command as commandParser, type Command } from '#schema/command.ts';
import type { View } from '#schema/criteria.ts';
import type { Standing } from '#schema/dissent.ts';
import { event as eventParser, type EventType } from '#schema/event.ts';
import type { RefusalName } from '#schema/refusal.ts';
import { emptyRoom } from '#schema/room.ts';
import { deeds, sessionDeeds } from './deeds.ts';
import { amara, denis, idris, joan, leadHealth, mina, priya, selma, tomas, wren } from './rules.ts';
import { deputy, everybody, newModel, type Said } from './life-model.ts';
import {
  met,
  step,
  somethingElse,
  succession,
  daysPass,
  dayProclaimed,
  clockSetBack,
  notesChange,
  checkWhole,
  type Real,
} from './life-steps.ts';

export const steps = 60;

// Mostly the right person, so that lives get somewhere; sometimes anybody.

const anybody = fc.constantFrom(...everybody);
const mostly = (...people: Actor[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...people) }, { weight: 1, arbitrary: anybody });
const tries = <Words extends Said>(by: fc.Arbitrary<Actor>, said: fc.Arbitrary<Words>) =>
  fc.tuple(said, by).map(([words, person]) => step(words, person));
const says = <
  What extends
    | 'open-early'
    | 'dissent'
    | 'dissent-before'
    | 'open-step'
    | 'stage-ends'
    | 'last-day-ends'
    | 'positions-end'
    | 'lead-view'
    | 'receive'
    | 'reopen'
    | 'decide-again',
>(
  what: What,
) => fc.constant({ do: what });
const which = fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 3 }) }, { weight: 1, arbitrary: fc.constant(9) });
const times = <Item>(count: number, item: Item): Item[] => Array<Item>(count).fill(item);

const raise = tries(
  mostly(amara, idris),
  fc.record({
    do: fc.constant('raise' as const),
    asking: fc.oneof<fc.WeightedArbitrary<readonly Actor[]>[]>(
      { weight: 4, arbitrary: fc.constant<readonly Actor[]>([amara, tomas, priya, wren]) },
      { weight: 1, arbitrary: fc.subarray<Actor>([amara, tomas, priya, wren], { minLength: 1 }) },
      { weight: 1, arbitrary: fc.subarray<Actor>([amara, idris, mina, denis], { minLength: 1 }) },
    ),
  }),
);
const position = tries(
  mostly(amara, tomas, priya),
  fc.record({
    do: fc.constant('position' as const),
    view: fc.constantFrom<View>('notify', 'do-not-notify', 'cannot-say-yet'),
    changed: fc.boolean(),
  }),
);
const ask = tries(
  mostly(amara, wren, joan),
  fc.record({ do: fc.constant('ask' as const), higher: fc.boolean(), urgent: fc.boolean() }),
);
const outcome = tries(
  mostly(joan),
  fc.record({
    do: fc.constant('outcome' as const),
    climbs: fc.boolean(),
    stays: fc.constantFrom('not-agreed', 'panel-advice', 'withdrawn', 'other-authority'),
  }),
);
const answer = tries(mostly(denis, deputy, selma), fc.record({ do: fc.constant('answer' as const), which }));
const reply = tries(mostly(priya), fc.record({ do: fc.constant('reply' as const), which }));
const review = tries(
  mostly(amara, priya),
  fc.record({
    do: fc.constant('review' as const),
    which,
    standing: fc.constantFrom<Standing>('maintained', 'eased', 'withdrawn'),
  }),
);
const sign = tries(
  mostly(denis, deputy, selma),
  fc.record({
    do: fc.constant('sign' as const),
    reviewIn: fc.constantFrom(null, null, 15, 15, 0),
    behind: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 5 }) }),
  }),
);
const pick = fc.nat({ max: 997 });
const other = fc
  .tuple(
    fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: anybody }),
    fc.array(pick, { minLength: 1, maxLength: 4 }),
  )
  .map(([by, picks]) => somethingElse(deeds, picks, by));
const session = fc
  .array(pick, { minLength: 4, maxLength: 10 })
  .map((picks) => somethingElse(sessionDeeds, picks, null));
const states = (by: Actor, view: View) => step({ do: 'position', view, changed: false }, by);
const signs = (reviewIn: number | null) => step({ do: 'sign', reviewIn, behind: 0 }, denis);
const asks = step({ do: 'ask', higher: false, urgent: false }, wren);
/** How a life may begin once the case is raised, so that as many reach what comes late as end early. */
const beginning = fc.constantFrom(
  [],
  [],
  [states(amara, 'notify'), states(tomas, 'do-not-notify'), states(priya, 'notify'), asks],
  [states(amara, 'notify'), states(tomas, 'notify'), states(priya, 'notify'), signs(null)],
  [states(amara, 'do-not-notify'), signs(15)],
  [daysPass(1), states(amara, 'do-not-notify'), signs(15), clockSetBack, step({ do: 'reopen' }, amara)],
);
const life = fc.commands(
  [
    ...times(2, raise),
    ...times(7, position),
    ...times(3, tries(mostly(joan), says('open-early'))),
    ...times(4, tries(mostly(amara, priya), says('dissent'))),
    ...times(2, tries(mostly(amara, priya), says('dissent-before'))),
    ...times(5, answer),
    ...times(3, reply),
    ...times(4, review),
    ...times(4, ask),
    ...times(4, tries(mostly(joan), says('open-step'))),
    ...times(3, outcome),
    ...times(2, tries(mostly(serviceClock), says('stage-ends'))),
    tries(mostly(serviceClock), says('last-day-ends')),
    tries(mostly(serviceClock), says('positions-end')),
    fc.integer({ min: 1, max: 3 }).map(dayProclaimed),
    ...times(9, tries(mostly(leadHealth), says('lead-view'))),
    ...times(3, sign),
    ...times(2, tries(mostly(joan, amara, priya), says('receive'))),
    ...times(2, tries(mostly(amara, denis), says('reopen'))),
    tries(mostly(denis, deputy), says('decide-again')),
    fc.constant(succession),
    ...times(9, other),
    ...times(3, session),
    ...times(3, fc.integer({ min: 1, max: 4 }).map(daysPass)),
    fc.constant(clockSetBack),
    ...times(2, fc.constantFrom('What happened', 'What happened, and when', '').map(notesChange)),
  ],
  { maxCommands: steps, size: 'max' },
);

const everyRefusal: RefusalName[] = [
  'AlreadyAccepted',
  'AlreadyDecided',
  'AlreadyNotified',
  'CaseAlreadyOpened',
  'CaseNotOpened',
  'DateInThePast',
  'DecidedNotToNotify',
  'DissentAlreadyAnswered',
  'DissentNotAnswered',
  'DissentTooLate',
  'DissentUnanswered',
  'DissentWithdrawn',
  'KnownBeforeDecision',
  'LimitAlreadyPassed',
  'LimitNotPassed',
  'NoPositionToGive',
  'NoStageAbove',
  'NoSuchDissent',
  'NoSuchQuestion',
  'NotDecided',
  'NotServedOnYou',
  'NotWithLeadPartners',
  'NotYourDissent',
  'NotYourQuestion',
  'NotYourRole',
  'NotAReplacement',
  'NothingToOpen',
  'NotificationStands',
  'OnlyLeadPartners',
  'OnlyTheAuthorityDecides',
  'OnlyTheChair',
  'PartnerLeftOut',
  'PositionsAlreadyOpen',
  'PositionsStillSealed',
  'QuestionAlreadyAnswered',
  'QuestionWithdrawn',
  'ReceiptAlreadyConfirmed',
  'ResolutionAlreadyAsked',
  'ResolutionAlreadyOpen',
  'ResolutionNotAsked',
  'ResolutionNotOpen',
  'SomethingChanged',
  'UrgentReasonMissing',
  'ViewsDoNotDiffer',
  'WhatChangedMissing',
];
/** What is never accepted in these lives, and why. */
const unmetCommands: Partial<Record<Command['type'], string>> = {
  TellChair: 'every case here has a Chair, who is told when it is opened',
};
/** What no act on a case writes in its common room, and where it stands instead. */
const unmetEvents: Partial<Record<EventType, string>> = {
  ArrangementsChanged: 'the room of the partnership',
  AgencyAdded: 'the room of the partnership',
  RoleGiven: 'the room of the partnership',
  PasswordGiven: 'the room of the partnership',
  RoleEnded: 'the room of the partnership',
  CoverGiven: 'the room of the partnership',
  CoverEnded: 'the room of the partnership',
  PasskeyAdded: 'the room of the partnership',
  PasskeyRemoved: 'the room of the partnership',
  RoomOpened: 'a room beside the common one',
  CaseScreened: 'an agency’s screening log',
  NoneConsidered: 'an agency’s screening log',
  ScreeningSampled: 'an agency’s screening log',
  SampleAnswered: 'an agency’s screening log',
  ToldOfCase: 'the room of a person’s work',
};

/**
 * Lives so many lives of up to `steps` steps, and expects each to go as the model says and all
 * together to get everywhere: every refusal and every event that the model knows. The same `seed`
 * lives the same lives.
 */
export function liveLives(lives: number, seed: number): void {
  fc.assert(
    fc.property(raise, beginning, life, (first, next, commands) => {
      const model = newModel();
      const real: Real = { entries: [], state: emptyRoom };
      fc.modelRun(() => ({ model, real }), [first, ...next, ...commands]);
      checkWhole(model, real);
    }),
    { numRuns: lives, seed },
  );
  const commands = commandParser.options.map(({ shape }) => shape.type.value);
  const events = eventParser.options.map(({ shape }) => shape.type.value);
  const unmet = {
    refusals: everyRefusal.filter((name) => !met.refusals.has(name)),
    commands: commands.filter((type) => !met.commands.has(type)),
    events: events.filter((type) => !met.events.has(type)),
  };
  expect(unmet).toEqual({ refusals: [], commands: Object.keys(unmetCommands), events: Object.keys(unmetEvents) });
  expect([...met.refusals].filter((name) => !everyRefusal.includes(name))).toEqual([]);
  expect(met.decided).toBeGreaterThan(lives / 4);
  expect(met.dissented).toBeGreaterThan(lives / 4);
  expect(met.reopened).toBeGreaterThan(lives / 20);
  expect(met.answeredLater).toBeGreaterThan(lives / 100);
  expect(met.signedForAnother).toBeGreaterThan(lives / 100);
  expect(met.signedAfterAnother).toBeGreaterThan(lives / 100);
}
