/** The charter of roles: no role without its words, no power that the rules do not give, no version without its day. */
import { describe, expect, test } from 'vitest';
import { coverable, type Actor } from '#schema/actor.ts';
import { decideAdministration, noAdministration } from '#schema/administration.ts';
import { personRole, type Agency, type PersonRole } from '#schema/agency.ts';
import { firstArrangements, wholeOf, type Arrangements } from '#schema/arrangements.ts';
import { charterRoles, chartersOf, charterWording, firstCharter, nameOfRole, type Charter } from '#schema/charter.ts';
import type { Command } from '#schema/command.ts';
import { elementContent } from '#schema/elements.ts';
import { powers, powersOf, servesIn, type Power } from '#schema/powers.ts';
import type { Refusal, RefusalName } from '#schema/refusal.ts';
import { decide, type RoomState } from '#schema/room.ts';
import { decideScreening, noScreening } from '#schema/screening.ts';
import { callSession } from '#schema/session.ts';
import {
  decisionFor,
  details,
  disagreement,
  education,
  factsWith,
  given,
  health,
  northbeck,
  notesSaying,
  notified,
  openCase,
  opened,
  police,
  positionFor,
  socialCare,
  today,
  underArrangements,
} from '../support/rules.ts';
import { call } from '../support/sessions.ts';

const all = personRole.options;
const words = 'Because of what is known.';

describe('[M3] the words of each role', () => {
  test('there are some for every role that a person can be given, and for no other', () => {
    expect([...charterRoles].sort()).toEqual([...all].sort());
    expect(charterWording.parse(firstCharter)).toEqual(firstCharter);
    for (const role of all) {
      const { use, limits } = firstCharter[role];
      expect(
        [use, limits].every((said) => said.endsWith('.')),
        role,
      ).toBe(true);
      expect(nameOfRole(role, firstArrangements), role).not.toBe('');
    }
  });

  test('the Chair is called what the partnership has agreed', () => {
    expect(nameOfRole('chair', { ...firstArrangements, chairTitle: 'Independent Scrutineer' })).toBe(
      'Independent Scrutineer',
    );
  });

  test('what was agreed before there was a charter, or before there was some role in it, has the first words there', () => {
    const { charter, ...before } = firstArrangements;
    expect(wholeOf(before as Arrangements).charter).toEqual(charter);
    const { chair, ...without } = { ...charter, contributor: { ...charter.contributor, name: 'Practitioner' } };
    const whole = wholeOf({ ...firstArrangements, charter: without as Charter }).charter;
    expect([whole.chair, whole.contributor.name]).toEqual([chair, 'Practitioner']);
    expect(given(underArrangements(before as Arrangements)).state.case?.arrangements.charter).toEqual(charter);
  });
});

describe('[M3] what the charter says that a role may do', () => {
  const agencies: readonly Agency[] = [
    socialCare,
    health,
    police,
    education,
    northbeck,
    { ...education, id: 'f'.repeat(32), kind: 'other', name: 'Probation' },
  ];
  const everyActor: readonly (Actor & { role: PersonRole })[] = all.flatMap((role, n) =>
    agencies
      .filter(({ kind }) => servesIn[role].includes(kind))
      .map((agency, m) => ({
        person: (0x1000 + n * 16 + m).toString(16).padStart(32, '0'),
        name: `${agency.name}, ${role}`,
        agency,
        role,
      })),
  );
  /** What somebody hears who asks for what their role does not let them do. */
  const forTheRole: ReadonlySet<RefusalName> = new Set<RefusalName>([
    'NotYourRole',
    'NoPositionToGive',
    'OnlyTheChair',
    'OnlyTheAuthorityDecides',
    'OnlyTheAuthorityNotifies',
    'OnlyLeadPartners',
    'NotYoursToCorrect',
  ]);
  const sealed = given(opened(everyActor)).state;
  const sent = given(
    opened(everyActor),
    notified().map(({ by, event }) => ({
      by,
      event: event.type === 'RapidReviewStarted' ? { ...event, asked: [...agencies] } : event,
    })),
  ).state;
  const unraised = given().state;
  const element = elementContent.parse({ element: 'child', answer: 'yes', evidence: words, source: words });
  const needed = { what: words, from: health.id, person: '', by: '2026-11-25' };
  const position = positionFor('notify');
  const tried = ['discussed-in-notes' as const];
  const harm = { involvement: words, keyPractice: words, learning: words };
  const outside = { of: 'panel-chair' as const, body: '', person: '', sentOn: today, replyBy: null };
  const entered = { sentOn: today, sentAt: '09:30', reference: 'SIN-1', sentBy: 'Denis Marsh' };
  const letter = { receivedOn: today, says: ['agrees' as const], points: words, owner: 'Beth', replyBy: null };
  /** An act of each power, and a case in which somebody may ask for it. */
  const acts: Partial<Record<Power, readonly [Command, RoomState]>> = {
    raise: [openCase, unraised],
    elements: [{ type: 'AnswerElement', content: element }, sealed],
    letIn: [{ type: 'LetColleagueIn', person: 'f'.repeat(32), why: words }, sealed],
    ask: [{ type: 'AskQuestion', question: needed, about: null }, sealed],
    position: [{ type: 'SubmitPosition', content: position, whatChanged: null }, sealed],
    dissent: [{ type: 'RecordDissent', content: disagreement }, sealed],
    resolution: [{ type: 'RequestResolution', question: words, tried, stage: null, urgentReason: '' }, sealed],
    lead: [callSession.parse(call), sealed],
    open: [{ type: 'OpenPositions', reason: words }, sealed],
    private: [{ type: 'OpenPrivateSession', rules: [], reason: words, publicInterest: words, people: [] }, sealed],
    view: [{ type: 'GiveLeadView', view: 'notify', reason: words }, sealed],
    decide: [{ type: 'SignDecision', content: decisionFor('notify'), read: 0 }, sealed],
    notify: [{ type: 'RecordNotification', ...entered }, sealed],
    reasons: [{ type: 'RequestRationale', grounds: words, due: '2026-12-01' }, sealed],
    reopen: [{ type: 'ReopenCase', evidence: words, knownOn: today, knownBy: words, awareOn: today }, sealed],
    correct: [{ type: 'CorrectRaised', details, reason: words }, sealed],
    outside: [{ type: 'AskOutsideAdvice', ...outside, question: words, facts: words }, sealed],
    legal: [{ type: 'RecordLegalAdvice', on: today }, sealed],
    return: [{ type: 'GiveReturn', ...harm }, sent],
    panel: [{ type: 'RecordPanelLetter', ...letter }, sent],
    review: [{ type: 'BeginPracticeReview', decidedOn: today, scope: words, without: '', against: '' }, sealed],
    learning: [{ type: 'CloseLearning', learned: words }, sealed],
  };
  /** Acts that are not asked of a case. */
  const elsewhere: Partial<Record<Power, (by: Actor) => unknown>> = {
    log: (by) => decideScreening({ type: 'LogNoneConsidered', from: today, to: today }, noScreening, by, screening),
    sample: (by) =>
      decideScreening(
        { type: 'SampleScreening', agency: health.id, screened: 1, view: 'agree', note: words },
        noScreening,
        by,
        screening,
      ),
    administer: (by) =>
      decideAdministration({ type: 'EndCover', cover: 'f'.repeat(32), why: words }, noAdministration, by, agreed),
  };
  const screening = { today, cases: [] };
  const agreed = {
    today,
    versions: [firstArrangements],
    agencies: [],
    members: [],
    emailTaken: false,
    ids: { agency: '', person: '', membership: '', cover: '' },
  };

  function mayAskFor(power: Power, by: Actor): boolean {
    const act = acts[power];
    const answer = act
      ? decide(act[0], act[1], by, factsWith({ notes: notesSaying(1, ''), newRoom: 'e'.repeat(32) }))
      : elsewhere[power]?.(by);
    return !(isRefused(answer) && forTheRole.has(answer.refused));
  }
  const isRefused = (answer: unknown): answer is Refusal =>
    typeof answer === 'object' && answer !== null && 'refused' in answer;

  const asked = [...Object.keys(acts), ...Object.keys(elsewhere)] as Power[];

  test.each(asked)('“%s” is what the rules let each role do, in each kind of agency', (power) => {
    for (const by of everyActor) {
      const said = powersOf(by.role).may.find((each) => each.power === power);
      const saysSo = said !== undefined && (said.only === null || said.only.includes(by.agency.kind));
      expect(mayAskFor(power, by), by.name).toBe(saysSo);
    }
  });

  test('every power is asked of the rules; two are no acts, and who writes and who reads the register is looked up', () => {
    expect([...asked, 'write', 'register'].sort()).toEqual(Object.keys(powers).sort());
  });

  test('every power is somebody’s, and some role has none of it', () => {
    for (const power of Object.keys(powers) as Power[]) {
      const having = all.filter((role) => powersOf(role).may.some((each) => each.power === power));
      expect(having.length, power).toBeGreaterThan(0);
      expect(having.length, power).toBeLessThan(all.length);
    }
  });

  test('each role is told every power once, as its own or as not', () => {
    for (const role of all) {
      const { may, mayNot } = powersOf(role);
      expect([...may, ...mayNot].map(({ power }) => power).sort(), role).toEqual(Object.keys(powers).sort());
    }
  });

  test('what only some agencies may is said so: the local authority does not disagree with itself', () => {
    const dissent = powersOf('position-holder').may.find(({ power }) => power === 'dissent');
    expect(dissent?.only).toEqual(['health', 'police']);
    expect(powersOf('decision-maker').may.every(({ only }) => only === null)).toBe(true);
  });

  test('a deputy may act in the roles that can be covered', () => {
    expect(all.filter((role) => powersOf(role).coverable).sort()).toEqual([...coverable].sort());
  });
});

describe('[M3] versions of the charter', () => {
  const contributor = { ...firstCharter.contributor, name: 'Practitioner' };
  const reworded = { ...firstArrangements, version: 2, from: '2026-12-01', charter: { ...firstCharter, contributor } };

  test('are those that changed a word of it or what the Chair is called', () => {
    const clocks = { ...reworded, version: 3, from: '2026-12-02', clocks: { ...reworded.clocks, dissentWithin: 3 } };
    const title = { ...clocks, version: 4, from: '2026-12-03', chairTitle: 'Independent Scrutineer' };
    const versions = chartersOf([firstArrangements, reworded, clocks, title]);
    expect(versions.map(({ version, from }) => [version, from])).toEqual([
      [1, firstArrangements.from],
      [2, '2026-12-01'],
      [4, '2026-12-03'],
    ]);
  });

  test('and not one that another took the place of before its day', () => {
    const again = { ...reworded, version: 3, charter: firstCharter };
    expect(chartersOf([firstArrangements, reworded, again]).map(({ version }) => version)).toEqual([1]);
  });

  test('as the database gives them back, in another order of their parts, they are the same', () => {
    const turned = Object.fromEntries(Object.entries(firstCharter).reverse()) as Charter;
    const calendar = { added: [{ day: '2027-01-04', name: 'Proclaimed' }], removed: [] };
    const second = { ...firstArrangements, version: 2, from: today, charter: turned, calendar };
    expect(chartersOf([firstArrangements, second]).map(({ version }) => version)).toEqual([1]);
  });
});
