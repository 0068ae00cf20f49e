/** What is typed into "Open a case" becomes a command, or problems that lead to the right field. */
import { describe, expect, test } from 'vitest';
import type { Actor } from '#schema/actor.ts';
import {
  firstAnswers,
  nobodyYet,
  parseAnswers,
  speakerField,
  type CaseAnswers,
  type Party,
} from '../../web/routes/cases/new/answers.ts';

const id = (n: number) => n.toString(16).padStart(32, '0');
const health = { id: id(1), kind: 'health', name: 'Health' } as const;
const police = { id: id(2), kind: 'police', name: 'Police' } as const;
const education = { id: id(3), kind: 'education', name: 'Education' } as const;
const amara: Actor = { person: id(11), name: 'Amara Fenwick', agency: health, role: 'position-holder' };
const parties: Party[] = [
  {
    agency: health,
    speakers: [
      { person: id(11), name: 'Amara Fenwick' },
      { person: id(12), name: 'Noor Hale' },
    ],
  },
  {
    agency: police,
    speakers: [
      { person: id(21), name: 'Priya Lark' },
      { person: id(22), name: 'Ezra Finch' },
    ],
  },
  { agency: education, speakers: [{ person: id(31), name: 'Wren Castle' }] },
];
const today = '2026-11-23';

const whole: CaseAnswers = {
  ...firstAnswers(parties, amara),
  awareOn: '2026-11-20',
  whatHappened: 'died',
  account: 'A child died at home.',
  incidentPlace: 'this-area',
  homePlace: 'this-area',
  lookedAfter: 'no',
  initials: 'A.B.',
  age: '0',
  toldBy: 'A paramedic',
  speakers: { [health.id]: id(11), [police.id]: id(21), [education.id]: id(31) },
};

describe('a case is opened', () => {
  test('the statutory partners are ticked, and who opens the case speaks for their own agency', () => {
    const first = firstAnswers(parties, amara);
    expect(first.agencies).toEqual([health.id, police.id]);
    expect(first.speakers).toEqual({ [health.id]: id(11), [police.id]: '', [education.id]: id(31) });
  });

  test('whole answers are a command that names only the agencies ticked', () => {
    const parsed = parseAnswers(whole, parties, today);
    expect(parsed).toMatchObject({
      command: {
        type: 'OpenCase',
        details: { age: 0, awareOn: '2026-11-20' },
        takingPart: [
          { agency: health.id, speaker: id(11) },
          { agency: police.id, speaker: id(21) },
        ],
      },
    });
  });

  test('[M8] whether it was a care leaver is asked from 16, and sent only where it was asked', () => {
    const sent = (change: object) => {
      const parsed = parseAnswers({ ...whole, ...change }, parties, today);
      return 'command' in parsed ? parsed.command.details : parsed;
    };
    expect(sent({ age: '20', careLeaver: 'yes' })).toMatchObject({ age: 20, careLeaver: 'yes' });
    expect(sent({ age: '2', careLeaver: 'yes' })).not.toHaveProperty('careLeaver');
  });

  test('empty answers name every question, each with words that say what to do', () => {
    const parsed = parseAnswers(firstAnswers(parties, amara), parties, today);
    expect(parsed).toEqual({
      errors: {
        'details.awareOn': 'Enter the date the local authority became aware, like 27 3 2026',
        'details.whatHappened': 'Select what happened',
        'details.account': 'Say briefly what happened',
        'details.incidentPlace': 'Select where it happened',
        'details.homePlace': 'Select where the child normally lives',
        'details.lookedAfter': 'Select whether the child was looked after',
        'details.initials': "Enter the child's initials",
        'details.age': "Enter the child's age in years, like 2",
        'details.toldBy': 'Say who told your agency',
        [speakerField(police.id)]: 'Select who will speak for Police',
      },
    });
  });

  test.each([
    [
      { awareOn: '2026-11-24' },
      'details.awareOn',
      'Date the local authority became aware must be today or in the past',
    ],
    [
      { age: '18' },
      'details.age',
      'Enter an age under 18: beyond it, only the death of a care leaver up to and including 24 is raised',
    ],
    [{ age: 'two' }, 'details.age', "Enter the child's age in years, like 2"],
    [{ age: '2.5' }, 'details.age', "Enter the child's age in whole years"],
    [{ agencies: [] }, 'takingPart', 'Select who must take part'],
    [
      { incidentOn: '2026-11-21' },
      'details.incidentOn',
      'The day it happened must be the day the authority became aware, or earlier',
    ],
    [
      { identity: { name: '', bornOn: '2026-11-24', address: '' } },
      'identities.0.bornOn',
      'Date of birth must be today or in the past',
    ],
    [
      { others: [{ initials: 'K.B.', age: '', identity: nobodyYet() }] },
      'details.otherChildren.0.age',
      "Enter the child's age in years, like 2",
    ],
  ])('%o is refused beside its field', (change, field, words) => {
    expect(parseAnswers({ ...whole, ...change }, parties, today)).toEqual({ errors: { [field]: words } });
  });

  test('[M6] who the children are goes beside the command, in the order of the children, and never into it', () => {
    const who = { name: 'Ada Brook', bornOn: '2023-04-03', address: '' };
    const others = [{ initials: 'K.B.', age: '6', identity: nobodyYet() }];
    const parsed = parseAnswers({ ...whole, identity: who, others }, parties, today);
    expect(parsed).toMatchObject({
      command: { details: { otherChildren: [{ initials: 'K.B.', age: 6 }] } },
      identities: [who, nobodyYet()],
    });
    expect('command' in parsed && JSON.stringify(parsed.command)).not.toContain('Brook');
  });
});
