/** Resolution: a disagreement climbs the partnership's ladder; silence climbs by itself, in the clock's name. */
import { describe, expect, test } from 'vitest';
import { serviceClock } from '#schema/actor.ts';
import { firstArrangements } from '#schema/arrangements.ts';
import { endOf } from '#schema/calendar.ts';
import { duesOf } from '#schema/due.ts';
import { fieldErrors } from '#schema/fields.ts';
import { ladderWarnings, limitOf, resolutionStages, stageAbove } from '#schema/ladder.ts';
import { outcomes, recordOutcome, type Outcome } from '#schema/outcome.ts';
import { currentStage, mayAskForResolution, requestResolution } from '#schema/resolution.ts';
import { emptyRoom, fold, hasCase } from '#schema/room.ts';
import { needsOf } from '#schema/work.ts';
import {
  admitted,
  allAttended,
  amara,
  decisionSigned,
  denis,
  given,
  health,
  holidays,
  idris,
  joan,
  leadHealth,
  leadPolice,
  leads,
  mina,
  onCase,
  opened,
  outcomeRecorded,
  police,
  positionGiven,
  positionsAgree,
  positionsDiffer,
  priya,
  record,
  resolutionAsked,
  resolutionOpened,
  socialCare,
  tomas,
  wren,
} from '../support/rules.ts';

// Aware on Friday 20 November 2026; stage 3 ends on Wednesday 25, stage 4 on Thursday 26, notify by Friday 27.
const asked = { question: 'Was the harm serious?', tried: ['spoke-directly' as const] };
const ask = { type: 'RequestResolution' as const, ...asked };
const begins = { type: 'ResolutionRequested' as const, ...asked, stage: 3, limit: '2026-11-25', urgentReason: '' };
const open = { type: 'OpenResolution' } as const;
const outcome = {
  type: 'RecordOutcome',
  outcome: 'not-agreed',
  attendance: allAttended,
  commonGround: 'The facts.',
  pointsAtIssue: 'What follows from them.',
} as const;
const differing = [opened(), positionsDiffer()] as const;
const underWay = [...differing, resolutionAsked(), resolutionOpened] as const;
/** The entry that began the stage. */
const began = 8;
const told = { type: 'LeadPartnersTold' as const, people: leads.map((each) => ({ ...onCase(each) })) };

describe('asking for it', () => {
  test.each([amara, tomas, priya, wren, joan])('[M25] $agency.name may ask', (by) => {
    given(...differing)
      .when(ask, by)
      .gives(begins);
  });

  test('[M25] the decision-maker, contributors, advisers and lead partners do not', () => {
    given(...differing)
      .when(ask, denis)
      .isRefused('NotYourRole', { role: 'decision-maker' });
    for (const by of [denis, idris, mina, leadHealth]) expect(mayAskForResolution(by)).toBe(false);
  });

  test('[M25] views must be open and must differ', () => {
    given(opened(), positionGiven(amara)).when(ask, priya).isRefused('PositionsStillSealed');
    given(opened(), positionsAgree()).when(ask, priya).isRefused('ViewsDoNotDiffer');
  });

  test('[M25] not once the authority has decided', () => {
    given(...differing, decisionSigned())
      .when(ask, priya)
      .isRefused('AlreadyDecided');
  });

  test('[M25] sent twice, or while a stage is being lived, it is refused', () => {
    given(...differing, resolutionAsked())
      .when(ask, priya)
      .isRefused('ResolutionAlreadyAsked');
    given(...underWay)
      .when(ask, priya)
      .isRefused('ResolutionAlreadyAsked');
  });

  test('[M25] once recorded, and views still differ, another may be asked for; the first is kept', () => {
    const again = given(...underWay, outcomeRecorded())
      .when(ask, priya)
      .recorded();
    expect(again.state.resolutions.map(({ status }) => status)).toEqual(['recorded', 'asked']);
  });

  test('[M25] a higher stage is for urgent cases, with the reason', () => {
    const higher = { ...ask, stage: 4 };
    given(...differing)
      .when(higher, priya)
      .isRefused('UrgentReasonMissing', { field: 'urgentReason' });
    const urgentReason = 'A sibling goes home tomorrow.';
    given(...differing)
      .when({ ...higher, urgentReason }, priya)
      .gives({ ...begins, stage: 4, limit: '2026-11-26', urgentReason }, told);
  });

  test('[M25] the stage above the last needs no reason', () => {
    given(...underWay, outcomeRecorded())
      .when({ ...ask, stage: 4 }, priya)
      .gives({ ...begins, stage: 4, limit: '2026-11-26' }, told);
  });

  test('[M25] only a stage in which disagreement is worked on', () => {
    for (const stage of [0, 1, 2, 5, 9]) {
      given(...differing)
        .when({ ...ask, stage }, priya)
        .isRefused('NoSuchStage', { field: 'stage' });
    }
  });

  test('the form asks for a question and what was tried', () => {
    const empty = requestResolution.safeParse({ type: 'RequestResolution', question: '', tried: [] });
    expect(empty.error && fieldErrors(empty.error)).toEqual({
      question: 'Enter what the session should settle',
      tried: 'Select what you have tried already',
    });
  });
});

describe('until when', () => {
  const [session, leadStage] = resolutionStages(firstArrangements.ladder);
  const until = (today: string) => session && limitOf(session, '2026-11-20', today, holidays);
  test('[M25] a stage ends at the end of its working day counted from awareness', () => {
    expect(until('2026-11-23')).toBe('2026-11-25');
    expect(leadStage && limitOf(leadStage, '2026-11-20', '2026-11-23', holidays)).toBe('2026-11-26');
  });
  test('[M25] one that begins after its day has the whole of the working day on which it begins', () => {
    expect(until('2026-11-26')).toBe('2026-11-26');
    expect(until('2026-11-28'), 'a Saturday').toBe('2026-11-30');
  });
  test('[M25] stages that pass day five, or leave no time, are warned of, never refused', () => {
    expect(ladderWarnings(firstArrangements.ladder)).toEqual([]);
    const stretched = firstArrangements.ladder.map((stage) => ({ ...stage, byDay: stage.byDay * 2 }));
    expect(ladderWarnings(stretched).join()).toMatch(
      /Resolution session and Lead safeguarding partners end after day 5/,
    );
    const flat = firstArrangements.ladder.map((stage) => ({ ...stage, byDay: 3 }));
    expect(ladderWarnings(flat).join()).toMatch(/Lead safeguarding partners ends no later than the stage before it/);
    expect(ladderWarnings([]).join()).toMatch(/no stage/);
  });
  test('[M25] above the top stage there is none', () => {
    expect(stageAbove(firstArrangements.ladder, 3)?.number).toBe(4);
    expect(stageAbove(firstArrangements.ladder, 4)).toBeNull();
  });
});

describe('opening it', () => {
  const waiting = given(...differing, resolutionAsked());
  test('[M26] the Chair opens it', () => {
    const after = waiting.when(open, joan);
    after.gives({ type: 'ResolutionOpened' });
    expect(after.recorded().state.resolutions).toMatchObject([{ status: 'running', openedBy: joan, askedBy: wren }]);
  });
  test('[M26] nobody else does', () => {
    for (const by of admitted.filter((person) => person !== joan)) waiting.when(open, by).isRefused('OnlyTheChair');
  });
  test('[M26] only one that was asked for, once, before the decision', () => {
    given(...differing)
      .when(open, joan)
      .isRefused('ResolutionNotAsked');
    waiting.when(open, joan).recorded().when(open, joan).isRefused('ResolutionAlreadyOpen');
    given(...differing, resolutionAsked(), decisionSigned())
      .when(open, joan)
      .isRefused('AlreadyDecided');
    given(...underWay, outcomeRecorded())
      .when(open, joan)
      .isRefused('ResolutionNotAsked');
  });
});

describe('recording what it came to', () => {
  test('[M28] the Chair records the outcome, who took part, the common ground and the points at issue', () => {
    const after = given(...underWay).when(outcome, joan);
    const { type: _, ...said } = outcome;
    const named = [socialCare, health, police].map(({ id, name }) => ({
      agency: id,
      name,
      who: 'attended' as const,
      deputy: '',
    }));
    after.gives({
      type: 'OutcomeRecorded',
      ...said,
      stage: began,
      attendance: named,
      detail: '',
      due: null,
      wentOnBecause: '',
      actions: [],
    });
    expect(after.recorded().state.resolutions).toMatchObject([{ status: 'recorded', outcome: { by: joan } }]);
  });
  test('[M28] nobody else does', () => {
    for (const by of admitted.filter((person) => person !== joan)) {
      given(...underWay)
        .when(outcome, by)
        .isRefused('OnlyTheChair');
    }
  });
  test('[M28] only while it is running, once', () => {
    for (const history of [[], [resolutionAsked()], [resolutionAsked(), resolutionOpened, outcomeRecorded()]]) {
      given(...differing, history)
        .when(outcome, joan)
        .isRefused('ResolutionNotOpen');
    }
  });
  test('[M28] one that was running when the authority signed may still be recorded, and nothing follows', () => {
    const signed = given(...underWay, decisionSigned());
    signed.when(outcome, joan).givesTypes('OutcomeRecorded');
    signed.when({ ...outcome, outcome: 'escalate' }, joan).isRefused('AlreadyDecided');
  });
  test.each<[Outcome, object]>([
    ['agreed-notify', {}],
    ['agreed-not-notify', {}],
    ['agreed-more-information', { detail: 'The second scan, from Health', due: '2026-11-27' }],
    ['not-agreed', {}],
    ['panel-advice', { detail: 'Whether this is serious harm' }],
    ['withdrawn', { detail: 'The child was never in this area' }],
    ['other-authority', { detail: 'Southbeck' }],
  ])('[M28] %s ends the stage', (which, more) => {
    const after = given(...underWay)
      .when({ ...outcome, outcome: which, ...more }, joan)
      .recorded();
    expect(currentStage(after.state.resolutions)).toBeNull();
    expect(after.state.resolutions.at(-1)?.outcome).toMatchObject({ outcome: which, ...more });
  });
  test.each(['escalate', 'to-lead-partners'] as const)(
    '[M28] %s begins the lead partners’ stage and tells them',
    (which) => {
      const after = given(...underWay).when({ ...outcome, outcome: which }, joan);
      after.givesTypes('OutcomeRecorded', 'ResolutionEscalated', 'LeadPartnersTold');
      const { state } = after.recorded();
      expect(currentStage(state.resolutions)).toMatchObject({
        stage: { number: 4 },
        because: 'outcome',
        limit: '2026-11-26',
        question: 'Whether the child was seriously harmed',
      });
      expect(state.case?.people.map(({ person }) => person)).toEqual(
        expect.arrayContaining(leads.map(({ person }) => person)),
      );
    },
  );
  test('[M28] above the lead partners there is no stage to pass it to', () => {
    const atTop = given(...underWay)
      .when({ ...outcome, outcome: 'escalate' }, joan)
      .recorded()
      .when(open, joan)
      .recorded();
    for (const which of ['escalate', 'to-lead-partners'] as const) {
      atTop.when({ ...outcome, outcome: which }, joan).isRefused('NoStageAbove', { field: 'outcome' });
    }
  });
  test('[M28] more information is agreed for a day no later than the last day to notify, nor past', () => {
    const wait = { ...outcome, outcome: 'agreed-more-information', detail: 'The scan' } as const;
    given(...underWay)
      .when({ ...wait, due: '2026-11-28' }, joan)
      .isRefused('DateAfterTheClock', { field: 'due', until: '2026-11-27' });
    given(...underWay)
      .when({ ...wait, due: '2026-11-22' }, joan)
      .isRefused('DateInThePast', { field: 'due' });
  });
  test('[M25] each partner that must take part is accounted for', () => {
    given(...underWay)
      .when({ ...outcome, attendance: allAttended.slice(1) }, joan)
      .isRefused('AttendanceMissing', { agencies: ['Social care'] });
    const away = allAttended.map((each, index) => (index === 0 ? { ...each, who: 'nobody' as const } : each));
    given(...underWay)
      .when({ ...outcome, attendance: away }, joan)
      .isRefused('AbsenceUnexplained', { agencies: ['Social care'] });
    given(...underWay)
      .when({ ...outcome, attendance: away, wentOnBecause: 'They could not be reached.' }, joan)
      .givesTypes('OutcomeRecorded');
  });
  test('[M25] a deputy is named', () => {
    const unnamed = { ...outcome, attendance: [{ agency: health.id, who: 'deputy' }] };
    const parsed = recordOutcome.safeParse(unnamed);
    expect(parsed.error && fieldErrors(parsed.error)).toEqual({ 'attendance.0.deputy': "Enter the deputy's name" });
  });
  test('[M28] an action has an owner on the case and a day to come', () => {
    const act = { what: 'Get the scan', owner: health.id, by: '2026-11-24' };
    const after = given(...underWay).when({ ...outcome, actions: [act] }, joan);
    expect(after.recorded().state.resolutions.at(-1)?.outcome?.actions).toEqual([
      { ...act, owner: { agency: health.id, name: 'Health' } },
    ]);
    given(...underWay)
      .when({ ...outcome, actions: [act, { ...act, owner: 'f'.repeat(32) }] }, joan)
      .isRefused('NotOnTheCase', { field: 'actions.1.owner' });
    given(...underWay)
      .when({ ...outcome, actions: [{ ...act, by: '2026-11-20' }] }, joan)
      .isRefused('DateInThePast', { field: 'actions.0.by' });
  });
  test('the form asks for each part, and for what some outcomes need', () => {
    const wrong = (said: object) => {
      const { error } = recordOutcome.safeParse({ type: 'RecordOutcome', ...said });
      return error && fieldErrors(error);
    };
    expect(wrong({})).toEqual({
      outcome: 'Select the outcome',
      commonGround: 'Say what is common ground',
      pointsAtIssue: 'Say what is still at issue, or "None"',
    });
    const said = { commonGround: 'The facts.', pointsAtIssue: 'None' };
    expect(wrong({ ...said, outcome: 'agreed-more-information' })).toEqual({
      detail: 'Say what information, and from whom',
      due: 'Enter the date the information is needed by',
    });
    for (const which of ['panel-advice', 'withdrawn', 'other-authority']) {
      expect(Object.keys(wrong({ ...said, outcome: which }) ?? {})).toEqual(['detail']);
    }
    expect(outcomes.length).toBe(9);
  });
});

describe('silence', () => {
  const after = { now: endOf('2026-11-25'), today: '2026-11-26' };
  const pass = { type: 'PassStageLimit', stage: began } as const;
  test('[M25] when the last day of a stage ends with no outcome, the clock passes it on and tells the lead partners', () => {
    given(...differing, resolutionAsked())
      .when(pass, serviceClock, after)
      .gives(
        { type: 'StageLimitPassed', stage: began, day: '2026-11-25', undone: 'not-opened', silent: [] },
        { type: 'ResolutionEscalated', from: began, because: 'silence', stage: 4, limit: '2026-11-26' },
        told,
      );
  });
  test('[M25] one that was opened and never recorded is silence too', () => {
    const { state } = given(...underWay)
      .when(pass, serviceClock, after)
      .recorded();
    expect(state.resolutions.map(({ status }) => status)).toEqual(['lapsed', 'asked']);
    expect(state.resolutions[0]?.lapsed).toMatchObject({ undone: 'no-outcome' });
  });
  test('[M28] what was said in it may still be recorded, and passes nothing on', () => {
    const lapsed = given(...underWay)
      .when(pass, serviceClock, after)
      .recorded();
    lapsed.when({ ...outcome, stage: began }, joan, after).givesTypes('OutcomeRecorded');
    lapsed.when({ ...outcome, stage: began, outcome: 'escalate' }, joan, after).isRefused('LimitAlreadyPassed');
  });
  test('[M25] not a moment early, not twice, not by a person, not after the decision', () => {
    const waiting = given(...differing, resolutionAsked());
    waiting.when(pass, serviceClock, { now: '2026-11-25T23:59:59.999Z' }).isRefused('LimitNotPassed');
    const once = waiting.when(pass, serviceClock, after).recorded();
    once.when(pass, serviceClock, after).isRefused('LimitAlreadyPassed');
    waiting.when(pass, joan, after).isRefused('NotYourRole');
    given(...differing, resolutionAsked(), decisionSigned())
      .when(pass, serviceClock, after)
      .isRefused('AlreadyDecided');
  });
  test('[M25] at the top there is nothing to pass it on to: what was missed stands in the record', () => {
    const atTop = given(...differing, resolutionAsked())
      .when(pass, serviceClock, after)
      .recorded();
    const stage = currentStage(atTop.state.resolutions)?.seq ?? 0;
    const viewed = atTop
      .when({ type: 'GiveLeadView', view: 'notify', reason: 'It is suspected.' }, leadHealth)
      .recorded();
    viewed
      .when({ type: 'PassStageLimit', stage }, serviceClock, { now: endOf('2026-11-26'), today: '2026-11-27' })
      .gives({
        type: 'StageLimitPassed',
        stage,
        day: '2026-11-26',
        undone: 'not-opened',
        silent: ['Social care', 'Police'],
      });
  });
  test('[M25] the end of the stage is due while it is lived, and not after', () => {
    const due = ({ state }: ReturnType<typeof given>) =>
      hasCase(state) ? duesOf(state, { holidays }).filter(({ command }) => command?.type === 'PassStageLimit') : [];
    expect(due(given(...differing))).toEqual([]);
    expect(due(given(...differing, resolutionAsked()))).toMatchObject([{ at: '2026-11-26T00:00:00Z', command: pass }]);
    expect(due(given(...underWay, outcomeRecorded()))).toEqual([]);
    expect(due(given(...underWay, decisionSigned()))).toEqual([]);
  });
});

describe('the lead partners', () => {
  const reached = given(...underWay)
    .when({ ...outcome, outcome: 'to-lead-partners' }, joan)
    .recorded();
  const view = { type: 'GiveLeadView', view: 'notify', reason: 'Suspicion is enough.' } as const;
  test('[M25] each gives a view, and may give another; the first stays', () => {
    const both = reached
      .when(view, leadHealth)
      .recorded()
      .when({ ...view, view: 'do-not-notify' }, leadHealth)
      .recorded();
    expect(currentStage(both.state.resolutions)?.views.map((each) => each.view)).toEqual(['notify', 'do-not-notify']);
  });
  test('[M25] before it reaches them they are not on the case', () => {
    given(...underWay)
      .when(view, leadHealth)
      .isRefused('NotYourRole');
  });
  test('[M25] nobody else gives one', () => {
    for (const by of admitted) reached.when(view, by).isRefused('OnlyLeadPartners');
  });
  test('[M25] not once the stage is over, or the authority has decided', () => {
    reached
      .when(open, joan)
      .recorded()
      .when(outcome, joan)
      .recorded()
      .when(view, leadPolice)
      .isRefused('NotWithLeadPartners');
  });
  test('[M25] each is asked for a view until it is given', () => {
    const asks = ({ state }: ReturnType<typeof given>) =>
      hasCase(state) ? needsOf(state, leadHealth, { holidays }) : [];
    expect(asks(reached)).toEqual([
      { what: "Give Health's view as lead partner", place: 'resolution', due: '2026-11-26', clocks: ['stage-4'] },
    ]);
    expect(asks(reached.when(view, leadHealth).recorded())).toEqual([]);
  });
});

test('an opening or outcome with nothing asked for makes nothing true', () => {
  expect(fold(record([resolutionOpened, outcomeRecorded()]), emptyRoom).resolutions).toEqual([]);
});
