/** The elements of the duty to notify: who answers, whose answer holds, and what follows from them, every way there is. */
import { describe, expect, test } from 'vitest';
import {
  elementIds,
  answersTo,
  firstElements,
  standingsOf,
  type ElementContent,
  type ElementId,
  type Standings,
} from '#schema/elements.ts';
import { conclude, contradictions, waitingFor } from '#schema/duty.ts';
import {
  amara,
  at,
  beth,
  decisionSigned,
  denis,
  given,
  idris,
  joan,
  onCase,
  opened,
  priya,
  tomas,
  wren,
} from '../support/rules.ts';

const says = (
  element: ElementId,
  answer: ElementContent['answer'],
  other: Partial<ElementContent> = {},
): ElementContent => ({
  element,
  answer,
  evidence: answer === 'not-known' ? '' : 'The hospital record says so.',
  source: answer === 'not-known' ? '' : 'Hospital record',
  missing: answer === 'not-known' ? 'The second scan' : '',
  from: answer === 'not-known' ? 'The consultant' : '',
  ...other,
});
const answer = (content: ElementContent) => ({ type: 'AnswerElement', content }) as const;
const answered = (by: typeof amara, content: ElementContent) =>
  ({ by, event: { type: 'ElementAnswered', content } }) as const;

describe('[M8] answering an element', () => {
  test.each([
    ['who speaks for Health', amara],
    ['who speaks for the local authority', tomas],
    ['Education, which is no statutory partner', wren],
  ])('%s may', (_, by) => {
    given(opened())
      .when(answer(says('died', 'no')), by)
      .gives({ type: 'ElementAnswered', content: says('died', 'no') });
  });

  test('a contributor on the case may', () => {
    given(opened([amara, tomas, priya, wren, denis, idris]))
      .when(answer(says('known', 'not-known')), idris)
      .givesTypes('ElementAnswered');
  });

  test.each([
    ['the Chair', joan],
    ['the decision-maker', denis],
    ['somebody who is not on the case', beth],
  ])('%s may not', (_, by) => {
    given(opened())
      .when(answer(says('died', 'no')), by)
      .isRefused('NotYourRole');
  });

  test('still after the decision: facts go on coming in', () => {
    given(opened(), decisionSigned())
      .when(answer(says('died', 'yes')), amara)
      .givesTypes('ElementAnswered');
  });

  test('yes and no need what shows it and where it comes from; not known yet needs what is missing and from whom', () => {
    const problems = (content: object) => {
      const parsed = given(opened());
      try {
        parsed.when({ type: 'AnswerElement', content } as never, amara);
        return [];
      } catch (error) {
        return (error as { issues: { path: string[]; message: string }[] }).issues.map(
          ({ path, message }) => `${path.join('.')}: ${message}`,
        );
      }
    };
    expect(problems({ element: 'died', answer: 'yes' })).toEqual([
      'content.evidence: Say what shows this',
      'content.source: Say where this comes from',
    ]);
    expect(problems({ element: 'died', answer: 'not-known' })).toEqual([
      'content.missing: Say what is missing',
      'content.from: Say who can tell us',
    ]);
    expect(problems(says('died', 'no'))).toEqual([]);
  });

  test("an agency's latest answer holds and its earlier ones stay; another agency's stands beside it", () => {
    const { state } = given(
      opened(),
      answered(amara, says('died', 'not-known')),
      at('2026-11-23T10:00:00.000Z', answered(priya, says('died', 'no'))),
      answered(idris, says('died', 'no')),
    );
    const rows = answersTo(state.elements, 'died');
    expect(rows.map(({ agency, latest, earlier }) => [agency.name, latest.content.answer, earlier.length])).toEqual([
      ['Health', 'no', 1],
      ['Police', 'no', 0],
    ]);
    expect(rows[0]?.latest.by).toEqual(idris);
    expect(standingsOf(state.elements).died).toBe('no');
  });

  test('where agencies differ, nothing is settled, and the screen is told who says what', () => {
    const { state } = given(opened(), answered(amara, says('died', 'yes')), answered(priya, says('died', 'no')));
    expect(standingsOf(state.elements).died).toBe('differs');
    expect(waitingFor(state.elements, 'died')).toMatchObject({
      why: 'differs',
      answers: [
        { agency: 'Health', answer: 'yes' },
        { agency: 'Police', answer: 'no' },
      ],
    });
  });

  test('what is not known says what is missing and from whom', () => {
    const { state } = given(opened(), answered(amara, says('seriously-harmed', 'not-known')));
    expect(waitingFor(state.elements, 'seriously-harmed')).toEqual({
      element: 'seriously-harmed',
      why: 'not-known',
      missing: [{ agency: 'Health', what: 'The second scan', from: 'The consultant' }],
      answers: [{ agency: 'Health', answer: 'not-known' }],
    });
    expect(waitingFor(state.elements, 'known')?.why).toBe('not-answered');
    const settled = given(opened(), answered(amara, says('known', 'yes')));
    expect(waitingFor(settled.state.elements, 'known')).toBeNull();
  });

  test('a person who is told of the case carries no cover into its record', () => {
    expect(onCase(amara)).not.toHaveProperty('covers');
  });
});

const panelElements = [
  'child',
  'known',
  'suspected',
  'died',
  'seriously-harmed',
  'this-area',
  'outside-england',
] as const;
const none = Object.fromEntries(elementIds.map((id) => [id, 'not-answered'])) as Record<
  ElementId,
  Standings[ElementId]
>;
/** The test of the law in the plainest words, over answers that are all known. */
const law = (is: Record<string, boolean>) =>
  is['child'] &&
  (is['known'] || is['suspected']) &&
  (is['died'] || is['seriously-harmed']) &&
  (is['this-area'] || is['outside-england']);

/** Every way to answer `ids` with `values`. */
function* every<Value>(ids: readonly string[], values: readonly Value[]): Generator<Record<string, Value>> {
  for (let way = 0; way < values.length ** ids.length; way += 1) {
    yield Object.fromEntries(
      ids.map((id, place) => [id, values[Math.floor(way / values.length ** place) % values.length] as Value]),
    );
  }
}

describe('what the elements come to', () => {
  test('[EL-1 to EL-7] notify the Panel, in all 2,187 ways to answer: yes, no, or every element that could still change it', () => {
    let ways = 0;
    for (const given of every(panelElements, ['yes', 'no', 'not-known'] as const)) {
      ways += 1;
      const open = panelElements.filter((id) => given[id] === 'not-known');
      const known = Object.fromEntries(panelElements.map((id) => [id, given[id] === 'yes']));
      const outcomes = [...every(open, [true, false])].map((rest) => Boolean(law({ ...known, ...rest })));
      const conclusion = conclude('panel', { ...none, ...given } as Standings);
      if (new Set(outcomes).size === 1) {
        expect(conclusion, JSON.stringify(given)).toEqual({ says: outcomes[0] ? 'yes' : 'no' });
        continue;
      }
      const deciding = open.filter((id) =>
        [...every(open, [true, false])].some(
          (rest) => law({ ...known, ...rest, [id]: true }) !== law({ ...known, ...rest, [id]: false }),
        ),
      );
      expect(conclusion, JSON.stringify(given)).toEqual({ says: 'not-yet', because: deciding });
    }
    expect(ways).toBe(2187);
  });

  test('[EL-8, EL-9, EL-10] no other element changes what the Panel’s test says', () => {
    const yes = Object.fromEntries(panelElements.map((id) => [id, 'yes']));
    for (const given of every(
      ['another-authority', 'looked-after-died', 'care-leaver-died'],
      ['yes', 'no', 'not-known'],
    )) {
      expect(conclude('panel', { ...none, ...yes, ...given } as Standings)).toEqual({ says: 'yes' });
    }
  });

  test.each([
    ['[EL-9] the Secretary of State and Ofsted must be told', 'death-in-care', 'looked-after-died'],
    ['[EL-10] the Secretary of State and Ofsted should be told', 'care-leaver', 'care-leaver-died'],
  ] as const)('%s by this element alone, whatever the others say', (_, duty, element) => {
    for (const other of ['yes', 'no', 'not-known', 'differs', 'not-answered'] as const) {
      const rest = Object.fromEntries(elementIds.map((id) => [id, other])) as Record<ElementId, Standings[ElementId]>;
      expect(conclude(duty, { ...rest, [element]: 'yes' })).toEqual({ says: 'yes' });
      expect(conclude(duty, { ...rest, [element]: 'no' })).toEqual({ says: 'no' });
      for (const open of ['not-known', 'differs', 'not-answered'] as const) {
        expect(conclude(duty, { ...rest, [element]: open })).toEqual({ says: 'not-yet', because: [element] });
      }
    }
  });

  test('[EL-2, EL-3] suspicion alone is enough, and a recovered child may still have been harmed', () => {
    const base = { ...none, child: 'yes', 'seriously-harmed': 'yes', 'this-area': 'yes' } as const;
    expect(conclude('panel', { ...base, known: 'no', suspected: 'yes' })).toEqual({ says: 'yes' });
    expect(conclude('panel', { ...base, suspected: 'yes' })).toEqual({ says: 'yes' });
    expect(firstElements.find(({ id }) => id === 'seriously-harmed')?.rule).toContain('recovers');
  });

  test('a difference between agencies holds a conclusion open as an unknown does', () => {
    const yes = Object.fromEntries(panelElements.map((id) => [id, 'yes']));
    expect(conclude('panel', { ...none, ...yes, child: 'differs' } as Standings)).toEqual({
      says: 'not-yet',
      because: ['child'],
    });
  });

  test('[EL-6, EL-7, EL-8] two places at once are said to contradict each other; so is a death that did not happen', () => {
    expect(contradictions({ ...none, 'this-area': 'yes' })).toEqual([]);
    expect(contradictions({ ...none, 'this-area': 'yes', 'another-authority': 'yes' })[0]).toContain(
      'more than one place',
    );
    expect(contradictions({ ...none, died: 'no', 'looked-after-died': 'yes' })[0]).toContain('has not died');
    expect(contradictions({ ...none, died: 'no', 'looked-after-died': 'no' })).toEqual([]);
  });

  test('[M8] the wording has each element once, numbered in order, with its source', () => {
    expect(firstElements.map(({ id }) => id)).toEqual([...elementIds]);
    expect(firstElements.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const { source } of firstElements) expect(source).toMatch(/Children Act 2004|Working Together/);
  });
});
