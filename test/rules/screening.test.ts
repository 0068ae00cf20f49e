/** The screening log: what was considered and not presented, what the Chair finds in it, and what a silence is worth. */
import { describe, expect, test } from 'vitest';
import { screeningRead, type Actor } from '#schema/actor.ts';
import { isRefusal } from '#schema/refusal.ts';
import {
  decideScreening,
  evolveScreening,
  isUnanswered,
  mayLogScreening,
  noScreening,
  notPresented,
  screeningCommand,
  type ScreeningCommand,
  type ScreeningState,
} from '#schema/screening.ts';
import { amara, beth, denis, health, idris, joan, leadHealth, mina, ref, today } from '../support/rules.ts';

const content = {
  consideredOn: today,
  whatHappened: 'seriously-harmed',
  account: 'A child of nine broke a leg on a trampoline.',
  consideredBy: 'Named nurse and consultant',
  whyNot: 'no-abuse-or-neglect',
  reason: 'Two adults saw it, and the injury fits.',
  instead: '',
} as const;
const log = { type: 'LogScreening', content } as const;
const sample = (view: 'agree' | 'ask' | 'present', screened = 1) =>
  ({ type: 'SampleScreening', agency: health.id, screened, view, note: 'Why was nobody asked?' }) as const;
const answer = (presentedAs = '') => ({ type: 'AnswerSample', screened: 1, answer: 'We asked.', presentedAs }) as const;
const facts = { today, cases: [ref] };

/** The log after these were recorded, each in an entry of its own. */
function after(...said: [ScreeningCommand, Actor][]): ScreeningState {
  return said.reduce((state, [command, by], index) => {
    const events = decideScreening(screeningCommand.parse(command), state, by, facts);
    if (isRefusal(events)) throw new Error(`${command.type} was refused: ${events.refused}`);
    const at = `2026-11-23T09:00:0${index}.000Z`;
    return events.reduce((folded, event) => evolveScreening(folded, event, index + 1, at, by), state);
  }, noScreening);
}
const refusal = (command: ScreeningCommand, state: ScreeningState, by: Actor) => {
  const said = decideScreening(command, state, by, facts);
  return isRefusal(said) ? said.refused : said.map(({ type }) => type).join();
};

describe('[M9] a case considered and not presented', () => {
  test('whoever works on cases or decides for an agency records it, with its reason', () => {
    for (const by of [amara, idris, denis]) {
      expect(decideScreening(log, noScreening, by, facts)).toEqual([{ type: 'CaseScreened', content }]);
      expect(mayLogScreening(by)).toBe(true);
    }
    expect(after([log, amara]).screened).toMatchObject([{ seq: 1, by: amara, content, presentedAs: null }]);
  });

  test.each([joan, beth, mina, leadHealth])('$role does not', (by) => {
    expect(refusal(log, noScreening, by)).toBe('NotYourRole');
    expect(refusal({ type: 'LogNoneConsidered', from: today, to: today }, noScreening, by)).toBe('NotYourRole');
    expect(mayLogScreening(by)).toBe(false);
  });

  test('not of a day that lies ahead, nor without a reason', () => {
    const ahead = { ...log, content: { ...content, consideredOn: '2026-11-24' } };
    expect(refusal(ahead, noScreening, amara)).toBe('DateInTheFuture');
    expect(screeningCommand.safeParse({ ...log, content: { ...content, reason: ' ' } }).success).toBe(false);
  });

  test('the Chair and the business unit read every log, people of an agency their own', () => {
    expect([joan, beth].map(screeningRead)).toEqual(['every', 'every']);
    expect([amara, idris, denis, mina, leadHealth].map(screeningRead)).toEqual(['own', 'own', 'own', 'own', 'own']);
  });
});

describe('[M9] nothing considered', () => {
  const none = (from: string, to: string) => ({ type: 'LogNoneConsidered', from, to }) as const;
  test('is said for days that have passed, in their order', () => {
    expect(refusal(none('2026-10-01', today), noScreening, amara)).toBe('NoneConsidered');
    expect(refusal(none('2026-10-01', '2026-11-24'), noScreening, amara)).toBe('DateInTheFuture');
    expect(refusal(none('2026-10-02', '2026-10-01'), noScreening, amara)).toBe('EndsBeforeItBegins');
  });
  test('is not said of days on which the log has a case', () => {
    const state = after([log, amara]);
    expect(refusal(none('2026-11-01', today), state, amara)).toBe('SomeWereConsidered');
    expect(refusal(none('2026-11-01', '2026-11-22'), state, amara)).toBe('NoneConsidered');
  });
});

describe('[M9] the Chair looks into some', () => {
  test('only the Chair, and only what is there', () => {
    const state = after([log, amara]);
    for (const by of [amara, beth, denis]) expect(refusal(sample('agree'), state, by)).toBe('OnlyTheChair');
    expect(refusal(sample('agree', 2), state, joan)).toBe('NoSuchScreening');
    expect(after([log, amara], [sample('agree'), joan]).screened[0]?.samples).toMatchObject([
      { view: 'agree', by: joan },
    ]);
  });

  test('a question or "it should be presented" waits for an answer, agreement does not', () => {
    const [agreed, asked, answered] = [
      after([log, amara], [sample('agree'), joan]),
      after([log, amara], [sample('present'), joan]),
      after([log, amara], [sample('present'), joan], [answer(), amara]),
    ].map(({ screened }) => screened[0] && isUnanswered(screened[0]));
    expect([agreed, asked, answered]).toEqual([false, true, false]);
  });

  test('nothing asked, nothing answered; answered once, until asked again', () => {
    expect(refusal(answer(), after([log, amara]), amara)).toBe('NothingAsked');
    const answered = after([log, amara], [sample('ask'), joan], [answer(), amara]);
    expect(refusal(answer(), answered, amara)).toBe('NothingAsked');
    expect(refusal({ ...answer(), screened: 9 }, answered, amara)).toBe('NoSuchScreening');
    const again = after([log, amara], [sample('ask'), joan], [answer(), amara], [sample('ask'), joan]);
    expect(refusal(answer(), again, amara)).toBe('SampleAnswered');
    expect(refusal(answer(), again, joan)).toBe('NotYourRole');
  });

  test('opened after all, it is named by a case that who answers is on', () => {
    const asked = after([log, amara], [sample('present'), joan]);
    expect(refusal(answer('SI-2026-2222'), asked, amara)).toBe('NotOnTheCaseNamed');
    expect(after([log, amara], [sample('present'), joan], [answer(ref), amara]).screened[0]?.presentedAs).toBe(ref);
  });
});

describe('[M9] every case considered is counted', () => {
  test('an agency that has said nothing is not one that had none', () => {
    expect(notPresented(noScreening)).toEqual({ notPresented: 0, upTo: null, unanswered: 0 });
    const none = { type: 'LogNoneConsidered', from: '2026-10-01', to: '2026-10-31' } as const;
    expect(notPresented(after([none, amara]))).toEqual({ notPresented: 0, upTo: '2026-10-31', unanswered: 0 });
  });
  test('what was opened after all counts as presented, once', () => {
    const two = after([log, amara], [log, amara], [sample('present'), joan]);
    expect(notPresented(two)).toEqual({ notPresented: 2, upTo: today, unanswered: 1 });
    const opened = after([log, amara], [log, amara], [sample('present'), joan], [answer(ref), amara]);
    expect(notPresented(opened)).toEqual({ notPresented: 1, upTo: today, unanswered: 0 });
  });
});
