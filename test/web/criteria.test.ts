/** What the elements come to, which authority notifies and where a clock stands, as they are said. */
import { describe, expect, test } from 'vitest';
import type { Place } from '#schema/case.ts';
import { notifyBy } from '#schema/clock.ts';
import type { Clock } from '#schema/clocks.ts';
import { firstElements, type ElementContent } from '#schema/elements.ts';
import { sayAdvice, sayAlerts, sayAuthority, sayClock } from '#lib/criteria/say.ts';
import { amara, given, holidays, opened, priya } from '../support/rules.ts';

const answered = (by: typeof amara, element: ElementContent['element'], answer: ElementContent['answer']) => {
  const said =
    answer === 'not-known' ? { evidence: '', source: '' } : { evidence: 'It is recorded.', source: 'The ward' };
  const lacks =
    answer === 'not-known' ? { missing: 'The second scan', from: 'the consultant' } : { missing: '', from: '' };
  return { by, event: { type: 'ElementAnswered', content: { element, answer, ...said, ...lacks } } } as const;
};
const advice = (...history: Parameters<typeof given>) =>
  sayAdvice('panel', given(opened(), ...history).state.elements, firstElements);

describe('[M8] what the answers come to', () => {
  const most = [
    answered(amara, 'child', 'yes'),
    answered(amara, 'suspected', 'yes'),
    answered(amara, 'this-area', 'yes'),
    answered(amara, 'died', 'no'),
  ];
  test('yes, and that a rapid review follows', () => {
    expect(advice(most, answered(amara, 'seriously-harmed', 'yes')).sentence).toContain('must notify');
  });
  test('no', () => {
    expect(advice(most, answered(amara, 'seriously-harmed', 'no')).sentence).toContain('does not arise');
  });
  test('not yet: what is missing and from whom, and nothing that no longer matters', () => {
    expect(advice(most, answered(amara, 'seriously-harmed', 'not-known')).because).toEqual([
      'element 5 (seriously harmed): it is not known yet. Health waits for: The second scan. Who can tell: the consultant.',
    ]);
  });
  test('not yet: who differs', () => {
    expect(
      advice(most, answered(amara, 'seriously-harmed', 'yes'), answered(priya, 'seriously-harmed', 'no')).because,
    ).toEqual(['element 5 (seriously harmed): Health says yes and Police says no.']);
  });
  test('not yet: nobody has answered', () => {
    expect(advice(most).because).toEqual(['element 5 (seriously harmed): nobody has answered it yet.']);
  });
  test('not yet: nobody has answered several, which is said once, after what was answered', () => {
    expect(advice(answered(amara, 'child', 'yes'), answered(amara, 'suspected', 'not-known')).because).toEqual([
      'element 3 (abuse or neglect suspected): it is not known yet. Health waits for: The second scan. Who can tell: the consultant.',
      'elements 2 (abuse or neglect known), 4 (died), 5 (seriously harmed), 6 (in this area) and 7 (outside England, living here): nobody has answered these yet.',
    ]);
  });
});

describe('[M8] which authority notifies, in all sixteen ways', () => {
  const places = ['this-area', 'elsewhere-in-england', 'outside-england', 'not-known'] as const;
  const said = (incidentPlace: (typeof places)[number], homePlace: (typeof places)[number]) =>
    sayAuthority({ incidentPlace, homePlace });
  test.each(places)('in this area, living %s: this authority, by (a)', (home) => {
    expect(said('this-area', home).sentence).toBe('This authority notifies.');
    expect(said('this-area', home).why).toContain('16C(1)(a)');
  });
  test.each(places)('elsewhere in England, living %s: another, by (a)', (home) => {
    expect(said('elsewhere-in-england', home).sentence).toContain('Another authority notifies');
    expect(said('elsewhere-in-england', home).why).toContain('16C(1)(a)');
  });
  test.each([
    ['this-area', 'This authority notifies.'],
    ['elsewhere-in-england', 'Another authority notifies. Tell it, and hand the case over.'],
    ['outside-england', 'It cannot be said yet which authority notifies.'],
    ['not-known', 'It cannot be said yet which authority notifies.'],
  ] as const)('outside England, living %s: by (b)', (home, sentence) => {
    expect(said('outside-england', home).sentence).toBe(sentence);
  });
  test.each(places)('where it happened is not known, living %s: not yet', (home) => {
    expect(said('not-known', home).sentence).toContain('cannot be said yet');
  });
});

describe('[M10] where a clock stands', () => {
  const clock: Clock = {
    id: 'notify',
    title: 'Notify the Panel',
    statutory: true,
    began: 'the local authority became aware',
    last: 'the last day to notify',
    rule: 'Five working days.',
    deadline: notifyBy('2026-11-20', holidays),
    ended: null,
  };
  test('what is left, or how it ended, and late is said', () => {
    expect(sayClock(clock, '2026-11-25', holidays)).toBe('Friday 27 November 2026 (2 working days left)');
    expect(
      sayClock({ ...clock, ended: { on: '2026-11-27', because: 'Notification sent' } }, '2026-11-30', holidays),
    ).toBe('Notification sent, Friday 27 November 2026');
    expect(
      sayClock({ ...clock, ended: { on: '2026-11-30', because: 'Notification sent' } }, '2026-11-30', holidays),
    ).toBe('Notification sent, Monday 30 November 2026, after its last day, Friday 27 November 2026');
  });
  test('when people are told', () => {
    expect(sayAlerts(clock, '2026-11-25')).toEqual([
      'Wednesday 25 November 2026, 8am: half of the time has passed',
      'Thursday 26 November 2026, 8am: one full day is left after this one',
      'Friday 27 November 2026, 8am: it is the last day',
    ]);
    expect(sayAlerts(clock, '2026-11-27'), 'what is over is not said to be ahead').toEqual([
      'Friday 27 November 2026, 8am: it is the last day',
    ]);
    expect(sayAlerts({ ...clock, ended: { on: '2026-11-25', because: 'Notification sent' } }, '2026-11-25')).toEqual(
      [],
    );
  });
});

describe('[M9] elements 6 to 8 say which authority notifies where it was not known', () => {
  const said = (incidentPlace: Place, ...history: Parameters<typeof given>) =>
    sayAuthority({ incidentPlace, homePlace: 'not-known' }, given(opened(), ...history).state.elements);
  test.each([
    ['this-area', 'This authority notifies.'],
    ['outside-england', 'This authority notifies.'],
    ['another-authority', 'Another authority notifies. Tell it, and hand the case over.'],
  ] as const)('%s: %s', (element, sentence) => {
    expect(said('not-known', answered(amara, element, 'yes'))).toMatchObject({ sentence, differs: '' });
    expect(said('not-known', answered(amara, element, 'yes')).why).toContain('elements 6, 7 and 8');
  });
  test('England keeps its capital', () => {
    expect(sayAuthority({ incidentPlace: 'elsewhere-in-england', homePlace: 'this-area' }).why).toContain(
      'It happened: elsewhere in England. The child normally lives: in this area.',
    );
  });
  test('not while agencies differ, or two places are said', () => {
    for (const other of [answered(priya, 'this-area', 'no'), answered(priya, 'another-authority', 'yes')]) {
      expect(said('not-known', answered(amara, 'this-area', 'yes'), other).sentence).toContain('cannot be said yet');
    }
  });
  test('what was raised holds, and that they differ is shown', () => {
    for (const differing of [answered(amara, 'this-area', 'no'), answered(amara, 'another-authority', 'yes')]) {
      expect(said('this-area', differing)).toMatchObject({
        sentence: 'This authority notifies.',
        differs: expect.stringContaining('differ'),
      });
    }
    expect(said('this-area', answered(amara, 'this-area', 'yes')).differs).toBe('');
  });
});
