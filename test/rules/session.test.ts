/** The Chair's session: called, led step by step, paused when the Chair is lost, adjourned only inside the clock, minuted by itself. */
import { describe, expect, test } from 'vitest';
import { serviceClock, type Actor } from '#schema/actor.ts';
import { minutesOf } from '#schema/minutes.ts';
import { needsOf } from '#schema/work.ts';
import { fold, hasCase } from '#schema/room.ts';
import { asReadBy } from '#schema/sealing.ts';
import { roomCommand } from '#schema/command.ts';
import { callSession } from '#schema/session.ts';
import { agendaFrom, knownFrom, nextStep, proposedTimes, stillToSpeak } from '#schema/session-work.ts';
import { absent, letterOf, secondsLeft } from '#schema/session-evolve.ts';
import { verify } from '#schema/ledger.ts';
import { fieldErrors } from '#schema/fields.ts';
import {
  amara,
  decisionSigned,
  denis,
  given,
  health,
  holidays,
  joan,
  opened,
  otto,
  police,
  positionsAgree,
  positionsDiffer,
  priya,
  resolutionAsked,
  socialCare,
  tomas,
  wren,
} from '../support/rules.ts';
import {
  agree,
  answered,
  asked,
  atStep,
  call,
  called,
  disagree,
  joined,
  running,
  sessionOf,
  started,
  startsAt,
  tested,
  wordingOf,
  wordingText,
} from '../support/sessions.ts';

function minutesIn(situation: Parameters<typeof sessionOf>[0]) {
  if (!hasCase(situation.state)) throw new Error('No case');
  return minutesOf(sessionOf(situation), situation.state);
}
const after = (situation: Parameters<typeof sessionOf>[0]) => sessionOf(situation).now?.seq ?? 0;

/** Police's turn to chair: Priya, who speaks for it otherwise. */
const inTurn: Actor = { ...priya, also: ['partner-chair'] };
const withOtto = call.attending.map((each) =>
  each.agency === police.id ? { agency: police.id, speaker: otto.person } : each,
);
const inRotation = (people = opened([amara, tomas, inTurn, denis])) =>
  given(people, positionsDiffer(), resolutionAsked());

describe('[M3, M26] a partner who chairs in rotation', () => {
  test('calls it, leads it and gives no answer: somebody else speaks for their agency', () => {
    const running = inRotation()
      .when({ ...call, attending: withOtto }, inTurn)
      .recorded()
      .when({ type: 'StartSession' }, inTurn)
      .recorded();
    expect(sessionOf(running)).toMatchObject({ chair: { name: priya.name, agency: police } });
    const put = [tomas, amara, otto]
      .reduce((now, by) => now.when({ type: 'JoinSession' }, by).recorded(), running)
      .when({ type: 'OpenStep', item: 1, step: 'test', after: after(running) }, inTurn)
      .recorded()
      .when({ type: 'PutWording', text: wordingText }, inTurn)
      .recorded();
    const answer = { type: 'AnswerWording', wording: wordingOf(put), content: agree } as const;
    put.when(answer, inTurn).isRefused('NoAnswerToGive');
    expect(absent(sessionOf(put))).toEqual([]);
    const all = answered(put, [tomas, agree], [amara, agree], [otto, agree]);
    expect(sessionOf(all).wordings.at(-1)?.opened).toMatchObject({ because: 'all-in' });
    all.when({ type: 'OpenStep', item: 1, step: 'record', after: after(all) }, joan).isRefused('NotInTheChair');
  });

  test('is refused while they would speak for their agency, in calling it and in starting it', () => {
    inRotation().when(call, inTurn).isRefused('ChairSpeaksForNobody', { field: 'attending', agency: 'Police' });
    const calledByJoan = inRotation().when(call, joan).recorded();
    calledByJoan.when({ type: 'StartSession' }, inTurn).isRefused('ChairSpeaksForNobody', { agency: 'Police' });
    const withDeputy = call.attending.map((each) =>
      each.agency === police.id ? { ...each, deputy: otto.person } : each,
    );
    const started = inRotation()
      .when({ ...call, attending: withDeputy } as typeof call, joan)
      .recorded()
      .when({ type: 'StartSession' }, inTurn)
      .recorded();
    expect(sessionOf(started).chair?.name).toBe(priya.name);
    started.when({ type: 'StartSession' }, inTurn).isRefused('SessionAlreadyStarted');
  });

  test('leads nothing when they cover for who decides, or when it is not their turn', () => {
    const covers = [
      { role: 'decision-maker', for: denis.person, name: denis.name, until: '', authorisedBy: '' },
    ] as const;
    inRotation()
      .when({ ...call, attending: withOtto }, { ...inTurn, covers })
      .isRefused('OnlyTheChair');
    inRotation()
      .when({ ...call, attending: withOtto }, priya)
      .isRefused('OnlyTheChair');
  });

  test('is covered by a colleague, who then speaks for nobody either', () => {
    const until = '2026-12-04';
    const covers = [
      { role: 'partner-chair', for: priya.person, name: priya.name, until, authorisedBy: 'Dana Holt' },
    ] as const;
    const acting: Actor = { ...otto, covers };
    inRotation()
      .when({ ...call, attending: withOtto }, acting)
      .isRefused('ChairSpeaksForNobody', { field: 'attending', agency: 'Police' });
    const led = inRotation().when(call, acting).recorded().when({ type: 'StartSession' }, acting).recorded();
    expect(sessionOf(led).chair).toMatchObject({ name: otto.name, covers: [{ name: priya.name }] });
    led.when({ type: 'PauseSession' }, inTurn).isRefused('NotInTheChair');
  });

  test('is asked to join, not to lead, a session in which they are to speak for their agency', () => {
    const needs = ({ state }: ReturnType<typeof given>, by: Actor) =>
      hasCase(state) ? needsOf(state, by, { holidays }).map(({ what }) => what) : [];
    const speaking = inRotation().when(call, joan).recorded();
    expect(needs(speaking, inTurn)).toContain('Join the session at 2pm');
    expect(needs(speaking, inTurn)).not.toContain('Lead the session at 2pm');
    expect(needs(speaking, joan)).toContain('Lead the session at 2pm');
    const leading = inRotation()
      .when({ ...call, attending: withOtto }, inTurn)
      .recorded();
    expect(needs(leading, inTurn)).toContain('Lead the session at 2pm');
  });

  test('is asked to open the step, and its outcome is theirs to record', () => {
    const { state } = inRotation();
    if (!hasCase(state)) throw new Error('No case');
    expect(needsOf(state, inTurn, { holidays }).map(({ what }) => what)).toContain('Open the resolution step');
    expect(needsOf(state, priya, { holidays }).map(({ what }) => what)).not.toContain('Open the resolution step');
    inRotation().when({ type: 'OpenPositions', reason: 'Now.' }, inTurn).isRefused('OnlyTheChair');
  });
});

describe('calling it', () => {
  test('[M26] the Chair sets the time, who must attend and the agenda', () => {
    const { plan, status } = sessionOf(called());
    expect(status).toBe('called');
    expect(plan.attending.map(({ agency, speaker }) => `${agency.name}: ${speaker.name}`)).toEqual([
      'Social care: Tomas Birch',
      'Health: Amara Fenwick',
      'Police: Priya Lark',
    ]);
    expect(plan.deputyChair?.name).toBe(wren.name);
  });

  test('[M26] called again before it begins, the newest plan stands', () => {
    const again = called()
      .when({ ...call, meeting: 'Room 5' }, joan)
      .recorded();
    expect(again.state.sessions).toHaveLength(1);
    expect(sessionOf(again).plan.meeting).toBe('Room 5');
    expect(sessionOf(again).seq).toBe(sessionOf(called()).seq);
  });

  test('[M26] only the Chair calls it, after resolution was asked for, while nothing is decided', () => {
    asked().when(call, amara).isRefused('OnlyTheChair');
    given(opened(), positionsDiffer()).when(call, joan).isRefused('ResolutionNotAsked');
    given(opened(), positionsDiffer(), resolutionAsked(), decisionSigned())
      .when(call, joan)
      .isRefused('AlreadyDecided');
    started().when(call, joan).isRefused('SessionAlreadyStarted');
  });

  test('[M26] no statutory partner is left out without the reason', () => {
    const two = { ...call, attending: call.attending.slice(0, 2) };
    asked()
      .when(two, joan)
      .isRefused('NobodyToAttend', { agencies: ['Police'], field: 'attending' });
    const recorded = asked()
      .when({ ...two, without: [{ agency: police.id, reason: 'Nobody is free today.' }] }, joan)
      .recorded();
    expect(sessionOf(recorded).plan.without).toEqual([{ agency: police, reason: 'Nobody is free today.' }]);
  });

  test('[M26] a deputy who is not on the case is told of it by being called', () => {
    const attending = [
      call.attending[0],
      call.attending[1],
      { agency: police.id, speaker: priya.person, deputy: otto.person },
    ];
    const outcome = asked().when({ ...call, attending } as typeof call, joan);
    outcome.givesTypes('PartnersTold', 'SessionCalled');
    const { state } = outcome.recorded();
    expect(state.case?.people.some(({ person }) => person === otto.person)).toBe(true);
  });

  test('[M26] nobody speaks for an agency that is not theirs, and who decides takes no chair', () => {
    const wrong = [...call.attending.slice(0, 2), { agency: police.id, speaker: amara.person }];
    asked()
      .when({ ...call, attending: wrong }, joan)
      .isRefused('NoPositionToGive');
    asked()
      .when({ ...call, deputyChair: denis.person }, joan)
      .isRefused('CannotTakeTheChair');
    asked()
      .when({ ...call, deputyChair: joan.person }, joan)
      .isRefused('CannotTakeTheChair');
  });

  test('[M26, CK1] a time that has passed is refused; one after the last day to notify needs a reason', () => {
    asked()
      .when({ ...call, startsAt: '2026-11-20T10:00:00.000Z' }, joan)
      .isRefused('DateInThePast', { field: 'startsAt' });
    const late = { ...call, startsAt: '2026-11-30T10:00:00.000Z' };
    asked().when(late, joan).isRefused('SessionPastTheClock', { field: 'reason', due: '2026-11-27' });
    asked()
      .when({ ...late, reason: 'Waiting for the hospital.' }, joan)
      .givesTypes('SessionCalled');
  });

  test('[M26] what is missing is said field by field', () => {
    const parsed = callSession.safeParse({ ...call, startsAt: 'soon', meeting: '', agenda: [] });
    expect(parsed.success ? {} : fieldErrors(parsed.error)).toMatchObject({
      startsAt: 'Select or enter when it starts',
      agenda: 'Put at least one item on the agenda',
    });
  });

  test('[M26] the agenda comes from the differing criteria, or from what was asked', () => {
    const { state } = asked();
    if (!hasCase(state)) throw new Error('No case');
    expect(agendaFrom(state).map(({ title }) => title)).toEqual([
      'Criterion 2: death or serious harm',
      'Whether to notify',
      'What happens next',
    ]);
    const agreed = given(opened(), positionsAgree(), resolutionAsked()).state;
    if (!hasCase(agreed)) throw new Error('No case');
    expect(agendaFrom(agreed)[0]).toEqual({ about: 'question', title: 'Whether the child was seriously harmed' });
  });

  test('[M26] the next three working slots are proposed, none after the last day to notify', () => {
    const friday = proposedTimes('2026-11-20T15:30:00.000Z', '2026-11-27', holidays);
    expect(friday).toEqual(['2026-11-23T09:30:00.000Z', '2026-11-23T11:30:00.000Z', '2026-11-23T14:00:00.000Z']);
    expect(proposedTimes('2026-11-27T15:30:00.000Z', '2026-11-27', holidays)).toEqual([]);
    expect(proposedTimes('2026-06-05T07:00:00.000Z', '2026-06-05', holidays)[0]).toBe('2026-06-05T08:30:00.000Z');
  });
});

describe('leading it', () => {
  test('[M26] starting it opens the resolution step and the first item’s facts', () => {
    called().when({ type: 'StartSession' }, joan).givesTypes('ResolutionOpened', 'SessionStarted', 'StepOpened');
    called().when({ type: 'StartSession' }, amara).isRefused('OnlyTheChair');
    started().when({ type: 'StartSession' }, joan).isRefused('SessionAlreadyStarted');
    asked().when({ type: 'StartSession' }, joan).isRefused('NoSession');
  });

  test('[M26] people join once; the Chair records who has no screen; the Chair does not leave', () => {
    const one = joined(started(), [amara]);
    one.when({ type: 'JoinSession' }, amara).isRefused('AlreadyPresent');
    const both = one.when({ type: 'RecordPresent', person: priya.person }, joan).recorded();
    expect(sessionOf(both).present.map(({ name }) => name)).toEqual([joan.name, amara.name, priya.name]);
    expect(sessionOf(both).attended.at(-1)).toMatchObject({ entered: true });
    one.when({ type: 'LeaveSession' }, joan).isRefused('ChairCannotLeave');
    expect(sessionOf(one.when({ type: 'LeaveSession' }, amara).recorded()).present.map(({ name }) => name)).toEqual([
      joan.name,
    ]);
    one.when({ type: 'RecordPresent', person: wren.person }, amara).isRefused('NotInTheChair');
  });

  test('[M26] the Chair’s next button goes through the steps of each item', () => {
    let now = running();
    const seen: string[] = [];
    for (const step of ['facts', 'round', 'test'] as const) {
      seen.push(`${sessionOf(now).now?.step} to ${nextStep(sessionOf(now))?.step}`);
      if (step !== 'test') now = atStep(step === 'facts' ? 'round' : 'test', now);
    }
    expect(seen).toEqual(['facts to round', 'round to test', 'test to record']);
  });

  test('[M26] a step opened from a screen that is behind is refused', () => {
    const now = running();
    const stale = after(now);
    atStep('round', now)
      .when({ type: 'OpenStep', item: 1, step: 'test', after: stale }, joan)
      .isRefused('SessionMovedOn');
    now.when({ type: 'OpenStep', item: 9, step: 'facts', after: stale }, joan).isRefused('NoSuchItem');
    now.when({ type: 'OpenStep', item: 1, step: 'round', after: stale }, amara).isRefused('NotInTheChair');
  });

  test('[M26] asking to speak, being called, and finishing', () => {
    const now = running().when({ type: 'AskToSpeak' }, priya).recorded();
    now.when({ type: 'AskToSpeak' }, priya).isRefused('AlreadyAskedToSpeak');
    expect(sessionOf(now).asking.map(({ who }) => who.name)).toEqual([priya.name]);
    const spoken = now.when({ type: 'CallSpeaker', person: priya.person, minutes: 4 }, joan).recorded();
    expect(sessionOf(spoken)).toMatchObject({ asking: [], speaking: { who: priya, timer: { seconds: 240 } } });
    spoken.when({ type: 'FinishSpeaking' }, amara).isRefused('NotInTheChair');
    expect(sessionOf(spoken.when({ type: 'FinishSpeaking' }, priya).recorded()).speaking).toBeNull();
    started().when({ type: 'AskToSpeak' }, amara).isRefused('NotPresent');
    now.when({ type: 'CallSpeaker', person: wren.person }, joan).isRefused('NotPresent');
  });

  test('[M26] each item’s round begins with another partner', () => {
    const first = atStep('round');
    expect(stillToSpeak(sessionOf(first)).map(({ agency }) => agency.name)).toEqual([
      'Social care',
      'Health',
      'Police',
    ]);
    const spoken = first.when({ type: 'CallSpeaker', person: tomas.person }, joan).recorded();
    expect(stillToSpeak(sessionOf(spoken)).map(({ agency }) => agency.name)).toEqual(['Health', 'Police']);
    const second = atStep('round', atStep('facts', first, 2));
    expect(stillToSpeak(sessionOf(second)).map(({ agency }) => agency.name)).toEqual([
      'Health',
      'Police',
      'Social care',
    ]);
  });

  test('[M26] readiness is said once a step, by those who answer for a partner', () => {
    const now = running();
    const ready = now.when({ type: 'SayReady', after: after(now) }, amara).recorded();
    expect(sessionOf(ready).ready).toEqual([health.id]);
    ready.when({ type: 'SayReady', after: after(now) }, amara).isRefused('AlreadyReady');
    now.when({ type: 'SayReady', after: after(now) }, joan).isRefused('NoAnswerToGive');
    expect(sessionOf(atStep('round', ready)).ready).toEqual([]);
  });
});

describe('testing a wording', () => {
  test('[M26, T12] answers are sealed from other agencies, the Chair too, until all have answered', () => {
    const two = answered(tested(), [tomas, disagree], [amara, agree]);
    const sealedFor = (reader: typeof joan) =>
      JSON.stringify(two.entries.map((entry) => asReadBy(entry, two.state, reader)));
    for (const reader of [joan, amara, priya, denis].filter(({ agency }) => agency.id !== socialCare.id)) {
      expect(sealedFor(reader)).not.toContain(disagree.says);
      const entries = two.entries.map((entry) => asReadBy(entry, two.state, reader));
      expect(verify(entries)).toMatchObject({ whole: true });
      const read = fold(entries).sessions.at(-1)?.wordings.at(-1);
      expect(read?.answers.map(({ agency }) => agency.name)).toEqual(['Social care', 'Health']);
    }
    expect(sealedFor(tomas)).toContain(disagree.says);
    expect(sealedFor(denis)).toContain(disagree.says);
    two
      .when({ type: 'AnswerWording', wording: wordingOf(two), content: agree }, priya)
      .givesTypes('WordingAnswered', 'AnswersOpened');
    const all = answered(two, [priya, agree]);
    expect(JSON.stringify(all.entries.map((entry) => asReadBy(entry, all.state, priya)))).toContain(disagree.says);
  });

  test('[M26] an answer may change until answers open, and not after', () => {
    const changed = answered(tested(), [tomas, disagree], [tomas, agree]);
    expect(sessionOf(changed).wordings.at(-1)?.answers).toHaveLength(1);
    const open = answered(changed, [amara, agree], [priya, agree]);
    open
      .when({ type: 'AnswerWording', wording: wordingOf(open), content: agree }, priya)
      .isRefused('AnswersAlreadyOpen');
  });

  test('[M26] only who was called to speak for a statutory partner answers; the one in the chair never', () => {
    const now = tested();
    for (const by of [joan, denis, wren])
      now.when({ type: 'AnswerWording', wording: wordingOf(now), content: agree }, by).isRefused('NoAnswerToGive');
  });

  test('[M26] the Chair opens early only with a reason, and who did not answer is named so', () => {
    const one = answered(tested(), [tomas, agree]);
    one
      .when({ type: 'OpenAnswers', wording: wordingOf(one), reason: 'Time is short.' }, amara)
      .isRefused('NotInTheChair');
    const open = one.when({ type: 'OpenAnswers', wording: wordingOf(one), reason: 'Time is short.' }, joan).recorded();
    expect(minutesIn(open).items[0]?.wordings[0]?.answers).toEqual([
      { agency: 'Social care', says: 'Agree', note: '' },
      { agency: 'Health', says: 'Did not answer', note: '' },
      { agency: 'Police', says: 'Did not answer', note: '' },
    ]);
  });

  test('[M26] an answer by voice is entered by the Chair, sealed like any other, and confirmed by its agency', () => {
    const now = answered(tested(), [tomas, agree]);
    const voice = now
      .when({ type: 'EnterAnswer', wording: wordingOf(now), agency: health.id, content: disagree }, joan)
      .recorded();
    for (const reader of [tomas, priya, joan]) {
      const entries = voice.entries.map((entry) => asReadBy(entry, voice.state, reader));
      expect(JSON.stringify(entries)).not.toContain(disagree.says);
      expect(
        fold(entries)
          .sessions.at(-1)
          ?.wordings.at(-1)
          ?.answers.map(({ agency }) => agency.name),
      ).toEqual(['Social care', 'Health']);
    }
    expect(JSON.stringify(voice.entries.map((entry) => asReadBy(entry, voice.state, amara)))).toContain(disagree.says);
    const check = { type: 'CheckVoiceAnswer', wording: wordingOf(voice), right: 'yes' } as const;
    voice.when(check, tomas).isRefused('NoVoiceAnswer');
    const checked = voice.when(check, amara).recorded();
    checked.when(check, amara).isRefused('AlreadyChecked');
    now
      .when({ type: 'EnterAnswer', wording: wordingOf(now), agency: socialCare.id, content: agree }, joan)
      .isRefused('AlreadyAnswered');
    const open = answered(checked, [priya, agree]);
    expect(minutesIn(open).items[0]?.wordings[0]?.answers[1]).toEqual({
      agency: 'Health',
      says: 'Disagree',
      note: `${disagree.says} Given by voice, entered by the Chair; confirmed by ${amara.name}.`,
    });
  });

  test('[M26] no step is left and no second wording put while answers are sealed', () => {
    const now = tested();
    now.when({ type: 'OpenStep', item: 1, step: 'record', after: after(now) }, joan).isRefused('AnswersStillSealed');
    now.when({ type: 'PutWording', text: 'Another' }, joan).isRefused('AnswersStillSealed');
    running().when({ type: 'PutWording', text: 'Early' }, joan).isRefused('NotTheStep');
  });
});

describe('recording it', () => {
  const record = { type: 'RecordItem', item: 1, outcome: 'agreed' } as const;

  test('[M27] agreed only where every partner agreed to a wording', () => {
    running().when(record, joan).isRefused('NoWordingTested');
    const differ = answered(tested(), [tomas, disagree], [amara, agree], [priya, agree]);
    differ.when(record, joan).isRefused('NotAllAgree', { agencies: ['Social care'] });
    differ.when({ ...record, outcome: 'not-agreed' }, joan).givesTypes('ItemRecorded');
    const all = answered(tested(), [tomas, agree], [amara, agree], [priya, agree]);
    const recorded = all.when(record, joan).recorded();
    recorded.when(record, joan).isRefused('ItemAlreadyRecorded');
    expect(nextStep(sessionOf(recorded))).toEqual({ item: 2, step: 'facts' });
  });

  test('[M27] without a partner present the reason has to stand with the outcome', () => {
    const now = joined(started(), [tomas, amara]);
    expect(absent(sessionOf(now)).map(({ name }) => name)).toEqual(['Police']);
    const noted = { ...record, outcome: 'noted' } as const;
    now.when(noted, joan).isRefused('PartnerAbsent', { agencies: ['Police'], field: 'goingOn' });
    now.when({ ...noted, goingOn: 'They agreed by telephone.' }, joan).givesTypes('ItemRecorded');
  });

  test('[M27, D8] resolutions are lettered through the session, with owner and date, and reported on by their owner', () => {
    const resolved = [
      { text: 'That Health asks the hospital for its report.', owner: health.id, due: '2026-11-25' },
      { text: 'To note the discussion.', owner: police.id },
    ];
    const first = running()
      .when({ ...record, outcome: 'noted', resolved }, joan)
      .recorded();
    const second = atStep('facts', first, 2)
      .when(
        {
          type: 'RecordItem',
          item: 2,
          outcome: 'noted',
          resolved: [{ text: 'To thank the Chair.', owner: health.id }],
        },
        joan,
      )
      .recorded();
    expect(minutesIn(second).resolved.map(({ letter, owner, due }) => [letter, owner, due])).toEqual([
      ['a)', 'Health', 'Wednesday 25 November 2026'],
      ['b)', 'Police', ''],
      ['c)', 'Health', ''],
    ]);
    const report = { type: 'ReportResolved', session: sessionOf(second).seq, number: 1, says: 'Sent.' } as const;
    second.when(report, priya).isRefused('NotYoursToReport', { agency: 'Health' });
    second.when({ ...report, number: 7 }, amara).isRefused('NothingResolved');
    expect(minutesIn(second.when(report, amara).recorded()).resolved[0]?.reported).toHaveLength(1);
    running()
      .when({ ...record, outcome: 'noted', resolved: [{ text: 'Late', owner: health.id, due: '2026-11-02' }] }, joan)
      .isRefused('DateInThePast', { field: 'resolved.0.due' });
    expect([1, 26, 27].map(letterOf)).toEqual(['a)', 'z)', 'aa)']);
  });

  test('[M26, CK1] adjourned only to a time inside the clock, or with the reason', () => {
    const now = running();
    now.when({ type: 'AdjournSession', until: '2026-11-20T10:00:00.000Z' }, joan).isRefused('DateInThePast');
    const late = { type: 'AdjournSession', until: '2026-11-30T10:00:00.000Z' } as const;
    now.when(late, joan).isRefused('SessionPastTheClock', { field: 'reason' });
    now.when({ ...late, reason: 'The report comes on Monday.' }, joan).givesTypes('SessionAdjourned');
    const adjourned = now.when({ type: 'AdjournSession', until: '2026-11-25T10:00:00.000Z' }, joan).recorded();
    adjourned.when({ type: 'AskToSpeak' }, amara).isRefused('SessionNotRunning');
    const again = adjourned.when({ type: 'StartSession' }, joan);
    again.givesTypes('SessionStarted');
    expect(sessionOf(again.recorded())).toMatchObject({ status: 'running', present: [joan], now: { item: 1 } });
  });

  test('[M27] it ends when every item is recorded, or with why some are left; corrections stand for one working day', () => {
    const now = running();
    now.when({ type: 'EndSession' }, joan).isRefused('ItemsNotRecorded', { items: [1, 2] });
    const ended = now.when({ type: 'EndSession', leftOver: 'Both: time ran out.' }, joan).recorded();
    expect(sessionOf(ended).ended?.correctionsBy).toBe('2026-11-24');
    const correct = { type: 'CorrectMinutes', text: 'Police said 7:20am.' } as const;
    ended.when(correct, priya, { today: '2026-11-24' }).givesTypes('MinutesCorrected');
    ended.when(correct, priya, { today: '2026-11-25' }).isRefused('MinutesClosed', { until: '2026-11-24' });
    now.when(correct, priya).isRefused('SessionNotEnded');
    expect(minutesIn(ended).absent).toEqual([]);
    expect(minutesIn(called()).absent, 'nobody is absent from what has not begun').toEqual([]);
    expect(minutesIn(joined(started(), [amara])).absent).toEqual(['Social care: Tomas Birch', 'Police: Priya Lark']);
    expect(minutesIn(ended.when(correct, priya).recorded()).corrections).toEqual([
      expect.objectContaining({ agency: 'Police', text: 'Police said 7:20am.' }),
    ]);
  });
});

describe('what the session already knows', () => {
  test('[M26] the outcome of the step begins with what the session recorded: nobody is asked twice', () => {
    const resolved = [{ text: 'That Health asks for the report.', owner: health.id, due: '2026-11-25' }];
    const noted = { type: 'RecordItem', outcome: 'noted', pointsAtIssue: 'How lasting it is.' } as const;
    const now = joined(started(), [tomas, amara]);
    const first = now
      .when({ ...noted, item: 1, commonGround: 'The arm broke.', goingOn: 'By telephone.', resolved }, joan)
      .recorded();
    const second = first.when({ ...noted, item: 2, goingOn: 'By telephone.' }, joan).recorded();
    expect(knownFrom(sessionOf(second.when({ type: 'EndSession' }, joan).recorded()))).toEqual({
      attendance: [
        { agency: socialCare.id, who: 'attended', deputy: '' },
        { agency: health.id, who: 'attended', deputy: '' },
        { agency: police.id, who: 'nobody', deputy: '' },
      ],
      wentOnBecause: 'By telephone.',
      commonGround: 'The arm broke.',
      pointsAtIssue: 'How lasting it is.',
      actions: [{ what: 'That Health asks for the report.', owner: health.id, by: '2026-11-25' }],
    });
  });
});

describe('asking again for answers', () => {
  test('[M26] the Chair asks those who have not answered; it is in the record, and refused once answers are open', () => {
    const one = answered(tested(), [tomas, agree]);
    const again = { type: 'AskAgain', wording: wordingOf(one) } as const;
    one.when(again, amara).isRefused('NotInTheChair');
    const asking = one.when(again, joan);
    asking.givesTypes('AnswersAskedAgain');
    const { askedAgain } = sessionOf(asking.recorded()).wordings.at(-1) ?? {};
    expect(askedAgain?.agencies.map(({ name }) => name)).toEqual(['Health', 'Police']);
    const all = answered(asking.recorded(), [amara, agree], [priya, agree]);
    all.when(again, joan).isRefused('AnswersAlreadyOpen');
  });
});

describe('when a connection is lost', () => {
  const lost = (from = running(), now = '2026-11-23T12:10:00.000Z') =>
    from.when({ type: 'PauseForLostChair' }, serviceClock, { now }).recorded();

  test('[M26] the lost Chair pauses it, timers stop, and nothing is moved on', () => {
    const talking = running().when({ type: 'CallSpeaker', person: priya.person, minutes: 5 }, joan).recorded();
    const paused = lost(talking, '2026-11-23T12:02:00.000Z');
    const { timer } = sessionOf(paused).speaking ?? {};
    expect(timer && secondsLeft(timer, '2026-11-23T13:00:00.000Z')).toBe(180);
    paused.when({ type: 'OpenStep', item: 1, step: 'round', after: after(paused) }, joan).isRefused('SessionIsPaused');
    paused.when({ type: 'PauseForLostChair' }, serviceClock).isRefused('SessionNotRunning');
    const on = paused.when({ type: 'ResumeSession' }, joan, { now: '2026-11-23T12:30:00.000Z' }).recorded();
    const going = sessionOf(on).speaking?.timer;
    expect(going && secondsLeft(going, '2026-11-23T12:31:00.000Z')).toBe(120);
  });

  test('[M26] the named deputy may take the chair after two minutes, nobody else ever', () => {
    const paused = lost();
    const take = { type: 'TakeChair' } as const;
    paused.when(take, wren, { now: '2026-11-23T12:11:59.000Z' }).isRefused('ChairMayReturn');
    paused.when(take, amara, { now: '2026-11-23T12:30:00.000Z' }).isRefused('OnlyTheDeputy');
    running().when(take, wren).isRefused('ChairIsHere');
    const taken = paused.when(take, wren, { now: '2026-11-23T12:12:00.000Z' });
    taken.givesTypes('ChairTaken', 'SessionResumed');
    const led = taken.recorded();
    expect(sessionOf(led)).toMatchObject({ status: 'running', chair: { name: wren.name } });
    led.when({ type: 'OpenStep', item: 1, step: 'round', after: after(led) }, joan).isRefused('NotInTheChair');
    const back = led.when(take, joan).recorded();
    expect(sessionOf(back).chair?.name).toBe(joan.name);
    expect(minutesIn(back).interruptions.join(' ')).toMatch(
      /the Chair had lost connection.*Wren Castle, the named deputy, took the chair.*Joan Alder took the chair back/,
    );
  });

  test('[M26] a pause for a lost Chair is not a thing that a person can ask for', () => {
    expect(roomCommand.safeParse({ type: 'PauseForLostChair' }).success).toBe(false);
    running().when({ type: 'PauseForLostChair' }, joan).isRefused('NotYourRole');
    expect(roomCommand.safeParse({ type: 'TakeChair' }).success).toBe(true);
  });
});

describe('what it asks of people', () => {
  test('[M47] join, answer, and do what was resolved', () => {
    const needs = (situation: ReturnType<typeof called>, by: typeof amara) =>
      hasCase(situation.state) ? needsOf(situation.state, by, { holidays }).map(({ what }) => what) : [];
    expect(needs(called(), amara)).toContain('Join the session at 2pm');
    expect(needs(called(), joan)).toContain('Lead the session at 2pm');
    expect(needs(started(), amara)).toContain('Join the session, which has started');
    expect(needs(tested(), amara)).toContain('Answer the wording for Health');
    expect(needs(answered(tested(), [amara, agree]), amara)).not.toContain('Answer the wording for Health');
    expect(startsAt).toBe(sessionOf(called()).plan.startsAt);
    expect(sessionOf(tested()).wordings[0]?.text).toBe(wordingText);
  });
});

describe('[M26] what does not fit the moment is refused by name', () => {
  test('nobody takes back a wish to speak that they have not made, nor finishes speaking when nobody does', () => {
    running().when({ type: 'WithdrawFromSpeaking' }, amara).isRefused('NotAskedToSpeak');
    running().when({ type: 'FinishSpeaking' }, joan).isRefused('NobodySpeaks');
  });

  test('the Chair neither resumes what was not paused nor takes the chair that they have', () => {
    running().when({ type: 'ResumeSession' }, joan).isRefused('SessionNotPaused');
    running().when({ type: 'TakeChair' }, joan).isRefused('AlreadyInTheChair');
  });
});
