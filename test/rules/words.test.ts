/** Agencies, actors, ids, fields, commands and refusals: the small parsers every form and route shares. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mayDecide, nameOf, actor } from '#schema/actor.ts';
import { agencyKinds, isStatutoryPartner, roles, roleWords } from '#schema/agency.ts';
import { caseDetails } from '#schema/case.ts';
import { clockCommand, command, commandRequest, openCaseRequest, roomCommand } from '#schema/command.ts';
import { childrenAct2004, criterionIds } from '#schema/criteria.ts';
import { event } from '#schema/event.ts';
import { fieldErrors, isSavable, longText, optionalText, text } from '#schema/fields.ts';
import { caseRef, caseRefPattern, id, newCaseRef, newId } from '#schema/id.ts';
import { partnershipSetUp } from '#schema/partnership.ts';
import { isRefusal, refuse, statusOf } from '#schema/refusal.ts';
import {
  amara,
  decisionSigned,
  denis,
  details,
  disagreement,
  dissentAnswered,
  dissentRecorded,
  dissentReviewed,
  given,
  openCase,
  opened,
  outcomeRecorded,
  positionFor,
  positionsDiffer,
  priya,
  resolutionAsked,
  resolutionOpened,
} from '../support/rules.ts';

const problems = (parsed: { success: boolean; error?: Parameters<typeof fieldErrors>[0] | undefined }) =>
  parsed.error ? fieldErrors(parsed.error) : {};

describe('people and agencies', () => {
  test('[M2] the three statutory partners, and no other agency', () => {
    expect(agencyKinds.filter((kind) => isStatutoryPartner({ kind }))).toEqual(['local-authority', 'health', 'police']);
  });
  test('[M3] every role has its words', () => {
    expect(Object.keys(roleWords).sort()).toEqual([...roles].sort());
  });
  test('[M29] of all roles in all agencies, one decides', () => {
    const all = roles.flatMap((role) => agencyKinds.map((kind) => ({ role, agency: { ...denis.agency, kind } })));
    expect(all.filter(mayDecide)).toEqual([{ role: 'decision-maker', agency: denis.agency }]);
  });
  test('a person is named with their agency', () => {
    expect(nameOf(amara)).toBe('Amara Fenwick, Health');
    expect(actor.parse(amara)).toEqual(amara);
  });
});

describe('ids', () => {
  test('an id of ours is 128 random bits', () => {
    const ids = Array.from({ length: 1000 }, newId);
    expect(new Set(ids).size).toBe(1000);
    for (const each of ids) expect(id.safeParse(each).success).toBe(true);
    for (const wrong of ['', 'x', '0'.repeat(31), 'G'.repeat(32), 'A'.repeat(32)]) {
      expect(problems(id.safeParse(wrong))).toEqual({ form: 'This is not an id of this service' });
    }
  });
  test('[M6] a case code can be said aloud and tells nothing: no vowels, no 0 or 1, not counted up', () => {
    const codes = Array.from({ length: 1000 }, () => newCaseRef(2026));
    for (const code of codes) expect(code).toMatch(caseRefPattern);
    expect(codes.map((code) => code.slice(8)).join('')).not.toMatch(/[AEIOUY01]/);
    expect(new Set(codes).size).toBeGreaterThan(980);
    expect(problems(caseRef.safeParse('si-2026-7kq4'))).toEqual({ form: 'Enter a case code, like SI-2026-7KQ4' });
  });
});

describe('text', () => {
  const why = text('Give a reason');
  test('is trimmed, asked for when missing, and bounded in signs, not in their halves', () => {
    expect(why.parse('  Because.\n')).toBe('Because.');
    for (const missing of ['', ' \n\t', undefined, null, 7, {}]) {
      expect(problems(why.safeParse(missing))).toEqual({ form: 'Give a reason' });
    }
    expect(why.safeParse('x'.repeat(longText)).success).toBe(true);
    expect(problems(why.safeParse('x'.repeat(longText + 1)))).toEqual({ form: 'Use 2,000 characters or fewer' });
    expect(why.safeParse('😀'.repeat(longText)).success).toBe(true);
    expect(why.safeParse('😀'.repeat(longText + 1)).success).toBe(false);
  });
  test('may be left empty where it is optional', () => {
    expect(optionalText().parse(undefined)).toBe('');
    expect(optionalText().parse('  ')).toBe('');
    expect(optionalText().safeParse(null).success).toBe(false);
  });
  test('that the record cannot hold is refused by the parser, not by the database', () => {
    const bad = { nul: 'a\0b', high: 'a\ud83d', low: '\ude00b', swapped: '\ude00\ud83d' };
    for (const [name, value] of Object.entries(bad)) {
      expect(isSavable(value), name).toBe(false);
      expect(problems(why.safeParse(value)), name).toEqual({
        form: 'Remove the character that cannot be saved, or type this again',
      });
      expect(optionalText().safeParse(value).success, name).toBe(false);
    }
    expect(isSavable('Ünï😀‏ — “x”')).toBe(true);
  });
  test('any text that parses has a canonical form and survives the wire', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const parsed = why.safeParse(value);
        if (parsed.success) expect(JSON.parse(JSON.stringify(parsed.data))).toBe(parsed.data);
        else expect(Object.values(problems(parsed))).toHaveLength(1);
      }),
    );
  });
});

describe('raising a case', () => {
  const wrong = (other: object) => problems(caseDetails.safeParse({ ...details, ...other }));
  test('each question that is not answered is asked again in its own words', () => {
    expect(problems(caseDetails.safeParse({}))).toEqual({
      awareOn: 'Enter the date the local authority became aware, like 27 3 2026',
      whatHappened: 'Select what happened',
      account: 'Say briefly what happened',
      incidentPlace: 'Select where it happened',
      homePlace: 'Select where the child normally lives',
      lookedAfter: 'Select whether the child was looked after',
      initials: "Enter the child's initials",
      age: "Enter the child's age in years, like 2",
      toldBy: 'Say who told your agency',
    });
  });
  test('an age is whole years under 18', () => {
    for (const age of [0, 17]) expect(wrong({ age })).toEqual({});
    for (const age of [18, 25])
      expect(wrong({ age })).toEqual({ age: expect.stringMatching(/^Enter an age under 18/) });
    expect(wrong({ age: -1 })).toEqual({ age: "Enter the child's age in years, like 2" });
    expect(wrong({ age: 2.5 })).toEqual({ age: "Enter the child's age in whole years" });
    for (const age of [Number.NaN, Infinity, '2', null]) expect(Object.keys(wrong({ age }))).toEqual(['age']);
  });
  test('[M8] over 18, the death of a care leaver up to and including 24, and nothing else', () => {
    const died = { whatHappened: 'died', careLeaver: 'yes' };
    for (const age of [18, 24]) expect(wrong({ ...died, age })).toEqual({});
    for (const change of [{ age: 25 }, { whatHappened: 'seriously-harmed' }, { careLeaver: 'no' }])
      expect(Object.keys(wrong({ ...died, age: 24, ...change }))).toEqual(['age']);
  });
  test('a day is one of the calendar', () => {
    for (const awareOn of ['2026-02-29', '29/2/2026', '', 20260229])
      expect(Object.keys(wrong({ awareOn }))).toEqual(['awareOn']);
  });
  test('[M5] somebody must take part, and each is named by ids', () => {
    const asking = (takingPart: unknown) => problems(command.safeParse({ ...openCase, takingPart }));
    expect(asking([])).toEqual({ takingPart: 'Select who must take part' });
    expect(Object.keys(asking([{ agency: 'health', speaker: amara.person }]))).toEqual(['takingPart.0.agency']);
    expect(asking(Array(21).fill(openCase.takingPart[0]))).toEqual({ takingPart: 'Select 20 agencies or fewer' });
  });
});

describe('commands', () => {
  test('an unknown command, an unknown field and a missing id are each refused at their place', () => {
    const send = (request: unknown) => problems(commandRequest.safeParse(request));
    expect(Object.keys(send({ id: newId(), command: { type: 'DeleteDissent', dissent: 8 } }))).toEqual([
      'command.type',
    ]);
    expect(send({ id: newId(), command: { type: 'OpenResolution', by: 'me' } })).toEqual({
      'command.by': 'This field is not known',
    });
    expect(Object.keys(send({ command: { type: 'OpenResolution' } }))).toEqual(['id']);
    for (const nothing of [null, [], 'x', 7, undefined]) expect(Object.keys(send(nothing))).not.toEqual([]);
  });
  test('opening a case has a door of its own', () => {
    expect(Object.keys(problems(commandRequest.safeParse({ id: newId(), command: openCase })))).toEqual([
      'command.type',
    ]);
    expect(openCaseRequest.safeParse({ id: newId(), command: openCase }).success).toBe(true);
    const types = (union: typeof roomCommand | typeof clockCommand | typeof command) =>
      union.options.map(({ shape }) => shape.type.value);
    expect(types(command)).toEqual([
      'OpenCase',
      ...types(roomCommand),
      'ReadIdentity',
      'KeepIdentity',
      'AddDocument',
      ...types(clockCommand),
    ]);
    for (const type of ['AddDocument', ...types(clockCommand)])
      expect(types(roomCommand), 'no route takes it').not.toContain(type);
  });
  test('a dissent is named by the number of its entry', () => {
    for (const dissent of [0, -1, 1.5, '8', 2 ** 53]) {
      const said = { type: 'AnswerDissent', dissent, response: 'So.' };
      expect(Object.keys(problems(roomCommand.safeParse(said))), String(dissent)).toEqual(['dissent']);
    }
  });
  test('who and when are never the sender’s to say', () => {
    const content = positionFor('notify');
    for (const extra of [{ by: amara }, { at: '2020-01-01' }, { agency: amara.agency.id }]) {
      expect(roomCommand.safeParse({ type: 'SubmitPosition', content, ...extra }).success).toBe(false);
      expect(roomCommand.safeParse({ type: 'RecordDissent', content: { ...disagreement, ...extra } }).success).toBe(
        false,
      );
    }
  });
});

test('every event of a whole life survives its own parser unchanged', () => {
  const { entries } = given(
    opened(),
    positionsDiffer(),
    dissentRecorded(priya),
    resolutionAsked(),
    resolutionOpened,
    outcomeRecorded(),
    dissentAnswered(8),
    dissentReviewed(priya, 8, 'maintained'),
    decisionSigned([8]),
  );
  for (const { body } of entries) expect(event.parse(JSON.parse(JSON.stringify(body)))).toEqual(body);
});

test('[M20] the criteria are the three of the statute, numbered, and each has its answer', () => {
  expect(childrenAct2004.criteria.map((criterion) => criterion.id)).toEqual([...criterionIds]);
  expect(childrenAct2004.criteria.map(({ number }) => number)).toEqual([1, 2, 3]);
});

test('a refusal is a value with a name; who is asking is 403, what has happened is 409', () => {
  expect(isRefusal(refuse('OnlyTheChair'))).toBe(true);
  for (const other of [null, undefined, 'refused', [], {}]) expect(isRefusal(other)).toBe(false);
  for (const name of [
    'NotYourRole',
    'OnlyTheAuthorityDecides',
    'OnlyTheChair',
    'NoPositionToGive',
    'NotYourDissent',
  ] as const) {
    expect(statusOf(refuse(name))).toBe(403);
  }
  for (const name of ['AlreadyDecided', 'DissentUnanswered', 'SomethingChanged', 'CaseNotOpened'] as const) {
    expect(statusOf(refuse(name))).toBe(409);
  }
});

test('[M1] a set-up file says what is missing, row by row', () => {
  const setUp = {
    name: 'Northbeck',
    contact: { name: 'The business unit', phone: '01632 960000', email: 'unit@northbeck.example' },
    agencies: [{ kind: 'police', name: 'Police' }],
    people: [{ name: 'Priya Lark', email: 'priya@northbeck.example', agency: 'Police', role: 'position-holder' }],
  };
  expect(partnershipSetUp.safeParse(setUp).success).toBe(true);
  expect(
    problems(
      partnershipSetUp.safeParse({
        ...setUp,
        agencies: [],
        people: [{ ...setUp.people[0], email: 'priya', password: 'secret' }],
      }),
    ),
  ).toEqual({
    agencies: 'Enter at least one agency',
    'people.0.email': 'Enter an email address, like name@example.org',
    'people.0.password': 'This field is not known',
  });
});
