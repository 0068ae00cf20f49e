/** Advice from outside: asked on facts that do not say who a child is, answered, ended; it decides nothing. */
import { describe, expect, test } from 'vitest';
import { identifyingIn } from '#schema/anonymous.ts';
import {
  askOutsideAdvice,
  nameOfAdviser,
  outsideAdviceNeeds,
  type OutsideAdviceEvent,
} from '#schema/outside-advice.ts';
import { hasCase } from '#schema/room.ts';
import { needsOf } from '#schema/work.ts';
import { amara, denis, given, joan, mina, opened, otto, priya, holidays } from '../support/rules.ts';

const ask = {
  type: 'AskOutsideAdvice',
  of: 'panel-chair',
  body: '',
  person: '',
  question: 'Would you expect a notification?',
  facts: 'A child of two, a spiral fracture, two accounts of how it came about.',
  sentOn: '2026-11-20',
  replyBy: '2026-11-25',
} as const;
const asked: OutsideAdviceEvent = { ...ask, type: 'OutsideAdviceAsked' };
const from = 'Her office, by letter';
const answer = (advice: number, change = {}) =>
  ({ type: 'RecordOutsideAdvice', advice, from, receivedOn: '2026-11-23', reply: 'She would.', ...change }) as const;
const end = (advice: number) => ({ type: 'EndOutsideAdvice', advice, reason: 'Asked by telephone instead.' }) as const;
const child = { name: 'Jamie Quill-Feather', bornOn: '2024-03-07', address: '4 Mill Lane, Northbeck NB1 2CD' };

/** A case in which the Chair has asked the Panel's chair, and the entry that says so. */
function awaiting() {
  const situation = given(opened()).when(ask, joan).recorded();
  return { situation, seq: situation.state.seq };
}

describe('[M17] advice from outside', () => {
  test('the Chair, and whoever works on the case for an agency, records what was asked, on which facts, and when', () => {
    for (const by of [joan, amara, denis]) given(opened()).when(ask, by).gives(asked);
    for (const by of [mina, otto]) given(opened()).when(ask, by).isRefused('NotYourRole');
  });

  test('whoever is asked has a name: the Panel one of its own, another authority the one that is given', () => {
    const authority = { ...ask, of: 'authority' };
    expect(askOutsideAdvice.safeParse(authority).error?.issues).toMatchObject([{ path: ['body'] }]);
    const unsent = askOutsideAdvice.safeParse({ ...authority, of: '', sentOn: '' }).error?.issues;
    expect(unsent?.map(({ path }) => path.join())).toEqual(['of', 'sentOn']);
    expect(nameOfAdviser({ of: 'authority', body: 'Eastvale Council', person: 'A. Hart' })).toBe(
      'Eastvale Council, A. Hart',
    );
    expect(nameOfAdviser(ask)).toMatch(/^The chair of the Child Safeguarding Practice Review Panel$/);
  });

  test('facts or a question that say who a child is are refused, by what they tell and never by the words', () => {
    const facts = { children: [child] };
    for (const field of ['facts', 'question'])
      given(opened())
        .when({ ...ask, [field]: 'Jamie came to hospital.' }, joan, facts)
        .isRefused('NotAnonymous', { field, found: ['name'] });
    given(opened()).when(ask, joan, facts).gives(asked);
  });

  test('it was sent already, and no reply is hoped for before', () => {
    given(opened())
      .when({ ...ask, sentOn: '2026-11-24' }, joan)
      .isRefused('DateInTheFuture', { field: 'sentOn' });
    given(opened())
      .when({ ...ask, replyBy: '2026-11-19' }, joan)
      .isRefused('BeforeItCouldBe', { field: 'replyBy', from: '2026-11-20' });
  });

  test('sent twice, it is refused while the first is waited for', () => {
    const { situation, seq } = awaiting();
    situation.when(ask, amara).isRefused('OutsideAdviceAlreadyAsked');
    situation.when(answer(seq), joan).recorded().when(ask, amara).gives(asked);
  });

  test('what came back is recorded once, by anyone who works on the case', () => {
    const { situation, seq } = awaiting();
    situation
      .when(answer(seq), amara)
      .gives({ type: 'OutsideAdviceGiven', advice: seq, from, receivedOn: '2026-11-23', reply: 'She would.' });
    const answered = situation.when(answer(seq), amara).recorded();
    answered.when(answer(seq), joan).isRefused('OutsideAdviceAlreadyGiven');
    answered.when(end(seq), joan).isRefused('OutsideAdviceAlreadyGiven');
    expect(answered.state.outsideAdvice).toMatchObject([{ by: joan, reply: { by: amara, words: 'She would.' } }]);
  });

  test('no reply is recorded to what was not asked, from before it was asked, or from tomorrow', () => {
    const { situation, seq } = awaiting();
    situation.when(answer(seq + 1), joan).isRefused('NoSuchOutsideAdvice');
    situation
      .when(answer(seq, { receivedOn: '2026-11-19' }), joan)
      .isRefused('BeforeItCouldBe', { field: 'receivedOn', from: '2026-11-20' });
    situation
      .when(answer(seq, { receivedOn: '2026-11-24' }), joan)
      .isRefused('DateInTheFuture', { field: 'receivedOn' });
  });

  test('the agency that asked may stop waiting, once; a reply that comes later is still recorded', () => {
    const { situation, seq } = awaiting();
    situation.when(end(seq), priya).isRefused('NotYourQuestion', { agency: 'Northbeck' });
    const ended = situation.when(end(seq), joan).recorded();
    ended.when(end(seq), joan).isRefused('OutsideAdviceAlreadyEnded');
    expect(ended.when(answer(seq), joan).recorded().state.outsideAdvice[0]?.reply?.words).toBe('She would.');
  });

  test('whoever asked is reminded from the day a reply was hoped for, until there is one', () => {
    const { situation, seq } = awaiting();
    if (!hasCase(situation.state)) throw new Error('No case was opened');
    const need = { place: 'decision', due: '2026-11-25', from: '2026-11-25', at: `advice-${seq}` };
    expect(needsOf(situation.state, joan, { holidays })).toContainEqual(expect.objectContaining(need));
    expect(outsideAdviceNeeds(situation.state, amara)).toEqual([]);
    for (const command of [answer(seq), end(seq)])
      expect(outsideAdviceNeeds(situation.when(command, joan).recorded().state, joan)).toEqual([]);
  });
});

describe('[M17] words that say who a child is', () => {
  const found = (words: string, who = child) => identifyingIn(words, [who]);
  test.each(['Jamie', 'JAMIE fell', 'the Quill family', "Feather's mother", 'jamie quill feather', 'Jámie'])(
    'a name: %s',
    (words) => expect(found(words)).toEqual(['name']),
  );
  test.each(['7/3/2024', '07.03.24', '2024-03-07', '7 March 2024', '7th of Mar 2024', 'March 7, 2024'])(
    'a date of birth: %s',
    (words) => expect(found(`Born ${words}.`)).toEqual(['born']),
  );
  test.each(['at 4 mill lane', 'in nb12cd'])('an address: %s', (words) => expect(found(words)).toEqual(['address']));
  test('not words that are no name, other dates, or an empty vault', () => {
    expect(found('A quill, a feather, on 17/3/2024 and 7/3/2025, in NB1.')).toEqual([]);
    expect(found('She will and may, will she not.', { ...child, name: 'Will May' })).toEqual([]);
    expect(found('Jamie', { name: '', bornOn: '', address: '' })).toEqual([]);
    expect(identifyingIn('Jamie', [])).toEqual([]);
  });
});
